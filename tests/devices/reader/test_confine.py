"""What the helper can no longer do, tried from the inside."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from onewindow_desk.devices.reader.client import confinement
from onewindow_desk.devices.reader.confine import Confinement, filter_program

SOURCES = Path(__file__).parents[3] / "src"
CONFINED = """
import ctypes, os, socket, subprocess, sys
from onewindow_desk.devices.reader.confine import confine
from onewindow_desk.devices.reader.limits import STANDARD
parent = os.getppid()
reached = confine(STANDARD)
def attempt():
    {attempt}
try:
    attempt()
except (OSError, MemoryError) as error:
    answer = type(error).__name__
else:
    answer = "done"
sys.stdout.write(f"{{int(reached)}} {{answer}}")
"""


def inside(attempt: str) -> tuple[Confinement, str]:
    """Try something in a confined process; what was reached and how it went."""
    done = subprocess.run(
        [sys.executable, "-c", CONFINED.format(attempt=attempt)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(SOURCES)},
    )
    reached, _, answer = done.stdout.partition(" ")
    return Confinement(int(reached)), answer


linux_on_amd64 = platform.system() == "Linux" and platform.machine() == "x86_64"


def test_helper_reports_full_confinement_here():
    assert linux_on_amd64, "the filter is written for Linux on x86-64; see docs/decisions/0042"
    assert confinement() == Confinement.MEMORY | Confinement.NETWORK | Confinement.FILES


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "socket.socketpair()",
        "open('/dev/shm/left-behind', 'w')",
        "os.open('/dev/null', os.O_RDWR)",
        "os.unlink('/dev/shm/left-behind')",
        "os.mkdir('/dev/shm/left-behind')",
        "os.rename('/dev/shm/a', '/dev/shm/b')",
        "os.chmod('/dev/null', 0o666)",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(parent, 0)",
        "os.setuid(0)",
        "os.memfd_create('x')",
    ],
)
def test_forbidden_calls_do_nothing(attempt):
    assert inside(attempt)[1] == "PermissionError"


def test_memory_ends():
    assert inside("bytearray(2 << 30)")[1] == "MemoryError"


def test_fonts_may_still_be_read():
    assert inside("open('/etc/passwd').read()")[1] == "done"


def test_calls_of_another_architecture_are_not_let_through():
    # The 32-bit calls have other numbers: the filter must look at the architecture first.
    first_three = filter_program(1)[:24]
    assert first_three[4:8] == (4).to_bytes(4, "little")
    assert first_three[-4:] == (0x80000000).to_bytes(4, "little")
