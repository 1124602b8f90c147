from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from onewindow_desk.faults import Blame, Refusal, Refusals
from onewindow_desk.services.administer import FoundingPlan
from onewindow_desk.workspaces.entry.founding import FoundingWizard
from onewindow_desk.workspaces.shared.widgets.password_edit import PasswordEdit

TODAY = date(2026, 9, 21)
SECRETS = ("xitong-guanli-12", "anquan-guanli-12", "chuangkou-yuan-1")
STREET = ("演示街道", "演示区演示街道办事处", "115", "", "000-0000-0010", "000-0000-0011", "演示路 1 号")
ADMINS = ("xt", "钱样安", SECRETS[0], SECRETS[0], "aq", "沈样真", SECRETS[1], SECRETS[1])
CLERK = ("wang", "王样鸣", SECRETS[2], SECRETS[2])


@pytest.fixture
def wizard(show):
    return show(FoundingWizard(lambda: TODAY))


@pytest.fixture
def plans(wizard):
    plans: list[FoundingPlan] = []
    wizard.founded.connect(plans.append)
    return plans


@pytest.fixture
def fill(wizard, qtbot, type_text, press):
    """Types a step from its first field, each answer followed by Return."""

    def answer(texts):
        for text in texts:
            before = QApplication.focusWidget()
            if text:
                type_text(text)
            press(Qt.Key.Key_Return)
            qtbot.waitUntil(lambda before=before: QApplication.focusWidget() is not before)

    return answer


@pytest.fixture
def reviewed(fill):
    for texts in (STREET, ADMINS, CLERK, ("0012",)):
        fill(texts)


def focus():
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def shown(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_by_keyboard_alone_from_the_first_field_to_a_founded_street(wizard, plans, reviewed, press):
    press(Qt.Key.Key_F9)
    (plan,) = plans
    assert (plan.street.name, plan.street.code, plan.series) == ("演示街道", "115", 12)
    assert plan.street.sample
    assert [p.login for p in (plan.system_admin, plan.security_admin, plan.clerk)] == ["xt", "aq", "wang"]
    assert [p.password for p in (plan.system_admin, plan.security_admin, plan.clerk)] == list(SECRETS)


def test_the_review_shows_everything_but_the_passwords(wizard, reviewed):
    words = "\n".join(shown(wizard))
    for text in (
        "演示街道",
        "115",
        "000-0000-0010",
        "演示路 1 号",
        "钱样安，登录名 xt",
        "王样鸣，登录名 wang",
        "0012",
    ):
        assert text in words
    for widget in wizard.findChildren(QLabel) + wizard.findChildren(QPushButton):
        assert not any(secret in widget.text() for secret in SECRETS)
    for edit in wizard.findChildren(PasswordEdit):
        assert edit.displayText() not in SECRETS


def test_a_step_with_faults_is_not_left_and_says_where_they_are(wizard, qtbot, press, type_text):
    type_text("演示街道")
    press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: focus().accessibleName() == "机关全称")
    assert wizard.step().key == "street"
    assert any(text.startswith("还有 4 处要改：机关全称") for text in shown(wizard))
    assert focus().accessibleDescription()
    assert "演示街道" in [line.text() for line in wizard.findChildren(QLineEdit)]


def test_a_step_is_judged_by_its_own_fields_only(wizard, fill):
    fill(STREET)
    assert wizard.step().key == "admins"
    assert not any(field.fault() for field in wizard.step().fields.values())


def test_going_back_keeps_everything_typed(wizard, qtbot, fill, press):
    fill(STREET)
    fill(ADMINS)
    before = wizard.typed()
    for key in ("admins", "street"):
        press(Qt.Key.Key_Escape)
        assert wizard.step().key == key
        qtbot.waitUntil(lambda: QApplication.focusWidget() in [f.line for f in wizard.step().fields.values()])
    press(Qt.Key.Key_Escape)
    assert wizard.step().key == "street"
    assert wizard.typed() == before
    assert before["security_admin.again"] == SECRETS[1]


def test_the_example_number_follows_every_key(wizard, fill, type_text):
    for texts in (STREET, ADMINS, CLERK):
        fill(texts)
    assert "0001" not in shown(wizard)
    type_text("12")
    assert {"115", "260921", "0012", "0001"} <= set(shown(wizard))


def test_passwords_typed_unlike_are_said_at_the_second(wizard, qtbot, fill, press):
    fill(STREET)
    fill((*ADMINS[:3], "xitong-guanli-13", *ADMINS[4:7]))
    press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: "再输一遍" in focus().accessibleName())
    assert wizard.step().key == "admins"
    assert any("两遍口令不一样" in text for text in shown(wizard))


def test_a_refused_plan_goes_back_to_its_field_and_may_be_tried_again(wizard, plans, reviewed, qtbot, press):
    press(Qt.Key.Key_F9)
    press(Qt.Key.Key_F9)
    assert len(plans) == 1
    wizard.refuse(Refusals((Blame("clerk.login", "这个登录名已经用了。请换一个。"),)))
    assert wizard.step().key == "clerk"
    assert wizard.step().fields["clerk.login"].fault() == "这个登录名已经用了。请换一个。"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is wizard.step().fields["clerk.login"].line)
    for _ in range(3):
        press(Qt.Key.Key_F9)
    assert len(plans) == 2


def test_a_refusal_of_no_field_is_said_on_the_last_page(wizard, reviewed, press):
    press(Qt.Key.Key_F9)
    wizard.refuse(Refusal("磁盘空间不够。请腾出 200 MB 再建立。"))
    assert wizard.step().key == "review"
    assert "磁盘空间不够。请腾出 200 MB 再建立。" in shown(wizard)


def test_the_review_leads_back_to_each_step(wizard, reviewed):
    button = next(b for b in wizard.findChildren(QPushButton) if b.accessibleName() == "改这一步：管理员")
    button.click()
    assert wizard.step().key == "admins"


def test_a_held_return_does_not_found_the_street(wizard, plans, reviewed, qtbot):
    from PySide6.QtGui import QKeyEvent

    held = QKeyEvent(
        QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
    )
    QApplication.sendEvent(focus(), held)
    assert plans == []


def test_every_step_walks_in_reading_order_and_fits_a_small_screen(wizard, fill, walk_focus):
    for texts in (STREET, ADMINS, CLERK, ("0012",), ()):
        stops = walk_focus(wizard)
        assert all(wizard.rect().contains(stop.mapTo(wizard, stop.rect().center())) for stop in stops)
        wizard.first_focus().setFocus()
        fill(texts)


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_every_step_fits_1366_by_690(wizard, dressed, qapp, scale):
    dressed.resize(round((scale - 1.0) / 0.25))
    qapp.processEvents()
    least = wizard.minimumSizeHint()
    assert least.width() <= 1366
    assert least.height() <= 690


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_the_field_with_the_focus_is_in_sight_with_its_fault(wizard, dressed, qapp, qtbot, press, scale):
    dressed.resize(round((scale - 1.0) / 0.25))
    wizard.resize(1366, 400)
    press(Qt.Key.Key_F9)
    for name in ("supervise_phone", "name"):
        field = wizard.step().fields[f"street.{name}"]
        field.line.setFocus()
        corner = field.mapTo(wizard, field.rect().bottomLeft())
        qtbot.waitUntil(lambda corner=corner: 50 <= corner.y() <= 400)


def test_a_street_with_a_central_is_joined_instead(wizard, plans, qtbot, press):
    with qtbot.waitSignal(wizard.joining):
        press(Qt.Key.Key_F8)
    assert plans == []


def test_joining_is_offered_on_the_first_page_only(wizard, fill, qtbot, press):
    fill(STREET)
    assert "接入已有的中心库" not in [b.text() for b in wizard.findChildren(QPushButton) if b.isVisible()]
    with qtbot.assertNotEmitted(wizard.joining):
        press(Qt.Key.Key_F8)
