"""接入: where the system administrator of a street that works alone joins a central."""

from onewindow_desk.workspaces.joining.workspace import JoiningWorkspace

__all__ = ["JoiningWorkspace"]
