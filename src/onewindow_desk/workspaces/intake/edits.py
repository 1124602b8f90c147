"""What a keystroke does to a draft: pure changes, one function each.

Values that belong to another item, or to the other kind of applicant, are put aside under `stash.`
and come back with it: changing one's mind loses nothing.
"""

from msgspec.structs import replace

from onewindow_desk.domain.case import ApplicantKind
from onewindow_desk.domain.item import Item, Material
from onewindow_desk.services.draft import Draft, DraftMaterial, DraftPage

FULL_TURN = 360
QUARTER = 90
_BY_KIND = ("applicant.name", "applicant.identity_type", "applicant.number")


def choose_item(draft: Draft, item: Item) -> Draft:
    """The draft for another item: ticks start anew, pages of materials it does not ask for wait."""
    if draft.item_id == item.id:
        return draft
    keys = tuple(key for key in draft.values if key.startswith("field."))
    values = _swapped(draft.values, keys, draft.item_id, item.id)
    codes = {row.code for row in item.materials}
    pages = tuple(page if page.material in codes else replace(page, material="") for page in draft.pages)
    return replace(draft, item_id=item.id, values=values, materials={}, pages=pages)


def set_kind(draft: Draft, kind: ApplicantKind) -> Draft:
    """The draft for a person or an organisation; each keeps its own name and number."""
    if draft.applicant_kind is kind:
        return draft
    values = _swapped(draft.values, _BY_KIND, draft.applicant_kind.value, kind.value)
    return replace(draft, applicant_kind=kind, values=values)


def set_agent(draft: Draft, with_agent: bool) -> Draft:
    """Somebody came in the applicant's place, or not; what was typed about them stays."""
    return replace(draft, with_agent=with_agent)


def tick(draft: Draft, material: Material, ticked: bool) -> Draft:
    """The material is here, or not; the first tick takes over the counts asked for."""
    row = draft.materials.get(material.code, DraftMaterial())
    if ticked and not (row.originals or row.copies):
        row = replace(row, originals=material.originals, copies=material.copies)
    return draft.with_material(material.code, replace(row, ticked=ticked))


def set_counts(draft: Draft, code: str, originals: int, copies: int, keeps_original: bool) -> Draft:
    """How many originals and copies were handed over, and whether the originals stay."""
    row = draft.materials.get(code, DraftMaterial())
    changed = replace(row, originals=originals, copies=copies, keeps_original=keeps_original)
    return draft.with_material(code, changed)


def turn_page(draft: Draft, place: int) -> Draft:
    """The page at `place` a quarter further, clockwise."""
    entry = draft.pages[place]
    turned = replace(entry.page, rotation=(entry.page.rotation + QUARTER) % FULL_TURN)
    return _with_page(draft, place, replace(entry, page=turned))


def file_page(draft: Draft, place: int, code: str) -> Draft:
    """The page at `place` belongs to this material."""
    return _with_page(draft, place, replace(draft.pages[place], material=code))


def move_page(draft: Draft, place: int, step: int) -> Draft:
    """The page at `place` changes places with its neighbour; at the end nothing happens."""
    other = place + step
    if not 0 <= other < len(draft.pages):
        return draft
    pages = list(draft.pages)
    pages[place], pages[other] = pages[other], pages[place]
    return replace(draft, pages=tuple(pages))


def remove_page(draft: Draft, place: int) -> Draft:
    """The draft without the page at `place`."""
    return replace(draft, pages=draft.pages[:place] + draft.pages[place + 1 :])


def _with_page(draft: Draft, place: int, entry: DraftPage) -> Draft:
    return replace(draft, pages=(*draft.pages[:place], entry, *draft.pages[place + 1 :]))


def _swapped(values: dict[str, str], keys: tuple[str, ...], old: str, new: str) -> dict[str, str]:
    """`values` with `keys` put aside under `old`, and what was put aside under `new` taken out."""
    changed = dict(values)
    for key in keys:
        changed[f"stash.{old}.{key}"] = changed.pop(key, "")
    prefix = f"stash.{new}."
    for key in [key for key in changed if key.startswith(prefix)]:
        changed[key.removeprefix(prefix)] = changed.pop(key)
    return changed
