"""What goes wrong at a scanner, in the person's words: the same for every protocol."""

from enum import StrEnum

from onewindow_desk.faults import Refusal, Unreachable


class Trouble(StrEnum):
    """The troubles a person is told apart."""

    EMPTY = "empty"
    JAM = "jam"
    OPEN = "open"
    BUSY = "busy"
    DENIED = "denied"
    SILENT = "silent"
    NONSENSE = "nonsense"


MENDED_BY_HAND = {
    Trouble.EMPTY: "进纸器里没有纸。请放好后按 F4 再扫。",
    Trouble.JAM: "扫描仪卡纸。请打开盖子取出纸，再按 F4 接着扫。",
    Trouble.OPEN: "扫描仪的盖子开着。请盖好后按 F4 再扫。",
    Trouble.BUSY: "扫描仪正在给别人扫描。请等它停下后按 F4 再扫。",
    Trouble.DENIED: "扫描仪不让这台电脑使用。请系统管理员开通后再扫。",
}
OUT_OF_REACH = {
    Trouble.SILENT: "扫描仪没有应答。请检查电源和网线；已扫的页都在，也可以先选文件。",
    Trouble.NONSENSE: "扫描仪的回答看不懂。请关掉再开一次扫描仪；已扫的页都在，也可以先选文件。",
}


def complaint(trouble: Trouble) -> Refusal | Unreachable:
    """The exception to raise for a trouble."""
    if trouble in MENDED_BY_HAND:
        return Refusal(MENDED_BY_HAND[trouble])
    return Unreachable(OUT_OF_REACH[trouble])
