from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from onewindow_desk.workspaces.shared.fault_notice import FaultNotice, show_fault


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "desk.log"
    path.write_text("A1B2C3 ValueError at store.py:1", encoding="utf-8")
    return path


@pytest.fixture
def page(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def notice_on(page: QWidget) -> FaultNotice:
    (found,) = page.findChildren(FaultNotice)
    return found


def words(notice: QWidget) -> str:
    return "\n".join(label.text() for label in notice.findChildren(QLabel))


def button(notice: FaultNotice, text: str) -> QPushButton:
    return next(button for button in notice.findChildren(QPushButton) if button.text() == text)


def test_a_fault_says_what_is_safe_and_its_number(page: QWidget, log: Path, qtbot) -> None:
    show_fault(page, log, "A1B2C3", "")
    notice = notice_on(page)
    assert "A1B2C3" in words(notice)
    assert "都存在本机" in words(notice)
    assert button(notice, "保存日志").isVisible()
    qtbot.mouseClick(button(notice, "接着办"), Qt.MouseButton.LeftButton)
    assert notice.isHidden()


def test_a_refusal_that_nobody_showed_is_told_in_its_own_words(page: QWidget, log: Path) -> None:
    show_fault(page, log, "", "磁盘快满了。请清理后再办。")
    notice = notice_on(page)
    assert "磁盘快满了。请清理后再办。" in words(notice)
    assert not button(notice, "保存日志").isVisible()
    notice.close()


def test_a_second_fault_takes_the_place_of_the_first(page: QWidget, log: Path) -> None:
    show_fault(page, log, "A1B2C3", "")
    show_fault(page, log, "D4E5F6", "")
    notices = page.findChildren(FaultNotice)
    assert len(notices) == 1
    assert "D4E5F6" in words(notices[0])
    notices[0].close()


def test_return_on_the_way_on_closes_it(page: QWidget, log: Path, qtbot) -> None:
    show_fault(page, log, "A1B2C3", "")
    notice = notice_on(page)
    qtbot.keyClick(button(notice, "接着办"), Qt.Key.Key_Return)
    assert notice.isHidden()


def test_the_log_is_saved_where_the_person_says(page: QWidget, log: Path, tmp_path: Path, qtbot) -> None:
    show_fault(page, log, "A1B2C3", "")
    notice = notice_on(page)
    qtbot.mouseClick(button(notice, "保存日志"), Qt.MouseButton.LeftButton)
    (chooser,) = notice.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "copy.log"))
    chooser.close()
    assert (tmp_path / "copy.log").read_bytes() == log.read_bytes()
    assert "日志已保存" in words(notice)
    notice.close()


def test_a_log_that_cannot_be_saved_is_told(page: QWidget, log: Path, tmp_path: Path) -> None:
    show_fault(page, log, "A1B2C3", "")
    notice = notice_on(page)
    notice.save(tmp_path / "no folder" / "copy.log")
    assert "换一个文件夹" in words(notice)
    notice.close()
