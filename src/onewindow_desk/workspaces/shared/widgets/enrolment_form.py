"""The four fields of an invitation: where the central is, whose certificate, the ticket, the desk's label.

Used before the work, where this machine gets its first store, and by the system administrator of a
street that worked alone until now.
"""

import re
from pathlib import Path

from PySide6.QtCore import QEvent, QFileInfo, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from onewindow_desk._built.ui_enrolment_form import Ui_EnrolmentForm
from onewindow_desk.faults import Refusal
from onewindow_desk.services.enrolment import Invitation, check_invitation
from onewindow_desk.settings import CentralAddress
from onewindow_desk.workspaces.shared.enter_walk import EnterWalk
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.field import Field

PORT = 5432
_BETWEEN = re.compile(r"[\s,，;；、]+")
_CAPTION = 20
_LARGEST = 1_000_000
"""Bytes; a certificate is a few thousand."""


class EnrolmentForm(QWidget):
    """`finished` says that Return was pressed in the last field."""

    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = Ui_EnrolmentForm()
        self._form.setupUi(self)
        dress(self)
        self._fields = {
            "server": self._form.server,
            "authority": self._form.authority,
            "ticket": self._form.ticket,
            "label": self._form.label,
        }
        self._picker: QFileDialog | None = None
        self._dress_fields()
        self._walk = EnterWalk(self)
        self._walk.walk(field.line for field in self._fields.values())
        self._walk.finished.connect(self.finished)
        self._form.pick.clicked.connect(self.pick)
        self._fit()

    def _dress_fields(self) -> None:
        self._form.server.line.setPlaceholderText(self.tr("例如 db.example:5432，多台用逗号隔开"))
        self._form.authority.line.setPlaceholderText(self.tr("管理员给的 CA 证书（.pem）"))
        self._form.ticket.line.setPlaceholderText(self.tr("输入，或用扫码枪扫接入单"))
        self._form.label.line.setPlaceholderText(self.tr("例如 2 号窗口"))
        for field in (self._form.server, self._form.authority, self._form.ticket):
            hints = Qt.InputMethodHint.ImhPreferLatin | Qt.InputMethodHint.ImhNoPredictiveText
            field.line.setInputMethodHints(hints)

    def lines(self) -> tuple[QLineEdit, ...]:
        """The editors, in the order of typing."""
        return tuple(field.line for field in self._fields.values())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        """The button stands beside the editor, below its caption."""
        self._form.pick_column.setContentsMargins(0, look().px(_CAPTION), 0, 0)

    def first_focus(self) -> QWidget:
        """The first field with a fault, else the first empty one, else the first."""
        fields = tuple(self._fields.values())
        faulty = [field for field in fields if field.fault()]
        empty = [field for field in fields if not field.value().strip()]
        first: Field = (*faulty, *empty, *fields)[0]
        return first.line

    def set_label(self, label: str) -> None:
        """What this desk is called until something else is typed."""
        self._form.label.line.setText(label)

    def take_code(self, code: str) -> None:
        """A code scanner read the ticket; the focus goes on."""
        self._form.ticket.line.setText(code.strip())
        self._form.ticket.set_fault("")
        self._form.label.line.setFocus()

    def invitation(self) -> Invitation:
        """What was typed; Refusal, with the field's name, where it cannot be an invitation."""
        self.clear_faults()
        invitation = Invitation(
            address=_address(self._form.server.value()),
            authority=self._certificate(),
            ticket=self._form.ticket.value().strip(),
            label=self._form.label.value().strip(),
        )
        check_invitation(invitation)
        return invitation

    def refuse(self, text: str, field: str) -> None:
        """Say what is to be put right, beside its field or below all; the focus goes there."""
        self.clear_faults()
        if field in self._fields:
            self._fields[field].set_fault(text)
        else:
            self._form.trouble.say(text)
        self.first_focus().setFocus()

    def clear_faults(self) -> None:
        """Nothing is wrong so far."""
        self._form.trouble.say("")
        for field in self._fields.values():
            field.set_fault("")

    def forget(self) -> None:
        """Forget the ticket, which is good once."""
        self._form.ticket.line.setText("")

    def pick(self) -> None:
        """Choose the certificate's file."""
        if self._picker is not None:
            return
        self._picker = picker = QFileDialog(self, self.tr("选证书文件"))
        picker.setNameFilter(self.tr("证书 (*.pem *.crt *.cer)"))
        picker.fileSelected.connect(self._picked)
        picker.finished.connect(self._pick_over)
        picker.open()

    def _picked(self, path: str) -> None:
        self._form.authority.line.setText(path)
        self._form.authority.set_fault("")

    def _pick_over(self) -> None:
        picker, self._picker = self._picker, None
        if picker is not None:
            picker.deleteLater()
        self._form.ticket.line.setFocus()

    def _certificate(self) -> bytes:
        path = self._form.authority.value().strip()
        if not path:
            raise Refusal(self.tr("还没有选证书文件。请按 Ctrl+O 选管理员给的 CA 证书。"), field="authority")
        if not QFileInfo(path).isFile() or QFileInfo(path).size() > _LARGEST:
            raise Refusal(self.tr("这个位置没有证书文件。请按 Ctrl+O 重新选。"), field="authority")
        try:
            return Path(path).read_bytes()
        except OSError as trouble:
            text = self.tr("证书文件读不出来。请换一份，或拷到本机再选。")
            raise Refusal(text, field="authority") from trouble


def _address(text: str) -> CentralAddress:
    """`name:port, name:port/database`; the usual port and database where none is typed."""
    hosts_text, _, database = text.strip().partition("/")
    hosts = tuple(_host(host) for host in _BETWEEN.split(hosts_text.strip()) if host)
    return CentralAddress(hosts=hosts, database=database.strip()) if database else CentralAddress(hosts=hosts)


def _host(text: str) -> str:
    plain = text.replace("：", ":")
    return plain if ":" in plain else f"{plain}:{PORT}"
