"""What the day's list says of a case whose scans are on their way, or that is beyond this program."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from onewindow_desk.domain.case import PageRef
from onewindow_desk.services import intake, today
from onewindow_desk.services.draft import DraftPage
from onewindow_desk.store import Store
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.widgets.lists import RowsTable
from onewindow_desk.workspaces.shared.widgets.scans_line import ScansLine
from onewindow_desk.workspaces.today import listing


def texts(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


@pytest.fixture
def scanned(attached, receive, notary, monkeypatch):
    """A case with two scans of which the central has one; gives the missing one's address."""
    files = [attached.store.scans.put(data) for data in (b"one", b"two")]
    refs = [PageRef(sha256=sha, media_type="image/png", size=3) for sha in files]
    plain = intake.receive

    def with_pages(shift, draft):
        code = next(iter(draft.materials))
        return plain(shift, replace(draft, pages=tuple(DraftPage(page=ref, material=code) for ref in refs)))

    monkeypatch.setattr(intake, "receive", with_pages)
    receive()
    notary.take(attached.store)
    notary.file(files[0])
    notary.pull(attached.store)
    return files[1]


def test_scans_on_their_way_stand_in_the_row_and_beside_it(open_today, scanned, notary, attached, settle):
    workspace, shell = open_today()
    assert [listing.scans_words(row.scans) for row in workspace.rows()] == ["扫描件 1/2"]
    assert workspace.findChild(ScansLine).text() == "扫描件 1/2 上传中"
    notary.file(scanned)
    notary.pull(attached.store)
    shell.refresh(object())
    settle()
    assert workspace.rows()[0].scans is None
    assert workspace.findChild(ScansLine).text() == ""


def test_a_case_beyond_this_program_is_marked_and_can_only_be_looked_at(
    open_today, receive, attached, monkeypatch, key
):
    receive(paper="sent")
    monkeypatch.setattr(Store, "upgrade_needed", lambda _store, _case: True)
    rows = today.rows(attached)
    monkeypatch.setattr(today, "rows", lambda _shift: tuple(replace(row, upgrade=True) for row in rows))
    workspace, _ = open_today()
    step = next(column for column in listing.columns() if column.title == "下一步")
    badge = step.cell(workspace.rows()[0]).badge
    assert badge is not None
    assert (badge.kind, badge.text) == ("upgrade", "请升级")
    assert any("现在只能看" in text for text in texts(workspace))
    actions = {action.key: action for action in workspace.bar_actions()}
    assert Key.TODAY_PAPER_AGAIN not in actions
    assert not actions[Key.TODAY_REPRINT].enabled
    key(Qt.Key.Key_F9)
    assert attached.store.case(workspace.rows()[0].case_id).papers[0].status == "sent"


def test_a_case_with_an_unsound_step_says_so_and_can_only_be_looked_at(
    open_today, receive, attached, monkeypatch
):
    receive(paper="sent")
    monkeypatch.setattr(Store, "unsound", lambda _store, _case: True)
    rows = today.rows(attached)
    monkeypatch.setattr(
        today, "rows", lambda _shift: tuple(replace(row, upgrade=True, unsound=True) for row in rows)
    )
    workspace, _ = open_today()
    step = next(column for column in listing.columns() if column.title == "下一步")
    badge = step.cell(workspace.rows()[0]).badge
    assert badge is not None
    assert (badge.kind, badge.text) == ("unsound", "请核对")
    assert any("窗口签名核对不上" in text for text in texts(workspace))
    assert not any("请系统管理员升级" in text for text in texts(workspace))
    actions = {action.key: action for action in workspace.bar_actions()}
    assert Key.TODAY_PAPER_AGAIN not in actions
    assert not actions[Key.TODAY_REPRINT].enabled


def test_an_ordinary_case_says_nothing_of_it(open_today, receive):
    receive()
    workspace, _ = open_today()
    assert not any("现在只能看" in text for text in texts(workspace))
    assert workspace.findChild(ScansLine).text() == ""
    assert workspace.findChild(RowsTable).rows()[0].upgrade is False
