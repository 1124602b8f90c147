"""需处理: steps the central did not take, why, and the ways on."""

from onewindow_desk.workspaces.attention.workspace import AttentionWorkspace

__all__ = ["AttentionWorkspace"]
