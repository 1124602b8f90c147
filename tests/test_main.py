import subprocess
import sys

import pytest

from onewindow_desk import __version__
from onewindow_desk.devices.reader.limits import HELPER_FLAG, Limits


def desk(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "onewindow_desk", *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=60)


def test_it_says_its_version():
    done = desk("--version")
    assert done.returncode == 0
    assert done.stdout.decode().strip() == __version__


@pytest.mark.parametrize("wrong", [("--nothing",), ("--self-test", "--demo", "x")])
def test_words_it_does_not_know_are_refused(wrong):
    assert desk(*wrong).returncode == 2


def test_it_can_be_its_own_reading_helper():
    words = tuple(str(word) for word in Limits())
    done = desk(HELPER_FLAG, *words, data=b"not a picture")
    assert b"Traceback" not in done.stderr
    assert done.stdout
