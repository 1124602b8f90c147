import pytest
from PySide6.QtWidgets import QWidget

# The window as it is on a small screen with a task bar.
WIDTH, HEIGHT = 1366, 690


@pytest.fixture
def show(qtbot, dressed):
    """Shows a page at the size of a small screen, in front."""

    def bring(page: QWidget) -> QWidget:
        qtbot.addWidget(page)
        page.resize(WIDTH, HEIGHT)
        with qtbot.waitActive(page):
            page.show()
        return page

    return bring
