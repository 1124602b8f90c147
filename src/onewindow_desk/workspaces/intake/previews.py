"""The papers as they will look: made in the background, from the draft as it stands."""

from onewindow_desk.documents.preview import Raster, render_page
from onewindow_desk.documents.receipt import render_receipt
from onewindow_desk.domain.item import Item
from onewindow_desk.services import guide, papers
from onewindow_desk.services.draft import Draft
from onewindow_desk.services.intake import received_from
from onewindow_desk.services.shift import Shift

WIDTH_PX = 720
"""Pixels across a preview; the panel scales it down."""


def draft_receipt(shift: Shift, draft: Draft, item: Item) -> bytes:
    """The receipt with its number still to come; Refusal when a character cannot be printed."""
    received = received_from(draft, item, shift.now(), shift.window, "")
    data = papers.receipt_of(shift, received, item.name, "", shift.person.name)
    return render_receipt(data, shift.rules.fonts)


def receipt_picture(shift: Shift, draft: Draft, item: Item) -> Raster:
    """The first page of that receipt."""
    return render_page(draft_receipt(shift, draft, item), 0, WIDTH_PX)


def guide_picture(shift: Shift, item: Item) -> Raster:
    """The first page of the 一次性告知单."""
    return render_page(guide.guide_pdf(shift, item), 0, WIDTH_PX)


def paper_picture(pdf: bytes) -> Raster:
    """The first page of a paper that is already kept."""
    return render_page(pdf, 0, WIDTH_PX)
