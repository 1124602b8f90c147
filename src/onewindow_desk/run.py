"""Start the program proper: application, theme, hook, desk, event loop."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from onewindow_desk.desk import Desk, Outside
from onewindow_desk.faults import Refusal
from onewindow_desk.hook import FaultHook, close_log, start_log
from onewindow_desk.settings import DeskSettings, load_desk_settings
from onewindow_desk.workspaces.shared.theme import Theme
from onewindow_desk.workspaces.shared.wedge_filter import WedgeFilter

if TYPE_CHECKING:
    from onewindow_desk.store import SecretVault
    from onewindow_desk.workspaces.intake import IntakeDevices


def run(folder: Path, *, demo: bool) -> int:
    """Open the desk on `folder` and stay until its window is closed."""
    folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    theme = apply_theme(application, _look_settings(folder))
    start_log(folder / "logs")
    if demo:
        _found_demo(folder)
    training = folder / "papers" if demo else None
    desk = Desk(Outside(folder, system_vault, now, lambda settings: devices(settings, training)), theme)
    hook = FaultHook(desk.tell_fault, desk)
    hook.install()
    wedge = WedgeFilter(application)
    desk.listen(wedge.scanned, wedge.unrecognised)
    desk.start(_demo_login() if demo else "")
    code = application.exec()
    desk.close()
    hook.remove()
    close_log()
    return code


def make_application() -> QApplication:
    """The one application object, named, Chinese where Qt itself speaks."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("onewindow-desk")
    application.setApplicationDisplayName("一窗办")
    # Qt's own words (file picker, field menus) in Chinese, or they would be English among ours.
    words = QTranslator(application)
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(words)
    return application


def apply_theme(application: QApplication, settings: DeskSettings) -> Theme:
    """Fonts, palette and style sheet as this desk has them set."""
    theme = Theme(settings.theme, settings.text_scale)
    theme.apply(application)
    return theme


def _look_settings(folder: Path) -> DeskSettings:
    """The settings for the look; a file nobody can read is told at signing in, not by a crash here."""
    try:
        return load_desk_settings(folder)
    except Refusal:
        return DeskSettings()


def now() -> datetime:
    """The present, aware, UTC."""
    return datetime.now(UTC)


def system_vault() -> "SecretVault":
    """The operating system's vault, reached for only when the store is opened."""
    from onewindow_desk.opening import system_vault as vault

    return vault()


def devices(settings: DeskSettings, training: Path | None = None) -> "IntakeDevices":
    """The scanner and printers that this desk has set; `training` as for `chosen_printers`."""
    from onewindow_desk.devices.chosen import chosen_printers, chosen_scanner
    from onewindow_desk.devices.reader.client import open_untrusted
    from onewindow_desk.devices.scanner import ScanSettings
    from onewindow_desk.workspaces.intake import IntakeDevices

    return IntakeDevices(
        scanner=chosen_scanner(settings.scanner),
        printers=chosen_printers(training),
        read=open_untrusted,
        printer=settings.printer,
        settings=ScanSettings(dpi=settings.scan_dpi),
    )


def _demo_login() -> str:
    from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD

    sys.stdout.write(f"Demo street: sign in as {DEMO_LOGIN} with {DEMO_PASSWORD}\n")
    return DEMO_LOGIN


def _found_demo(folder: Path, vault: "Callable[[], SecretVault]" = system_vault) -> None:
    from onewindow_desk.demo import demo_plan
    from onewindow_desk.opening import found_desk
    from onewindow_desk.store import Store

    if not Store.exists(folder):
        found_desk(folder, vault, now, demo_plan()).store.close()
