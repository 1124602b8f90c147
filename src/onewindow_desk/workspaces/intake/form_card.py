"""The left column: the item, and below it the applicant."""

from PySide6.QtWidgets import QWidget

from onewindow_desk.workspaces.intake.applicant_card import ApplicantCard
from onewindow_desk.workspaces.intake.item_card import ItemCard
from onewindow_desk.workspaces.shared.widgets.card import Card


class FormCard(Card):
    """Card 1 over card 2, in one box that scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = ItemCard(self)
        self.applicant = ApplicantCard(self)
        self.add(self.item)
        self.add(self.applicant, 1)
