import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services.enrolment import Invitation
from onewindow_desk.settings import CentralAddress
from onewindow_desk.workspaces.entry.enrolment import EnrolmentPage

PEM = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.fixture
def certificate(tmp_path):
    path = tmp_path / "ca.pem"
    path.write_bytes(PEM)
    return path


@pytest.fixture
def page(show):
    return show(EnrolmentPage())


@pytest.fixture
def asked(page):
    invitations: list[Invitation] = []
    page.submitted.connect(invitations.append)
    return invitations


@pytest.fixture
def fill(type_text, press):
    def answer(*texts):
        for text in texts:
            type_text(text)
            press(Qt.Key.Key_Return)

    return answer


def texts(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


def lines(page):
    return [line for line in page.findChildren(QLineEdit) if line.isVisible()]


def test_by_keyboard_alone_from_the_address_to_the_invitation(page, asked, fill, certificate):
    fill("db.example:6432", str(certificate), "K7QM-2X4P", "2 号窗口")
    address = CentralAddress(hosts=("db.example:6432",))
    assert asked == [Invitation(address=address, authority=PEM, ticket="K7QM-2X4P", label="2 号窗口")]
    assert any("正在接入" in text for text in texts(page))


@pytest.mark.parametrize(
    ("typed", "hosts", "database"),
    [
        ("db.example", ("db.example:5432",), "onewindow"),
        ("one:5432, two:5433", ("one:5432", "two:5433"), "onewindow"),
        ("one，two:5433/street115", ("one:5432", "two:5433"), "street115"),
    ],
)
def test_the_address_may_leave_out_what_is_usual(page, asked, press, certificate, typed, hosts, database):
    for line, text in zip(lines(page), (typed, str(certificate), "K7QM", "2 号窗口"), strict=True):
        line.setText(text)
    press(Qt.Key.Key_F9)
    assert asked[0].address == CentralAddress(hosts=hosts, database=database)


@pytest.mark.parametrize("missing", range(4))
def test_what_is_missing_is_named_at_its_field_and_nobody_is_asked(page, asked, press, certificate, missing):
    given = ["db.example", str(certificate), "K7QM", "2 号窗口"]
    given[missing] = ""
    for line, text in zip(lines(page), given, strict=True):
        line.setText(text)
    press(Qt.Key.Key_F9)
    assert asked == []
    focus = QApplication.focusWidget()
    assert focus is lines(page)[missing]
    assert focus.accessibleDescription()


@pytest.mark.parametrize("content", [b"no certificate at all", None])
def test_a_file_that_is_no_certificate_is_refused_here(page, asked, press, tmp_path, content):
    path = tmp_path / "other.pem"
    if content is not None:
        path.write_bytes(content)
    for line, text in zip(lines(page), ("db.example", str(path), "K7QM", "2 号窗口"), strict=True):
        line.setText(text)
    press(Qt.Key.Key_F9)
    assert asked == []
    assert QApplication.focusWidget() is lines(page)[1]


def test_a_refusal_of_the_central_stands_at_its_field_and_everything_stays(page, asked, fill, certificate):
    fill("db.example", str(certificate), "K7QM", "2 号窗口")
    page.refuse(Refusal("接入码已用过或过期。请管理员重新出一个。", field="ticket"))
    assert QApplication.focusWidget() is lines(page)[2]
    assert "接入码已用过或过期。请管理员重新出一个。" in texts(page)
    assert lines(page)[0].text() == "db.example"
    assert len(asked) == 1


def test_a_line_that_does_not_answer_is_said_below_all(page, asked, fill, certificate, press):
    fill("db.example", str(certificate), "K7QM", "2 号窗口")
    press(Qt.Key.Key_F9)
    assert len(asked) == 1, "asked twice before an answer"
    page.refuse(Unreachable("中心库没有回答。请检查网线后再试。"))
    assert "中心库没有回答。请检查网线后再试。" in texts(page)
    press(Qt.Key.Key_F9)
    assert len(asked) == 2


def test_a_scanned_ticket_lands_in_its_field_from_anywhere(page):
    page.take_code(" K7QM-2X4P\n")
    assert lines(page)[2].text() == "K7QM-2X4P"
    assert QApplication.focusWidget() is lines(page)[3]


def test_esc_goes_back_but_not_while_somebody_is_asked(page, qtbot, press, fill, certificate):
    with qtbot.waitSignal(page.leaving):
        press(Qt.Key.Key_Escape)
    fill("db.example", str(certificate), "K7QM", "2 号窗口")
    with qtbot.assertNotEmitted(page.leaving):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_every_stop_has_a_name_and_follows_the_reading_order(page, walk_focus):
    assert len(walk_focus(page)) == 7


@pytest.mark.parametrize("scale", [0, 1, 2])
def test_nothing_is_cut(show, dressed, uncut, press, scale):
    dressed.resize(scale)
    page = show(EnrolmentPage())
    press(Qt.Key.Key_F9)
    QApplication.processEvents()
    assert page.minimumSizeHint().width() <= 1366
    assert uncut(page) == []
