"""线路: what goes on without the central, and what waits to be sent to it."""

from onewindow_desk.workspaces.line.workspace import LineWorkspace

__all__ = ["LineWorkspace"]
