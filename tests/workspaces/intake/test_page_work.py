"""Pages: scanned one by one, dropped, picked; moved, turned, filed, taken out and back again."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.workspaces.intake import IntakeWorkspace
from onewindow_desk.workspaces.intake.state import IntakeState
from onewindow_desk.workspaces.shared.keys import Key as Keys

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


def filed(workspace):
    return [entry.material for entry in workspace.state.draft.pages]


def shas(workspace):
    return [entry.page.sha256[:4] for entry in workspace.state.draft.pages]


@pytest.fixture
def scanned(ready, key):
    """The workspace with three scanned pages, the strip in focus."""
    workspace, _ = ready
    key(Key.Key_F4)
    workspace.ui.materials.strip.setFocus()
    QApplication.processEvents()
    return workspace


def test_scanned_pages_go_to_the_material_in_front_and_can_be_seen(ready, key, reader):
    workspace, _ = ready
    workspace.go_to_block(3)
    key(Key.Key_Down)
    key(Key.Key_F4)
    code = workspace.ui.materials.table.current().code
    assert filed(workspace) == [code] * 3
    assert len(reader.read) == 3
    strip = workspace.ui.materials.strip
    assert all(strip.thumb(place).picture is not None for place in range(3))
    assert workspace.ui.materials.table.current().badge.text == "3 页"
    assert workspace.ui.preview.view.has_picture()


def test_each_page_is_on_disk_before_the_next_one_comes(ready, scanner, qtbot, shift, settle):
    workspace, _ = ready
    scanner.wait_before = 3
    workspace.pages.scan()
    qtbot.waitUntil(lambda: len(workspace.state.draft.pages) == 2)
    kept = IntakeState(shift)
    kept.open()
    assert len(kept.draft.pages) == 2
    assert workspace.ui.materials.progress.text() == "正在扫描 第 3 页"
    scanner.gate.set()
    settle()
    assert len(workspace.state.draft.pages) == 3


def test_stopping_keeps_what_came(ready, scanner, qtbot, key, settle):
    workspace, _ = ready
    scanner.wait_before = 2
    workspace.pages.scan()
    qtbot.waitUntil(lambda: len(workspace.state.draft.pages) == 1)
    workspace.pages.stop()
    scanner.gate.set()
    settle()
    assert len(workspace.state.draft.pages) == 1
    assert not workspace.pages.collector.scanning


def test_the_rest_stays_usable_and_pages_find_their_draft(ready, scanner, qtbot, key, settle):
    workspace, _ = ready
    first = workspace.state.draft.draft_id
    scanner.wait_before = 2
    workspace.pages.scan()
    qtbot.waitUntil(lambda: len(workspace.state.draft.pages) == 1)
    assert workspace.answer(Keys.NEW_INTAKE)
    assert workspace.state.draft.draft_id != first
    scanner.gate.set()
    settle()
    assert workspace.state.draft.pages == ()
    assert len(workspace.state.sitting_of(first).draft.pages) == 3


@pytest.mark.parametrize(
    "trouble",
    [Refusal("进纸器里没有纸。请放好后按 F4 再扫。"), Unreachable("扫描仪没有应答。请检查电源和网线。")],
)
def test_a_scanner_s_trouble_is_told_and_pages_stay(ready, scanner, key, trouble):
    workspace, _ = ready
    scanner.trouble = trouble
    key(Key.Key_F4)
    assert workspace.hint() == trouble.text
    assert len(workspace.state.draft.pages) == 3
    scanner.trouble = None
    key(Key.Key_F4)
    assert len(workspace.state.draft.pages) == 6


def test_a_page_that_cannot_be_read_goes_again_and_is_told(ready, scanner, key, make_jpeg):
    workspace, _ = ready
    scanner.pages = [make_jpeg("good"), b"\xff\xd8\xffbad"]
    key(Key.Key_F4)
    assert len(workspace.state.draft.pages) == 1
    assert "读不出来" in workspace.hint()


def test_without_a_scanner_the_key_says_what_else_there_is(ready, key):
    workspace, _ = ready
    workspace.pages.collector._devices = type("None", (), {"scanner": None})()
    key(Key.Key_F4)
    assert "Ctrl+O" in workspace.hint()


def drop(widget, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, buttons, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, buttons, keys)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), copy, mime, buttons, keys))


def test_files_let_go_over_the_card_are_read_and_kept_as_they_were(ready, tmp_path, make_jpeg, settle, shift):
    workspace, _ = ready
    picture, paper = tmp_path / "a.jpg", tmp_path / "b.pdf"
    picture.write_bytes(make_jpeg("a"))
    paper.write_bytes(b"%PDF-1.7 /Page /Page ")
    drop(workspace.ui.materials, picture)
    settle()
    drop(workspace.ui.materials, paper)
    settle()
    pages = workspace.state.draft.pages
    assert [(entry.page.media_type, entry.page.page) for entry in pages] == [
        ("image/jpeg", 0),
        ("application/pdf", 0),
        ("application/pdf", 1),
    ]
    assert shift.store.scans.get(pages[1].page.sha256) == paper.read_bytes()


def test_a_file_of_another_kind_is_refused_and_nothing_is_kept(ready, tmp_path, settle):
    workspace, _ = ready
    other = tmp_path / "notes.txt"
    other.write_text("not a scan")
    drop(workspace.ui.materials, other)
    settle()
    assert "只收 JPEG" in workspace.hint()
    assert workspace.state.draft.pages == ()


def test_before_an_item_is_chosen_files_wait(open_intake, tmp_path, make_jpeg, settle):
    workspace, _ = open_intake()
    picture = tmp_path / "a.jpg"
    picture.write_bytes(make_jpeg("a"))
    drop(workspace.ui.materials, picture)
    settle()
    assert workspace.hint() == "请先选事项，再放文件。"
    assert workspace.state.current.fresh


def test_the_picker_stands_beside_the_work_and_takes_several(ready, key, tmp_path, make_jpeg, settle):
    workspace, shell = ready
    for name in "ab":
        (tmp_path / f"{name}.jpg").write_bytes(make_jpeg(name))
    workspace.pages.pick()
    picker = shell.findChild(QFileDialog)
    assert picker is not None
    picker.filesSelected.emit([str(tmp_path / "a.jpg"), str(tmp_path / "b.jpg")])
    picker.close()
    settle()
    assert len(workspace.state.draft.pages) == 2


def test_the_keys_of_the_strip(scanned, key, item):
    workspace = scanned
    one, two, three = shas(workspace)
    key(Key.Key_R)
    assert workspace.state.draft.pages[0].page.rotation == 90
    key(Key.Key_Right, ALT)
    assert shas(workspace) == [two, one, three]
    assert workspace.ui.materials.strip.place() == 1
    key(Key.Key_Left, ALT)
    assert shas(workspace) == [one, two, three]
    key(Key.Key_Down)
    assert filed(workspace)[0] == item.materials[1].code
    assert workspace.ui.materials.table.current().code == item.materials[1].code
    key(Key.Key_Up)
    assert filed(workspace)[0] == item.materials[0].code
    key(Key.Key_Delete)
    assert shas(workspace) == [two, three]
    assert "Ctrl+Z" in workspace.hint()
    key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shas(workspace) == [one, two, three]
    assert workspace.state.draft.pages[0].page.rotation == 90


def test_letters_act_only_in_the_strip(ready, key):
    workspace, _ = ready
    key(Key.Key_F4)
    for widget in (workspace.ui.materials.table, workspace.applicant.agent, workspace.item_card.box):
        widget.setFocus()
        key(Key.Key_R)
        key(Key.Key_Delete)
    assert [entry.page.rotation for entry in workspace.state.draft.pages] == [0, 0, 0]


def test_a_turned_page_is_shown_turned(scanned, key):
    before = scanned.ui.materials.strip.thumb(0).picture.size()
    scanned.ui.materials.strip.choose(0)
    key(Key.Key_R)
    assert scanned.ui.materials.strip.thumb(0).picture.size() == before.transposed()


def test_the_strip_tells_a_screen_reader_page_and_material(scanned, item):
    strip = scanned.ui.materials.strip
    spoken = strip.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"第 1 页，{item.materials[0].name}"


def test_after_a_restart_the_pages_are_read_again_for_the_screen(
    ready, key, shift, background, devices, qtbot, settle, reader
):
    key(Key.Key_F4)
    reader.read.clear()
    again = IntakeWorkspace(shift, background, devices)
    qtbot.addWidget(again)
    settle()
    strip = again.ui.materials.strip
    assert len(again.state.draft.pages) == 3
    assert all(strip.thumb(place).picture is not None for place in range(3))
    assert len(reader.read) == 3


def test_a_person_who_leaves_in_the_middle_stops_the_scanner(
    shift, background, devices, scanner, qtbot, dressed, fill_in
):
    scanner.wait_before = 2
    workspace = IntakeWorkspace(shift, background, devices)
    fill_in(workspace.state)
    workspace.pages.scan()
    qtbot.waitUntil(lambda: len(workspace.state.draft.pages) == 1)
    with qtbot.waitSignal(workspace.destroyed):
        workspace.deleteLater()
    with qtbot.captureExceptions() as raised:
        scanner.gate.set()
        qtbot.waitUntil(lambda: not background.busy)
    assert raised == []
    kept = IntakeState(shift)
    kept.open()
    assert len(kept.draft.pages) == 1
