import sys
import threading

import pytest

from onewindow_desk.background import Background
from onewindow_desk.faults import Refusal, Unreachable


@pytest.fixture
def background(qapp):
    pool = Background()
    yield pool
    pool.close()
    pool.deleteLater()


def test_work_runs_elsewhere_and_its_answer_comes_to_the_main_thread(qtbot, background):
    threads = []

    def work():
        threads.append(threading.current_thread())
        return 42

    answers = []
    background.run(work, lambda answer: answers.append((answer, threading.current_thread())), answers.append)
    qtbot.waitUntil(lambda: not background.busy)
    assert answers == [(42, threading.main_thread())]
    assert threads[0] is not threading.main_thread()


@pytest.mark.parametrize("trouble", [Refusal("请放纸。"), Unreachable("扫描仪没有应答。")])
def test_what_the_person_can_put_right_goes_to_otherwise(qtbot, background, trouble):
    def work():
        raise trouble

    said: list[object] = []
    background.run(work, said.append, lambda found: said.append(("trouble", found)))
    qtbot.waitUntil(lambda: not background.busy)
    assert said == [("trouble", trouble)]


def test_a_fault_goes_to_the_hook(qtbot, background, monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: caught.append(kind))
    background.run(lambda: 1 // 0, lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: not background.busy)
    assert caught == [ZeroDivisionError]
