"""The workspaces that one person's roles open, put into a shell."""

from onewindow_desk.background import Background
from onewindow_desk.services.shift import Shift
from onewindow_desk.shell import Shell
from onewindow_desk.workspaces.attention import AttentionWorkspace
from onewindow_desk.workspaces.intake import IntakeDevices, IntakeWorkspace
from onewindow_desk.workspaces.joining import JoiningWorkspace
from onewindow_desk.workspaces.line import LineWorkspace
from onewindow_desk.workspaces.shared.theme import Theme
from onewindow_desk.workspaces.today import TodayWorkspace
from onewindow_desk.workspaces.workspace import Workspace


def build_shell(shift: Shift, background: Background, devices: IntakeDevices, theme: Theme) -> Shell:
    """A shell for this shift, with the workspaces the person may open."""
    shell = Shell(theme)
    shell.show_person(shift.person.name, shift.window, sample=shift.street.sample)
    for workspace in _workspaces(shift, background, devices):
        if not workspace.needs or workspace.needs & shift.person.roles:
            shell.add(workspace)
        else:
            workspace.deleteLater()
    shell.set_line_page(LineWorkspace(shift, background))
    return shell


def _workspaces(shift: Shift, background: Background, devices: IntakeDevices) -> tuple[Workspace, ...]:
    return (
        TodayWorkspace(shift, background, devices.printers, printer=devices.printer),
        IntakeWorkspace(shift, background, devices),
        JoiningWorkspace(shift),
        AttentionWorkspace(shift, background),
    )
