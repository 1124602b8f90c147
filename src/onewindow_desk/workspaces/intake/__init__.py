"""Receiving (收件): from choosing the item to the receipt in the applicant's hand."""

from onewindow_desk.workspaces.intake.ports import IntakeDevices
from onewindow_desk.workspaces.intake.workspace import IntakeWorkspace

__all__ = ["IntakeDevices", "IntakeWorkspace"]
