"""A private print system: CUPS and IPP printers on this computer's loopback, started and stopped by a test.

ippeveprinter insists on Avahi and a system bus even when it announces nothing, so both are started too, on a
bus of their own. Run as a script, not imported: `ipp.py FOLDER` prints one line of JSON when all is up and
stops everything when its standard input ends.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

Process = subprocess.Popen[bytes]

BUS = """<busconfig><type>system</type><listen>unix:path={folder}/bus</listen>
<auth>EXTERNAL</auth><auth>ANONYMOUS</auth><allow_anonymous/>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/>
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>"""

AVAHI = """[server]
use-ipv6=no
allow-interfaces=lo
enable-dbus=yes
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation=no
"""

CUPS_FILES = """ServerRoot {folder}/cups
CacheDir {folder}/cups/cache
StateDir {folder}/cups/state
RequestRoot {folder}/cups/spool
TempDir {folder}/cups/tmp
Printcap
AccessLog {folder}/cups/access
ErrorLog {folder}/cups/error
PageLog {folder}/cups/page
SystemGroup root
"""

CUPSD = """Listen 127.0.0.1:{port}
Browsing No
DefaultShared No
WebInterface No
LogLevel warn
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""

PAPERS = {"A4": (595.276, 841.890), "A5": (419.528, 595.276)}
"""Width and height in points."""

PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "COUNTER.PPD"
*Manufacturer: "Test"
*Product: "(Counter)"
*ModelName: "Test Counter"
*ShortNickName: "Test Counter"
*NickName: "Test Counter"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: {colour}
*DefaultColorSpace: {space}
*cupsFilter2: "application/pdf application/pdf 0 -"
*OpenUI *PageSize/Paper: PickOne
*DefaultPageSize: A4
{sizes}
*CloseUI: *PageSize
*DefaultImageableArea: A4
{areas}
*DefaultPaperDimension: A4
{dimensions}
*OpenUI *ColorModel/Colour: PickOne
*DefaultColorModel: {model}
{models}
*CloseUI: *ColorModel
*OpenUI *Resolution/Resolution: PickOne
*DefaultResolution: 600dpi
*Resolution 600dpi/600 dpi: "<</HWResolution[600 600]>>setpagedevice"
*CloseUI: *Resolution
"""


def ppd(papers: list[str], *, colour: bool) -> str:
    """A printer's description with 4 mm margins."""
    rows = [(name, *PAPERS[name]) for name in papers]
    models = ["Gray", "RGB"] if colour else ["Gray"]
    return PPD.format(
        colour=colour,
        space="RGB" if colour else "Gray",
        model=models[-1],
        models="\n".join(
            f'*ColorModel {one}/{one}: "<</cupsBitsPerColor 8>>setpagedevice"' for one in models
        ),
        sizes="\n".join(f'*PageSize {n}/{n}: "<</PageSize[{w} {h}]>>setpagedevice"' for n, w, h in rows),
        areas="\n".join(f'*ImageableArea {n}/{n}: "12 12 {w - 12} {h - 12}"' for n, w, h in rows),
        dimensions="\n".join(f'*PaperDimension {n}/{n}: "{w} {h}"' for n, w, h in rows),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port_or_path: int | Path, process: Process) -> None:
    """Until something listens there; gives up after 20 s or when the process is gone."""
    kind = socket.AF_UNIX if isinstance(port_or_path, Path) else socket.AF_INET
    where = str(port_or_path) if isinstance(port_or_path, Path) else ("127.0.0.1", port_or_path)
    for _ in range(400):
        with socket.socket(kind) as probe, contextlib.suppress(OSError):
            probe.connect(where)
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"{process.args!r} does not answer")


class PrintSystem:
    """All the daemons of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[Process] = []
        self.environment = dict(os.environ)

    def spawn(self, *command: str) -> Process:
        with (self.folder / f"{Path(command[0]).name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment
            )
        self.running.append(process)
        return process

    def start_bus(self) -> None:
        """A system bus and Avahi of our own, unless this computer already runs Avahi."""
        if subprocess.run(["avahi-daemon", "--check"], check=False, capture_output=True).returncode == 0:
            return
        (self.folder / "bus.conf").write_text(BUS.format(folder=self.folder))
        (self.folder / "avahi.conf").write_text(AVAHI)
        bus = self.spawn("dbus-daemon", f"--config-file={self.folder}/bus.conf", "--nofork")
        wait_for(self.folder / "bus", bus)
        self.environment["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={self.folder}/bus"
        daemon = f"avahi-daemon -f {self.folder}/avahi.conf --no-drop-root --no-chroot --no-rlimits"
        log = self.folder / ("avahi-daemon.log" if os.geteuid() == 0 else "unshare.log")
        if os.geteuid() == 0:
            self.spawn(*daemon.split())
        else:
            # It wants a folder under /run owned by its account: we are that account in a world of our own.
            user, group = os.getuid(), os.getgid()
            (self.folder / "passwd").write_text(f"avahi:x:{user}:{group}::/:/bin/false\n")
            (self.folder / "group").write_text(f"avahi:x:{group}:\n")
            own = " && ".join(
                (
                    "mount -t tmpfs none /run",
                    f"mount --bind {self.folder}/passwd /etc/passwd",
                    f"mount --bind {self.folder}/group /etc/group",
                    f"exec {daemon}",
                )
            )
            self.spawn("unshare", "-m", "--map-current-user", "--keep-caps", "sh", "-c", own)
        for _ in range(400):
            if "startup complete" in log.read_text():
                return
            time.sleep(0.05)
        raise SystemExit("avahi-daemon does not start")

    def start_cups(self) -> int:
        for name in ("cache", "state", "spool", "tmp", "ppd"):
            (self.folder / "cups" / name).mkdir(parents=True)
        port = free_port()
        (self.folder / "cups/cups-files.conf").write_text(CUPS_FILES.format(folder=self.folder))
        (self.folder / "cups/cupsd.conf").write_text(CUPSD.format(port=port))
        cups = self.folder / "cups"
        wait_for(port, self.spawn("cupsd", "-f", "-c", f"{cups}/cupsd.conf", "-s", f"{cups}/cups-files.conf"))
        return port

    def start_printer(self, name: str, cups: int, papers: list[str], *, colour: bool) -> Path:
        """An IPP printer with a queue in CUPS; returns the folder its jobs arrive in."""
        spool, description = self.folder / name, self.folder / f"{name}.ppd"
        spool.mkdir()
        description.write_text(ppd(papers, colour=colour))
        port = free_port()
        # It keeps each job's file and hands it to a command that does nothing.
        command = (
            f"ippeveprinter -r off -n localhost -p {port} -P {description} -c /bin/true -k -d {spool} {name}"
        )
        wait_for(port, self.spawn(*command.split()))
        device = f"ipp://localhost:{port}/ipp/print"
        queue = ["lpadmin", "-h", f"127.0.0.1:{cups}", "-p", name, "-E", "-v", device, "-m", "everywhere"]
        subprocess.run(queue, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return spool

    def stop(self) -> None:
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.running):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def main(folder: Path) -> None:
    # Daemons live where only administrators look by default.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    system = PrintSystem(folder)
    try:
        system.start_bus()
        cups = system.start_cups()
        spools = {
            "Colour": str(system.start_printer("Colour", cups, ["A4", "A5"], colour=True)),
            "OnlyA4": str(system.start_printer("OnlyA4", cups, ["A4"], colour=False)),
        }
        print(json.dumps({"server": f"127.0.0.1:{cups}", "spools": spools}), flush=True)
        sys.stdin.read()
    finally:
        system.stop()


main(Path(sys.argv[1]))
