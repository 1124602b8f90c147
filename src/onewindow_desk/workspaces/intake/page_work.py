"""Pages between the devices, the draft and the strip: kept as they come, shown once they are read."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from onewindow_desk.background import Background
from onewindow_desk.devices.files import PICKER_PATTERNS
from onewindow_desk.devices.reader.page import ReadPage
from onewindow_desk.domain.case import PageRef
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.workspaces.intake.collector import Collector, FileRead, Scanned, Target
from onewindow_desk.workspaces.intake.gallery import Gallery
from onewindow_desk.workspaces.intake.materials_card import MaterialsCard
from onewindow_desk.workspaces.intake.page_strip import Thumb
from onewindow_desk.workspaces.intake.ports import IntakeDevices
from onewindow_desk.workspaces.intake.state import IntakeState
from onewindow_desk.workspaces.intake.words import fill, tr

Act = Callable[[], object]


class PageWork(QObject):
    """Takes pages in and does what the strip asks for.

    `changed` says that the pages of the draft in front are others now, `looked` that another page
    is in front, `said` a sentence for the hint. `attempt` runs an edit and shows a disk's refusal.
    """

    changed = Signal()
    looked = Signal()
    said = Signal(object)

    def __init__(
        self,
        state: IntakeState,
        background: Background,
        devices: IntakeDevices,
        card: MaterialsCard,
        attempt: Callable[[Act], None],
    ) -> None:
        super().__init__(card)
        self._state = state
        self._background = background
        self._read = devices.read
        self._card = card
        self._attempt = attempt
        self._picker: QFileDialog | None = None
        self.collector = Collector(background, devices, self)
        self.gallery = Gallery(background, devices.read, state.shift.store.scans.get, self)
        self._connect()

    def _connect(self) -> None:
        card, strip = self._card, self._card.strip
        self.collector.scanned.connect(self._scanned)
        self.collector.file_read.connect(self._file_read)
        self.collector.ended.connect(self._ended)
        self.collector.refused.connect(self._refused)
        self.gallery.drawn.connect(self._drawn)
        self.gallery.unreadable.connect(self._unreadable)
        card.progress.stopped.connect(self.stop)
        card.dropped.connect(self.take_file)
        card.picking.connect(self.pick)
        card.filed.connect(self._file_here)
        strip.chosen.connect(self._looked)
        strip.turning.connect(self._turn)
        strip.removing.connect(self._remove)
        strip.moving.connect(self._move)
        strip.refiling.connect(self._refile)

    # --- in

    def _target(self) -> Target:
        return Target(self._state.draft.draft_id, self._state.current.material)

    def scan(self) -> None:
        """F4: start the scanner for the material in front."""
        if not self.collector.has_scanner:
            self.said.emit(tr("没有接扫描仪。请把文件拖进来，或按 Ctrl+O 选文件。"))
        elif not self.collector.scanning:
            self._card.progress.begin(tr("正在扫描 第 1 页"))
            self.collector.scan(self._target())

    def stop(self) -> None:
        """Shift+F4: no further pages; those that came stay."""
        self.collector.stop()

    def take_file(self, path: Path) -> None:
        """A file let go over the materials, or picked."""
        if self._state.item is None:
            self.said.emit(tr("请先选事项，再放文件。"))
            return
        self.collector.open_file(self._target(), path)

    def pick(self) -> None:
        """Ctrl+O: choose files; the page stays usable behind the picker."""
        if self._state.item is None or self._picker is not None:
            return
        self._picker = picker = QFileDialog(self._window(), tr("选文件"))
        picker.setFileMode(QFileDialog.FileMode.ExistingFiles)
        picker.setNameFilter(f"{tr('扫描件')} ({' '.join(PICKER_PATTERNS)})")
        picker.filesSelected.connect(self._picked)
        picker.finished.connect(self._picker_closed)
        picker.open()

    def _window(self) -> QWidget:
        return self._card.window()

    def _picked(self, names: list[str]) -> None:
        for name in names:
            self.take_file(Path(name))

    def _picker_closed(self) -> None:
        if self._picker is not None:
            self._picker.deleteLater()
            self._picker = None

    def _scanned(self, page: Scanned) -> None:
        """Keep a page the moment it comes, then have it read; a page that cannot be read goes again."""
        self._card.progress.step(fill(tr("正在扫描 第 %1 页"), page.number + 1))
        self._attempt(lambda: self._keep_scanned(page))
        self.changed.emit()

    def _keep_scanned(self, page: Scanned) -> None:
        target = page.target
        sha256 = self._state.keep_page(target.draft_id, page.data, page.media_type, 1, target.material)
        self.gallery.expect(sha256)
        self._background.run(
            lambda: self._read(page.data),
            partial(self._page_read, target, sha256),
            partial(self._page_refused, target, sha256),
        )

    def _page_read(self, target: Target, sha256: str, pages: tuple[ReadPage, ...]) -> None:
        if isValid(self):
            self._attempt(lambda: self._state.more_pages(target.draft_id, sha256, len(pages)))
            self.gallery.take(sha256, pages)
            self.changed.emit()

    def _page_refused(self, target: Target, sha256: str, trouble: Refusal | Unreachable) -> None:
        if isValid(self):
            self._attempt(lambda: self._state.drop_file(target.draft_id, sha256))
            self.said.emit(trouble.text)
            self.changed.emit()

    def _file_read(self, file: FileRead) -> None:
        self._attempt(lambda: self._keep_file(file))
        self.changed.emit()

    def _keep_file(self, file: FileRead) -> None:
        target = file.target
        sha256 = self._state.keep_page(
            target.draft_id, file.data, file.media_type, len(file.pages), target.material
        )
        self.gallery.take(sha256, file.pages)

    def _ended(self, _pages: object) -> None:
        self._card.progress.end()

    def _refused(self, what: tuple[Target, str]) -> None:
        self.said.emit(what[1])

    def _unreadable(self, what: tuple[str, str]) -> None:
        self.said.emit(what[1])

    def _drawn(self, sha256: str) -> None:
        if any(entry.page.sha256 == sha256 for entry in self._state.draft.pages):
            self.show()
            self.looked.emit()

    # --- the strip

    def show(self) -> None:
        """Show the pages of the draft in front."""
        pages = self._state.draft.pages
        item = self._state.item
        names = {row.code: row.name for row in item.materials} if item else {}
        self._card.strip.show_thumbs(
            [
                Thumb(self.gallery.thumbnail(entry.page), names.get(entry.material, ""), not entry.material)
                for entry in pages
            ]
        )
        self._card.show_empty(chosen=item is not None)
        self._show_filing(names)

    def _show_filing(self, names: dict[str, str]) -> None:
        place = self._card.strip.place()
        code = self._state.draft.pages[place].material if 0 <= place < len(self._state.draft.pages) else ""
        self._card.show_filing(names.get(code, ""))

    def page_in_front(self) -> tuple[PageRef | None, int]:
        """The page in front and its number, counted from 1."""
        place = self._card.strip.place()
        pages = self._state.draft.pages
        return (pages[place].page, place + 1) if 0 <= place < len(pages) else (None, 0)

    def _looked(self, _place: object) -> None:
        item = self._state.item
        self._show_filing({row.code: row.name for row in item.materials} if item else {})
        self.looked.emit()

    def _turn(self, place: int) -> None:
        self._edit(lambda: self._state.turn_page(place), place)

    def _remove(self, place: int) -> None:
        self._edit(lambda: self._state.remove_page(place), place)
        self.said.emit(fill(tr("第 %1 页已删掉。按 Ctrl+Z 找回。"), place + 1))

    def _move(self, what: tuple[int, int]) -> None:
        place, step = what
        there = place + step
        if 0 <= there < len(self._state.draft.pages):
            self._edit(lambda: self._state.move_page(place, step), there)

    def _refile(self, what: tuple[int, int]) -> None:
        """The material before or after the one the page is filed under."""
        place, step = what
        item = self._state.item
        if item is None or not item.materials:
            return
        codes = [row.code for row in item.materials]
        filed = self._state.draft.pages[place].material
        number = codes.index(filed) + step if filed in codes else 0
        if 0 <= number < len(codes):
            self._file(place, codes[number])

    def _file_here(self, code: str) -> None:
        if self._card.strip.place() >= 0:
            self._file(self._card.strip.place(), code)

    def _file(self, place: int, code: str) -> None:
        self._edit(lambda: self._state.file_page(place, code), place)
        self._card.choose_material(code)

    def _edit(self, act: Act, place: int) -> None:
        self.said.emit("")
        self._attempt(act)
        self.changed.emit()
        if self._state.draft.pages:
            self._card.strip.choose(min(place, len(self._state.draft.pages) - 1))
