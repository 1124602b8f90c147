"""The rows of the materials table: what is asked for, what is here, in words and a badge."""

from dataclasses import dataclass

from onewindow_desk.domain.item import Item, Material
from onewindow_desk.services.draft import Draft, DraftMaterial
from onewindow_desk.workspaces.intake.words import fill, handed, requirement, tr
from onewindow_desk.workspaces.shared.badges import Badge

_AGENT_ONLY = "委托"


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One row: the material, how it stands in the draft, how many pages are filed under it."""

    material: Material
    row: DraftMaterial
    pages: int
    asked: str
    badge: Badge

    @property
    def code(self) -> str:
        """The material's code."""
        return self.material.code


def rows(item: Item, draft: Draft) -> tuple[MaterialRow, ...]:
    """The rows of an item as this draft has them."""
    return tuple(_row(material, draft) for material in item.materials)


def listed(item: Item) -> tuple[MaterialRow, ...]:
    """The rows of an item that is only looked at."""
    return tuple(
        MaterialRow(
            material, DraftMaterial(), 0, requirement(material), _asked_badge(material, tr("要交"), False)
        )
        for material in item.materials
    )


def _row(material: Material, draft: Draft) -> MaterialRow:
    row = draft.materials.get(material.code, DraftMaterial())
    pages = sum(page.material == material.code for page in draft.pages)
    asked = (
        handed(row.originals, row.copies) if row.ticked and _differs(material, row) else requirement(material)
    )
    return MaterialRow(material, row, pages, asked, _badge(material, row, pages, draft.with_agent))


def _differs(material: Material, row: DraftMaterial) -> bool:
    return (row.originals, row.copies) != (material.originals, material.copies)


def _badge(material: Material, row: DraftMaterial, pages: int, with_agent: bool) -> Badge:
    if row.ticked:
        return Badge("ready", fill(tr("%1 页"), pages) if pages else tr("已收"))
    if pages:
        return Badge("waiting", fill(tr("%1 页未勾"), pages))
    return _asked_badge(material, tr("待交"), with_agent)


def _asked_badge(material: Material, due: str, with_agent: bool) -> Badge:
    if material.tolerable:
        return Badge("tolerated", tr("可容缺"))
    needed = material.required or (with_agent and _AGENT_ONLY in material.condition)
    return Badge("waiting", due if needed else tr("视情况"))


def in_hand(item: Item, draft: Draft) -> int:
    """How many kinds of material are ticked."""
    return sum(draft.materials.get(row.code, DraftMaterial()).ticked for row in item.materials)
