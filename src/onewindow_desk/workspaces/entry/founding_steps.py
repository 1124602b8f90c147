"""The wizard's steps. A step owns its fields under the plan's names and knows nothing of the others."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from onewindow_desk._built.ui_founding_admins import Ui_FoundingAdmins
from onewindow_desk._built.ui_founding_clerk import Ui_FoundingClerk
from onewindow_desk._built.ui_founding_review import Ui_FoundingReview
from onewindow_desk._built.ui_founding_series import Ui_FoundingSeries
from onewindow_desk._built.ui_founding_street import Ui_FoundingStreet
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.workspaces.entry.founding_plan import first_number
from onewindow_desk.workspaces.shared.forms import dress, part
from onewindow_desk.workspaces.shared.widgets.action_button import ActionButton
from onewindow_desk.workspaces.shared.widgets.field import Field

PERSON_PARTS = ("login", "name", "password", "again")


class Step(QWidget):
    """One page of the wizard: a key, a title, a line about it, its fields in the order of typing."""

    changed = Signal()

    def __init__(self, key: str, title: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.title, self.about = key, title, about
        self.fields: dict[str, Field] = {}

    def take(self, prefix: str, names: tuple[str, ...], *, drawn: str = "") -> None:
        """Own the fields `names` of the form under `prefix.name`; `drawn` begins their object names."""
        for name in names:
            field = part(self, Field, drawn + name)
            self.fields[f"{prefix}.{name}" if prefix else name] = field
            field.line.textEdited.connect(self.changed)
            field.line.setInputMethodHints(_hints(name) | field.line.inputMethodHints())

    def typed(self) -> dict[str, str]:
        """What is typed, by field."""
        return {key: field.value() for key, field in self.fields.items()}

    def first_focus(self) -> QWidget:
        """The first field that is wrong, else the first; the step itself where nothing is typed."""
        faulty = [field for field in self.fields.values() if field.fault()]
        return (*faulty, *self.fields.values(), self)[0]

    def look_at(self, typed: Mapping[str, str], today: date) -> None:
        """Something was typed anywhere; steps that show it do so."""


def _hints(name: str) -> Qt.InputMethodHint:
    digits = {"code", "series", "inquiry_phone", "supervise_phone"}
    return Qt.InputMethodHint.ImhPreferNumbers if name in digits else Qt.InputMethodHint.ImhNone


class StreetStep(Step):
    """Street, authority, code, phones, place and hours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("street", self.tr("街道"), self.tr("这台电脑替哪个街道办件"), parent)
        Ui_FoundingStreet().setupUi(self)
        dress(self)
        names = ("name", "authority", "code", "hours", "inquiry_phone", "supervise_phone", "address")
        self.take("street", names)


class AdminsStep(Step):
    """Two administrators, because nobody grants a role to himself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("admins", self.tr("管理员"), self.tr("两个人，各记各的口令"), parent)
        Ui_FoundingAdmins().setupUi(self)
        dress(self)
        for person in ("system_admin", "security_admin"):
            self.take(person, PERSON_PARTS, drawn=f"{person}_")


class ClerkStep(Step):
    """The first clerk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("clerk", self.tr("窗口人员"), self.tr("今天就能开窗收件的那位"), parent)
        Ui_FoundingClerk().setupUi(self)
        dress(self)
        self.take("clerk", PERSON_PARTS, drawn="clerk_")


class SeriesStep(Step):
    """The number series, with the number it would give today."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("series", self.tr("编号"), self.tr("收件编号怎么来"), parent)
        self._form = Ui_FoundingSeries()
        self._form.setupUi(self)
        dress(self)
        self.take("", ("series",))
        self.fields["series"].line.setMaxLength(4)
        self.fields["series"].line.setPlaceholderText(self.tr("例如 0001"))

    def look_at(self, typed: Mapping[str, str], today: date) -> None:
        """The example follows each key press."""
        number = first_number(typed, today)
        groups = format_receipt_no(number).split(" ") if number else ["—"] * len(self._shown())
        for label, group in zip(self._shown(), groups, strict=True):
            label.setText(group)
        printed = self.tr("印成条码和 18 位数字，校验位能发现打错的一位。")
        self._form.spoken.setText(printed if number else self.tr("填好号段就能看到。"))

    def _shown(self) -> tuple[QLabel, ...]:
        form = self._form
        return (form.shown_street, form.shown_day, form.shown_series, form.shown_serial, form.shown_check)


class ReviewStep(Step):
    """Everything once more but the passwords; `changing` emits the key of a step to go back to."""

    changing = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("review", self.tr("核对"), self.tr("看一遍，再建立街道"), parent)
        self._form = Ui_FoundingReview()
        self._form.setupUi(self)
        dress(self)
        for button in self._buttons().values():
            button.clicked.connect(self._change)
        for key, button in self._buttons().items():
            title = part(self, QLabel, f"{key}_title").text()
            button.setAccessibleName(self.tr("改这一步：%1").replace("%1", title))

    def look_at(self, typed: Mapping[str, str], today: date) -> None:
        """Show what was typed, passwords left out."""
        for key in ("name", "authority", "code", "inquiry_phone", "supervise_phone", "address", "hours"):
            self._say(f"shown_street_{key}", typed.get(f"street.{key}", "").strip() or self.tr("未填"))
        for person in ("system_admin", "security_admin"):
            self._say(f"shown_admins_{person}", self._person(typed, person))
        self._say("shown_clerk_clerk", self._person(typed, "clerk"))
        self._say("shown_series_series", typed.get("series", "").strip().rjust(4, "0"))
        number = first_number(typed, today)
        self._say("shown_series_example", format_receipt_no(number) if number else self.tr("未填"))

    def _person(self, typed: Mapping[str, str], key: str) -> str:
        words = self.tr("%1，登录名 %2")
        name, login = typed.get(f"{key}.name", "").strip(), typed.get(f"{key}.login", "").strip()
        return words.replace("%1", name).replace("%2", login)

    def _say(self, name: str, text: str) -> None:
        part(self, QLabel, name).setText(text)

    def _buttons(self) -> dict[str, ActionButton]:
        form = self._form
        return {
            "street": form.change_street,
            "admins": form.change_admins,
            "clerk": form.change_clerk,
            "series": form.change_series,
        }

    def _change(self) -> None:
        sender = self.sender()
        self.changing.emit(next(key for key, button in self._buttons().items() if button is sender))
