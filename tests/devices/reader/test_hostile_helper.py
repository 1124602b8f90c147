"""A helper that was taken over can neither hang nor fool nor flood the desk."""

import os
import sys
import threading

import pytest

from onewindow_desk.devices.reader.client import helper_command, open_untrusted
from onewindow_desk.devices.reader.limits import HELPER_FLAG, Limits
from onewindow_desk.faults import Fault, Refusal

HELLO = "import sys,struct,os\nout=sys.stdout.buffer\n"
CONFINED = HELLO + "out.write(struct.pack('>cI',b'C',1)+bytes([7]))\nout.flush()\n"
PAGE = "out.write(struct.pack('>cI',b'P',9+4)+struct.pack('>cII',b'L',2,2)+b'abcd')\n"
SPIN = "out.flush()\nwhile True: pass"
END = "out.write(struct.pack('>cI',b'E',0))\n"
PICTURE = b"\xff\xd8\xff"
HASTY = Limits(page_seconds=2.0, total_seconds=20)


def helper(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def gone(pid_file) -> bool:
    try:
        os.kill(int(pid_file.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def test_well_behaved_stand_in_is_believed():
    (page,) = open_untrusted(PICTURE, command=helper(CONFINED + PAGE + END))
    assert (page.width, page.height) == (2, 2)


def test_helper_that_hangs_is_killed_on_time(tmp_path):
    pid = tmp_path / "pid"
    code = HELLO + f"open({str(pid)!r},'w').write(str(os.getpid()))\n" + CONFINED + SPIN
    with pytest.raises(Refusal, match="读不完"):
        open_untrusted(PICTURE, limits=HASTY, command=helper(code))
    assert gone(pid)


def test_helper_that_takes_no_input_is_killed_on_time(tmp_path):
    # The pipe is full long before 20 MB are through.
    with pytest.raises(Refusal, match="读不完"):
        open_untrusted(PICTURE + bytes(20_000_000), limits=HASTY, command=helper(CONFINED + SPIN))


def test_drip_of_pages_ends_at_the_total(tmp_path):
    limits = Limits(page_seconds=30, total_seconds=0.7)
    with pytest.raises(Refusal, match="读不完"):
        open_untrusted(PICTURE, limits=limits, command=helper(CONFINED + PAGE + SPIN))


def test_person_who_gives_up_is_obeyed(tmp_path):
    pid = tmp_path / "pid"
    code = HELLO + f"open({str(pid)!r},'w').write(str(os.getpid()))\n" + CONFINED + PAGE
    code += SPIN
    gave_up = threading.Event()
    with pytest.raises(Refusal, match="已停止"):
        open_untrusted(
            PICTURE, cancelled=gave_up.is_set, progress=lambda _: gave_up.set(), command=helper(code)
        )
    assert gone(pid)


@pytest.mark.parametrize(
    "said",
    [
        "",
        PAGE,
        PAGE + "out.write(b'E')\n",
        "out.write(b'X'*1000)\n",
        "out.write(struct.pack('>cI',b'P',0xffffffff))\n",
        "out.write(struct.pack('>cI',b'P',9)+struct.pack('>cII',b'L',5000,5000))\n",
        "out.write(struct.pack('>cI',b'P',10)+struct.pack('>cII',b'L',1,2)+b'a')\n",
        "out.write(struct.pack('>cI',b'Q',0))\n",
        "out.write(struct.pack('>cI',b'R',5)+b'hello')\n",
        "out.flush()\nos.kill(os.getpid(),11)\n",
        "out.flush()\nos.abort()\n",
    ],
)
def test_lies_and_deaths_are_a_damaged_file(said):
    with pytest.raises(Refusal, match="已损坏"):
        open_untrusted(PICTURE, command=helper(CONFINED + said))


def test_flood_of_pages_stops_at_the_limit():
    limits = Limits(max_pages=3, page_seconds=20)
    with pytest.raises(Refusal, match="已损坏"):
        open_untrusted(PICTURE, limits=limits, command=helper(CONFINED + "while True:\n " + PAGE))


@pytest.mark.parametrize("code", ["raise SystemExit(3)", HELLO + "out.write(b'hello desk, how are you')"])
def test_helper_that_does_not_start_is_our_fault(code):
    with pytest.raises(Fault):
        open_untrusted(PICTURE, command=helper(code))


def test_helper_inherits_nothing_secret(monkeypatch):
    monkeypatch.setenv("DESK_SECRET", "42")
    code = HELLO + "assert 'DESK_SECRET' not in os.environ\n" + CONFINED + PAGE + END
    assert len(open_untrusted(PICTURE, command=helper(code))) == 1


def test_frozen_program_is_its_own_helper(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert helper_command() == (sys.executable, HELPER_FLAG)
