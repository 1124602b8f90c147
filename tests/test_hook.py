import sys
import threading

import pytest

from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.hook import FaultHook, close_log, start_log, without_values


@pytest.fixture
def told(qapp, tmp_path):
    said = []
    hook = FaultHook(lambda reference, text: said.append((reference, text)))
    path = start_log(tmp_path)
    before = sys.excepthook, threading.excepthook
    hook.install()
    yield said, path
    hook.remove()
    sys.excepthook, threading.excepthook = before
    close_log()
    hook.deleteLater()


def raised(trouble):
    try:
        raise trouble
    except type(trouble) as caught:
        return caught


def throw(trouble):
    sys.excepthook(type(trouble), trouble, trouble.__traceback__)


def test_a_fault_gets_a_number_on_screen_and_in_the_log(qtbot, told):
    said, path = told
    throw(raised(ValueError("320115199001010012 钱样安")))
    qtbot.waitUntil(lambda: len(said) == 1)
    reference, text = said[0]
    log = path.read_text(encoding="utf-8")
    assert reference in log
    assert text == ""
    assert "ValueError" in log
    assert "钱样安" not in log
    assert "320115199001010012" not in log


def test_a_fault_on_any_thread_gets_its_number_too(qtbot, told):
    said, path = told
    thread = threading.Thread(target=lambda: {"a": 1}["钱样安"])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(said) == 1)
    log = path.read_text(encoding="utf-8")
    assert said[0][0] in log
    assert "KeyError" in log
    assert "钱样安" not in log


def test_our_own_words_are_logged_and_causes_named():
    try:
        try:
            raise KeyError("钱样安")
        except KeyError as cause:
            raise Fault("the chain is short") from cause
    except Fault as fault:
        words = without_values(fault)
    assert "the chain is short" in words
    assert "KeyError" in words
    assert "钱样安" not in words


def test_a_refusal_that_nobody_showed_is_shown_in_its_own_words(qtbot, told):
    said, path = told
    throw(raised(Refusal("磁盘已满。请清理。")))
    qtbot.waitUntil(lambda: said == [("", "磁盘已满。请清理。")])
    assert path.read_text() == ""
