"""The bar at the bottom of a workspace: hint at the left, actions at the right, the blue one last."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.widgets.action_button import ActionButton
from onewindow_desk.workspaces.shared.widgets.label import ElidedLabel
from onewindow_desk.workspaces.workspace import Action


class ActionBar(QFrame):
    """Shows actions as buttons. The same keys keep their buttons, so that the focus stays.

    A click leaves the focus where the person works. `orphaned` is emitted when a button that had the
    focus is gone or can no longer be pressed.
    """

    orphaned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[Key, Action] = {}
        self._buttons: dict[Key, ActionButton] = {}
        self._hint = ElidedLabel(self, role="caption")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 16, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._hint, 1)

    def hint(self) -> str:
        """The words at the left."""
        return self._hint.whole()

    def set_hint(self, text: str) -> None:
        """Say what is missing, or which keys move here."""
        self._hint.set_whole(text)

    def button(self, key: Key) -> ActionButton | None:
        """The button of a key, None where the bar has none."""
        return self._buttons.get(key)

    def show_actions(self, actions: Sequence[Action]) -> None:
        """Show these; two actions on one key are a ValueError."""
        focused = next((key for key, button in self._buttons.items() if button.hasFocus()), None)
        shown = sorted((action for action in actions if action.shown), key=lambda action: action.primary)
        if len({action.key for action in actions}) < len(actions):
            raise ValueError("two actions on one key")
        if [action.key for action in shown] != list(self._buttons):
            self._rebuild(shown)
        for action in shown:
            self._update(self._buttons[action.key], action)
        self._actions = {action.key: action for action in actions}
        if focused is not None and not self._can_press(focused):
            self.orphaned.emit()

    def _can_press(self, key: Key) -> bool:
        button = self._buttons.get(key)
        return button is not None and button.isEnabled()

    def action(self, sequence: str) -> Action | None:
        """The action that answers a key sequence, None where there is none."""
        for key, action in self._actions.items():
            if sequence in key.sequences:
                return action
        return None

    def _rebuild(self, shown: Sequence[Action]) -> None:
        for button in self._buttons.values():
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for action in shown:
            button = ActionButton(self, key=action.key, primary=action.primary)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._press)
            self._buttons[action.key] = button
            self._row.addWidget(button)

    @staticmethod
    def _update(button: ActionButton, action: Action) -> None:
        button.setText(action.text)
        button.set_icon(action.icon)
        button.set_primary(action.primary)
        button.setEnabled(action.enabled)

    def _press(self) -> None:
        for key, button in self._buttons.items():
            if button is self.sender():
                self._actions[key].slot()
                return
