from PySide6.QtWidgets import QApplication

from onewindow_desk import run


def test_the_application_speaks_chinese_where_qt_speaks(qapp):
    assert run.make_application() is qapp
    assert QApplication.translate("QPlatformTheme", "Cancel") == "取消"


def test_the_present_is_aware_and_in_utc():
    offset = run.now().utcoffset()
    assert offset is not None
    assert not offset
