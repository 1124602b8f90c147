"""Keeps the preview panel true to the draft: one drawing at a time, the latest wish wins."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from onewindow_desk.background import Background
from onewindow_desk.documents.preview import Raster
from onewindow_desk.domain.case import PageRef
from onewindow_desk.domain.item import Item
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services.shift import Shift
from onewindow_desk.workspaces.intake import previews
from onewindow_desk.workspaces.intake.gallery import Gallery
from onewindow_desk.workspaces.intake.preview import PaperView, image_of
from onewindow_desk.workspaces.intake.sitting import Sitting
from onewindow_desk.workspaces.intake.words import fill, tr

_REST_MS = 200
"""A drawing starts after this pause, so that typing does not draw a receipt per letter."""

Drawing = Callable[[], Raster]


class PreviewWork(QObject):
    """Draws what it is told into the view; a wish that comes while drawing replaces the one waiting."""

    def __init__(self, shift: Shift, background: Background, gallery: Gallery, view: PaperView) -> None:
        super().__init__(view)
        self._shift = shift
        self._background = background
        self._gallery = gallery
        self._view = view
        self._wish: tuple[Drawing, str] | None = None
        self._drawing = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_REST_MS)
        self._pause.timeout.connect(self._start)

    def page(self, page: PageRef | None, number: int) -> None:
        """Show a scanned page, counted from 1."""
        self._wish = None
        if page is None:
            self._view.say(tr("还没有扫描页。按 F4 扫描，或把文件拖进来。"))
            return
        picture = self._gallery.picture(page)
        if picture is None:
            self._view.say(tr("正在打开这一页…"))
        else:
            self._view.show_picture(picture, fill(tr("第 %1 页"), number))

    def receipt(self, sitting: Sitting, item: Item | None) -> None:
        """Show the receipt: the one that was sent, or as it would be now."""
        handed = sitting.handed
        if handed is not None and handed.pdf:
            self._want(partial(previews.paper_picture, handed.pdf), tr("接收凭证"))
        elif item is None or handed is not None:
            self._wish = None
            self._view.say(tr("选定事项后，这里显示接收凭证。") if handed is None else "")
        else:
            drawing = partial(previews.receipt_picture, self._shift, sitting.draft, item)
            self._want(drawing, tr("接收凭证，编号确认后给出"))

    def guide(self, item: Item | None) -> None:
        """Show the 一次性告知单 of an item."""
        if item is None:
            self._wish = None
            self._view.say(tr("按 ↑ ↓ 看事项，这里显示一次性告知单。"))
        else:
            name = fill(tr("一次性告知单：%1"), item.name)
            self._want(partial(previews.guide_picture, self._shift, item), name)

    def _want(self, drawing: Drawing, name: str) -> None:
        self._wish = (drawing, name)
        if not self._drawing:
            self._pause.start()

    def _start(self) -> None:
        if self._wish is None or self._drawing:
            return
        drawing, name = self._wish
        self._drawing = True
        self._background.run(
            drawing, partial(self._drawn, self._wish, name), partial(self._refused, self._wish)
        )

    def _drawn(self, wish: tuple[Drawing, str], name: str, raster: Raster) -> None:
        if self._over(wish):
            self._view.show_picture(image_of(raster), name)

    def _refused(self, wish: tuple[Drawing, str], trouble: Refusal | Unreachable) -> None:
        if self._over(wish):
            self._view.say(trouble.text)

    def _over(self, wish: tuple[Drawing, str]) -> bool:
        """The drawing has ended; True when it is still wanted. Another wish is drawn next."""
        if not isValid(self):
            return False
        self._drawing = False
        wanted = self._wish is wish
        if not wanted and self._wish is not None:
            self._pause.start()
        return wanted
