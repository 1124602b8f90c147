"""Every key of the desk, once: what it is, what it does, where it works.

The shell installs the shortcuts, buttons show the caps, the overlay lists the whole: all three read
this enum. A key that a widget answers itself (Enter, arrows, letters) is listed with `by_widget`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum

from PySide6.QtCore import QCoreApplication


class Group(StrEnum):
    """Where a key works; the overlay has one heading per group."""

    EVERYWHERE = "everywhere"
    FORM = "form"
    TODAY = "today"
    INTAKE = "intake"
    STRIP = "strip"
    REVIEW = "review"
    ATTENTION = "attention"
    LINE = "line"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Stroke:
    """One meaning of one key.

    `sequences` are Qt's portable names, the first is the one shown; `cap` is what the key cap says
    when that differs; `by_widget` keys are answered by the focused widget, not by a shortcut.
    """

    group: Group
    sequences: tuple[str, ...]
    text: str
    cap: str = ""
    by_widget: bool = False


class Key(Enum):
    """All keys. Names say the meaning, so that two workspaces may use one key for two things."""

    HELP = Stroke(Group.EVERYWHERE, ("F1",), "打开、收起本页")
    NEW_INTAKE = Stroke(Group.EVERYWHERE, ("F2",), "新收件")
    FIND = Stroke(Group.EVERYWHERE, ("F3", "Ctrl+K"), "查找（条码随处可扫）")
    OTHER_APPLICANT = Stroke(Group.EVERYWHERE, ("F6",), "换另一位申请人")
    DO = Stroke(Group.EVERYWHERE, ("F9", "Ctrl+Return", "Ctrl+Enter"), "做完这一步（蓝色按钮）")
    LINE = Stroke(Group.EVERYWHERE, ("F11",), "线路，现在还能办什么")
    SWITCH_PERSON = Stroke(Group.EVERYWHERE, ("F12",), "换人")
    LOCK = Stroke(Group.EVERYWHERE, ("Ctrl+L",), "锁屏")
    WORKSPACE = Stroke(
        Group.EVERYWHERE, tuple(f"Ctrl+{n}" for n in range(1, 10)), "去第几个工作区", cap="Ctrl+1…9"
    )
    BLOCK = Stroke(Group.EVERYWHERE, tuple(f"Alt+{n}" for n in range(1, 5)), "去本页第几块", cap="Alt+1…4")
    LARGER = Stroke(Group.EVERYWHERE, ("Ctrl++", "Ctrl+="), "字大些", cap="Ctrl+加号")
    SMALLER = Stroke(Group.EVERYWHERE, ("Ctrl+-",), "字小些", cap="Ctrl+减号")
    NORMAL_SIZE = Stroke(Group.EVERYWHERE, ("Ctrl+0",), "字回到原大小")
    BACK = Stroke(Group.EVERYWHERE, ("Esc",), "退一步，不丢已填内容", by_widget=True)

    NEXT_FIELD = Stroke(Group.FORM, ("Return", "Enter"), "下一格", cap="Enter", by_widget=True)
    PREVIOUS_FIELD = Stroke(
        Group.FORM, ("Shift+Return", "Shift+Enter"), "上一格", cap="Shift+Enter", by_widget=True
    )
    NEXT_CONTROL = Stroke(Group.FORM, ("Tab",), "下一处", by_widget=True)
    OPEN_CHOICES = Stroke(Group.FORM, ("Down",), "展开选项", cap="↓", by_widget=True)
    UNDO = Stroke(Group.FORM, ("Ctrl+Z",), "撤销", by_widget=True)
    TICK = Stroke(Group.FORM, ("Space",), "勾选材料", cap="空格", by_widget=True)

    TODAY_MOVE = Stroke(Group.TODAY, ("Up", "Down"), "选办件", cap="↑ ↓", by_widget=True)
    TODAY_OPEN = Stroke(Group.TODAY, ("Return", "Enter"), "打开办件", cap="Enter", by_widget=True)
    TODAY_DETAILS = Stroke(Group.TODAY, ("F5",), "看明细")
    TODAY_REPRINT = Stroke(Group.TODAY, ("F7",), "补打凭证")
    TODAY_PAPER_AGAIN = Stroke(Group.TODAY, ("F8",), "凭证没出来，再打")

    INTAKE_SCAN = Stroke(Group.INTAKE, ("F4",), "扫描")
    INTAKE_STOP_SCAN = Stroke(Group.INTAKE, ("Shift+F4",), "停止扫描")
    INTAKE_PREVIEW = Stroke(Group.INTAKE, ("F5",), "扫描页、接收凭证切换")
    INTAKE_GUIDE = Stroke(Group.INTAKE, ("F7",), "出一次性告知单")
    INTAKE_OTHER_PRINTER = Stroke(Group.INTAKE, ("F8",), "没出凭证，换打印机")
    INTAKE_PICK = Stroke(Group.INTAKE, ("Ctrl+O",), "选文件")

    PAGE_ROTATE = Stroke(Group.STRIP, ("R",), "转正这一页", by_widget=True)
    PAGE_DELETE = Stroke(Group.STRIP, ("Delete",), "删掉这一页", cap="Del", by_widget=True)
    PAGE_EARLIER = Stroke(Group.STRIP, ("Alt+Left",), "往前挪", cap="Alt+←", by_widget=True)
    PAGE_LATER = Stroke(Group.STRIP, ("Alt+Right",), "往后挪", cap="Alt+→", by_widget=True)
    PAGE_FILE = Stroke(Group.STRIP, ("Up", "Down"), "归入上、下一种材料", cap="↑ ↓", by_widget=True)

    REVIEW_SIDE = Stroke(Group.REVIEW, ("F5",), "并排看")
    REVIEW_RETURN = Stroke(Group.REVIEW, ("F7",), "退回窗口")
    REVIEW_SPECIAL = Stroke(Group.REVIEW, ("F8",), "特别程序")
    REVIEW_PHRASES = Stroke(Group.REVIEW, ("Alt+Y",), "常用语，再按数字")
    REVIEW_YES = Stroke(Group.REVIEW, ("Y",), "符合", by_widget=True)
    REVIEW_NO = Stroke(Group.REVIEW, ("N",), "不符", by_widget=True)
    REVIEW_PAGE = Stroke(Group.REVIEW, ("PgUp", "PgDown"), "翻页", cap="PgUp PgDn", by_widget=True)
    REVIEW_ZOOM = Stroke(Group.REVIEW, ("+", "-"), "放大、缩小", cap="+ −", by_widget=True)
    REVIEW_ROTATE = Stroke(Group.REVIEW, ("R",), "转正这一页", by_widget=True)

    ATTENTION_CASE = Stroke(Group.ATTENTION, ("F5",), "看办件全文")
    ATTENTION_SUPERVISOR = Stroke(Group.ATTENTION, ("F7",), "交给主管")
    ATTENTION_WITHDRAW = Stroke(Group.ATTENTION, ("F8",), "撤回这一步")

    LINE_WAITING = Stroke(Group.LINE, ("F5",), "看等着发出的")
    LINE_CONNECT = Stroke(Group.LINE, ("F8",), "立即再连")

    JOIN_CENTRE = Stroke(Group.JOIN, ("F8",), "接入已有的中心库")
    JOIN_FILE = Stroke(Group.JOIN, ("Ctrl+O",), "选证书文件")

    @property
    def group(self) -> Group:
        """Where the key works."""
        return self.value.group

    @property
    def sequences(self) -> tuple[str, ...]:
        """Qt's portable names of the key, the shown one first."""
        return self.value.sequences

    @property
    def by_widget(self) -> bool:
        """Whether the focused widget answers the key itself, so that no shortcut is installed."""
        return self.value.by_widget

    @property
    def cap(self) -> str:
        """What the key cap says; several caps are separated by a space."""
        return tr(self.value.cap or self.sequences[0])

    @property
    def text(self) -> str:
        """What the key does, as the overlay says it."""
        return tr(self.value.text)


LEFT_FREE = ("F10", "Ctrl+Space", "Ctrl+.", "Ctrl+Shift+")
"""Menu and input-method keys: no sequence may be, or begin with, one of these."""

_HEADINGS = {
    Group.EVERYWHERE: "到处可用",
    Group.FORM: "填表",
    Group.TODAY: "今日",
    Group.INTAKE: "收件",
    Group.STRIP: "扫描页",
    Group.REVIEW: "审查",
    Group.ATTENTION: "需处理",
    Group.LINE: "线路",
    Group.JOIN: "接入中心库",
}


def tr(text: str) -> str:
    """A key's words in the person's language; Chinese is the source."""
    return QCoreApplication.translate("Key", text)


def heading(group: Group) -> str:
    """The overlay's heading of a group."""
    return tr(_HEADINGS[group])


def keys_of(groups: Iterable[Group]) -> dict[Group, tuple[Key, ...]]:
    """The keys of the groups asked for, in the order of the enum."""
    return {group: tuple(key for key in Key if key.group is group) for group in groups}


def doubles(groups: Iterable[Group]) -> tuple[tuple[Key, Key], ...]:
    """Pairs of keys that would answer the same sequence where these groups are at work together."""
    owners: dict[str, Key] = {}
    found = []
    for key in (key for keys in keys_of(groups).values() for key in keys if not key.by_widget):
        for sequence in key.sequences:
            if sequence in owners:
                found.append((owners[sequence], key))
            owners[sequence] = key
    return tuple(found)
