"""今日: what is open, how it stands in time, what to do next; and the receipts nobody vouched for."""

from onewindow_desk.workspaces.today.workspace import TodayWorkspace

__all__ = ["TodayWorkspace"]
