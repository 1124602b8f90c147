"""The one dialog that may stop a person: something nobody foresaw, with a number to tell.

Bad news says what is safe: what was confirmed is in the store already.
"""

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from onewindow_desk._built.ui_fault_notice import Ui_FaultNotice
from onewindow_desk.workspaces.shared.forms import dress


class FaultNotice(QDialog):
    """Words, the reference number, 保存日志 and 接着办. `log` is the file that can be saved."""

    def __init__(self, parent: QWidget | None, log: Path) -> None:
        super().__init__(parent)
        self._log = log
        self._ui = Ui_FaultNotice()
        self._ui.setupUi(self)
        dress(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._ui.save.clicked.connect(self._choose)
        self._ui.goOn.clicked.connect(self.accept)

    def say(self, reference: str, text: str) -> None:
        """Show a fault by its number, or, without one, the words of what the person can put right."""
        self._ui.title.setText(self.tr("这一步没有做完") if reference else self.tr("这里要您看一下"))
        words = self.tr(
            "遇到了没有预料到的情况。已确认的办件都存在本机，没有丢失；可以接着办。"
            "再遇到时，请把编号 %1 告诉管理员。"
        )
        self._ui.words.setText(words.replace("%1", reference) if reference else text)
        self._ui.save.setVisible(bool(reference))
        self._ui.goOn.setFocus(Qt.FocusReason.PopupFocusReason)

    def save(self, target: Path) -> None:
        """Copy the log to a file; says so when that could not be done."""
        try:
            shutil.copyfile(self._log, target)
        except OSError:
            self._ui.words.setText(self.tr("日志没有存到那里。请换一个文件夹再存。"))
            return
        self._ui.words.setText(self.tr("日志已保存，请交给管理员。"))

    def _choose(self) -> None:
        chooser = QFileDialog(self, self.tr("保存日志"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.selectFile("desk.log")
        chooser.fileSelected.connect(self._chosen)
        chooser.open()

    def _chosen(self, name: str) -> None:
        self.save(Path(name))


def show_fault(parent: QWidget, log: Path, reference: str, text: str) -> None:
    """Tell what reached the top. A second one while the first is on screen takes its place."""
    notice = parent.findChild(FaultNotice) or FaultNotice(parent, log)
    notice.say(reference, text)
    notice.open()
