"""Pictures of pages: read in the confined helper, kept small, asked for by whoever paints."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QTransform
from shiboken6 import isValid

from onewindow_desk.background import Background
from onewindow_desk.devices.reader.page import ReadPage
from onewindow_desk.domain.case import PageRef
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.workspaces.intake.ports import ReadUntrusted

LARGE_BYTES = 24 * 1024 * 1024
"""Pages in full size are kept up to this many bytes: what somebody leafs through, not the whole file."""
THUMBNAILS_KEPT = 400
LARGE_SIDE = 1400
"""Longer side of a page in the preview, pixels."""

Place = tuple[str, int]


class Gallery(QObject):
    """Thumbnails and large pictures by file and page. `drawn` says that a file's pictures are there.

    `unreadable` emits (sha256, refusal's text) when a kept file cannot be shown.
    """

    drawn = Signal(object)
    unreadable = Signal(object)

    def __init__(
        self,
        background: Background,
        read: ReadUntrusted,
        fetch: Callable[[str], bytes],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._read = read
        self._fetch = fetch
        self._small: OrderedDict[Place, QImage] = OrderedDict()
        self._large: OrderedDict[Place, bytes] = OrderedDict()
        self._under_way: set[str] = set()
        self._wanted: Place | None = None

    def expect(self, sha256: str) -> None:
        """A file is being read elsewhere; its pictures come by `take`."""
        self._under_way.add(sha256)

    def take(self, sha256: str, pages: tuple[ReadPage, ...]) -> None:
        """Keep the pictures of a file that has been read already."""
        self._under_way.discard(sha256)
        for number, page in enumerate(pages):
            place = (sha256, number)
            self._small[place] = QImage.fromData(page.thumbnail)
            self._large[place] = page.data
        while len(self._small) > THUMBNAILS_KEPT:
            self._small.popitem(last=False)
        self._forget_large()
        self.drawn.emit(sha256)

    def _forget_large(self) -> None:
        if self._wanted is not None and self._wanted in self._large:
            self._large.move_to_end(self._wanted)
        held = sum(len(data) for data in self._large.values())
        while held > LARGE_BYTES and len(self._large) > 1:
            held -= len(self._large.popitem(last=False)[1])

    def thumbnail(self, page: PageRef) -> QImage | None:
        """The small picture the right way round; None until it is there, then `drawn`."""
        found = self._small.get((page.sha256, page.page))
        if found is None:
            self._ask(page.sha256)
            return None
        return _turned(found, page.rotation)

    def picture(self, page: PageRef) -> QImage | None:
        """The large picture the right way round; None until it is there, then `drawn`."""
        self._wanted = place = (page.sha256, page.page)
        if place not in self._large:
            self._ask(page.sha256)
            return None
        self._large.move_to_end(place)
        return _turned(_decoded(self._large[place]), page.rotation)

    def _ask(self, sha256: str) -> None:
        if sha256 in self._under_way:
            return
        self._under_way.add(sha256)
        self._background.run(
            lambda: self._read(self._fetch(sha256)),
            partial(self._came, sha256),
            partial(self._refused, sha256),
        )

    def _came(self, sha256: str, pages: tuple[ReadPage, ...]) -> None:
        if isValid(self):
            self.take(sha256, pages)

    def _refused(self, sha256: str, trouble: Refusal | Unreachable) -> None:
        # Stays under way: a file that cannot be read is not asked for again and again.
        if isValid(self):
            self.unreadable.emit((sha256, trouble.text))


def _decoded(data: bytes) -> QImage:
    """The picture, no larger than a screen has use for: at full size one page takes 15 MB."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    reader = QImageReader(buffer)
    size = reader.size()
    if max(size.width(), size.height()) > LARGE_SIDE:
        reader.setScaledSize(size.scaled(LARGE_SIDE, LARGE_SIDE, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _turned(image: QImage, rotation: int) -> QImage:
    if not rotation:
        return image
    return image.transformed(QTransform().rotate(rotation), Qt.TransformationMode.SmoothTransformation)
