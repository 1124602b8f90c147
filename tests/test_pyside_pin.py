"""PySide6 6.12.0 drops references to True and None and aborts Python 3.11; the pinned version must not."""

import subprocess
import sys

WORK = """
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel

class Emitter(QObject):
    changed = Signal(int)

application = QApplication([])
emitter, label = Emitter(), QLabel()
for number in range(100_000):
    emitter.changed.emit(number)
for number in range(200_000):
    label.setText("甲" if number % 2 else "乙")
print(label.text())
"""


def test_a_hundred_thousand_signals_and_two_hundred_thousand_texts_are_survived():
    done = subprocess.run([sys.executable, "-c", WORK], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "甲", "")
