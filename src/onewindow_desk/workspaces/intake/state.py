"""What the intake workspace knows and does, without a widget: applicants, drafts, faults, undo.

Every edit changes the draft in memory first and then on disk. A disk that refuses raises its
Refusal after the change has been taken over, so nothing typed is lost from the screen.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from msgspec.structs import replace

from onewindow_desk.domain.case import ApplicantKind
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.deadline import Deadline, acceptance_deadline, deadlines_if_accepted
from onewindow_desk.domain.item import Item, Material
from onewindow_desk.domain.paper import PaperStatus
from onewindow_desk.domain.search import PinyinIndex, build_index, search_items
from onewindow_desk.faults import Blame, Refusal
from onewindow_desk.services import intake
from onewindow_desk.services.draft import Draft, DraftPage
from onewindow_desk.services.intake_checks import check, check_field
from onewindow_desk.services.shift import Shift
from onewindow_desk.workspaces.intake import edits, form, words
from onewindow_desk.workspaces.intake.sitting import Handed, Sitting
from onewindow_desk.workspaces.intake.words import fill, tr

RECENT = 5
_LOOKED_THROUGH = 200
_PRINTED = ("applicant.name", "representative.name", "agent.name")


class IntakeState:
    """The applicants at this counter and the one in front."""

    def __init__(self, shift: Shift, new_id: Callable[[], UUID] = uuid4) -> None:
        self.shift = shift
        self._new_id = new_id
        self._index: PinyinIndex = ()
        self.sittings: list[Sitting] = []
        self.place = 0

    def open(self) -> None:
        """Take up this person's drafts, or begin one."""
        self.sittings = [Sitting(draft) for draft in intake.drafts(self.shift)]
        self.place = 0
        if not self.sittings:
            self.new()

    def take_up(self) -> bool:
        """Bring a draft to the front that was begun outside this page; False when there is none."""
        known = {sitting.draft.draft_id for sitting in self.sittings}
        begun = [draft for draft in intake.drafts(self.shift) if draft.draft_id not in known]
        self.sittings += [Sitting(draft) for draft in begun]
        if begun:
            self.place = len(self.sittings) - 1
        return bool(begun)

    # --- applicants

    @property
    def current(self) -> Sitting:
        """The applicant in front."""
        return self.sittings[self.place]

    @property
    def draft(self) -> Draft:
        """The draft in front."""
        return self.current.draft

    @property
    def item(self) -> Item | None:
        """The item of the draft in front."""
        return self.item_of(self.draft)

    def item_of(self, draft: Draft) -> Item | None:
        """The item of a draft; None before one is chosen, or when the catalogue no longer has it."""
        return next((item for item in self.shift.rules.catalogue.items if item.id == draft.item_id), None)

    def new(self) -> None:
        """Bring an empty draft to the front: the one there is, or a new one."""
        for place, sitting in enumerate(self.sittings):
            if sitting.fresh:
                self.place = place
                return
        self.sittings.append(Sitting(intake.new_draft(self.shift, self._new_id())))
        self.place = len(self.sittings) - 1

    def go(self, place: int) -> None:
        """Bring the applicant at this place to the front."""
        self.place = place

    def next(self) -> bool:
        """Bring the next applicant to the front; a new one where there is only one. False: none to go to."""
        if len(self.sittings) > 1:
            self.place = (self.place + 1) % len(self.sittings)
        elif self.current.fresh:
            return False
        else:
            self.new()
        return True

    def sitting_of(self, draft_id: UUID) -> Sitting | None:
        """The applicant a draft belongs to, wherever it stands."""
        return next((sitting for sitting in self.sittings if sitting.draft.draft_id == draft_id), None)

    def titles(self) -> tuple[str, ...]:
        """What the tabs say."""
        return tuple(self._title(sitting, place == self.place) for place, sitting in enumerate(self.sittings))

    def _title(self, sitting: Sitting, in_front: bool) -> str:
        name = sitting.draft.value("applicant.name").strip()
        item = self.item_of(sitting.draft)
        if sitting.handed is not None:
            return fill(tr("%1（等凭证）"), name or tr("已收件"))
        if sitting.fresh:
            return tr("新收件")
        if in_front:
            return name or (item.name if item else tr("新收件"))
        return fill(tr("%1（草稿）"), " · ".join(part for part in (name, item.name if item else "") if part))

    def finish(self, handed: Handed) -> bool:
        """This applicant has the paper and leaves; a fresh draft comes to the front if they stood there.

        True when another applicant is in front now.
        """
        in_front = self.current.handed is handed
        front = self.current
        self.sittings = [sitting for sitting in self.sittings if sitting.handed is not handed]
        if in_front:
            self.new()
        else:
            self.place = self.sittings.index(front)
        return in_front

    # --- finding an item

    def search(self, query: str) -> tuple[Item, ...]:
        """The items that answer to what was typed, best first; none for nothing typed."""
        if not query.strip():
            return ()
        if not self._index:
            self._index = build_index(self.shift.rules.catalogue)
        return search_items(self.shift.rules.catalogue, query, self._index)

    def recent(self) -> tuple[tuple[tuple[Item, str], ...], bool]:
        """The items received here last, each with when or how often.

        While there are few of them the whole catalogue follows, and the second value is True.
        """
        times: dict[str, list[datetime]] = {}
        for row in self.shift.store.cases(limit=_LOOKED_THROUGH):
            if row.received_at is not None:
                times.setdefault(row.item_id, []).append(row.received_at)
        known = {item.id: item for item in self.shift.rules.catalogue.items}
        now = self.shift.now()
        found = tuple((known[key], words.lately(at, now)) for key, at in times.items() if key in known)
        if len(found) >= RECENT:
            return found[:RECENT], False
        others = tuple((item, words.result_line(item)) for key, item in known.items() if key not in times)
        return (*found, *others), True

    # --- edits

    def set_value(self, key: str, text: str) -> None:
        """One field was typed in."""
        if self.draft.value(key) != text:
            self._keep(self.draft.with_value(key, text))

    def leave(self, key: str) -> str:
        """The person left a field: what is to be put right there, "" for nothing."""
        self.current.left.add(key)
        return self.fault(key)

    def fault(self, key: str) -> str:
        """What is to be put right in a field that was left before."""
        if key not in self.current.left:
            return ""
        blame = check_field(self.draft, self.item, key)
        return blame.text if blame else ""

    def choose(self, item: Item) -> bool:
        """Take an item; False when it was taken already. Ctrl+Z goes back to the one before."""
        if self.draft.item_id == item.id:
            return False
        before = self.item
        if before is not None:
            self.current.remember(fill(tr("事项换回“%1”"), before.name))
        self.current.material = item.materials[0].code if item.materials else ""
        self._keep(edits.choose_item(self.draft, item))
        return True

    def set_kind(self, kind: ApplicantKind) -> None:
        """A person or an organisation applies."""
        self._keep(edits.set_kind(self.draft, kind))

    def set_agent(self, with_agent: bool) -> None:
        """Somebody came in the applicant's place, or not."""
        self._keep(edits.set_agent(self.draft, with_agent))

    def tick(self, material: Material, ticked: bool) -> None:
        """A material is here, or not."""
        self._keep(edits.tick(self.draft, material, ticked))

    def set_counts(self, code: str, originals: int, copies: int, keeps_original: bool) -> None:
        """How much of a material was handed over."""
        self._keep(edits.set_counts(self.draft, code, originals, copies, keeps_original))

    def undo(self) -> str:
        """Take the last step back and say so; "" when there was none."""
        if not self.current.steps:
            return ""
        step = self.current.steps.pop()
        self._keep(step.draft)
        return step.done

    def _keep(self, draft: Draft) -> None:
        self._keep_in(self.current, draft)

    def _keep_in(self, sitting: Sitting, draft: Draft) -> None:
        sitting.draft = draft
        sitting.draft = intake.save_draft(self.shift, draft)

    # --- pages

    def keep_page(self, draft_id: UUID, data: bytes, media_type: str, pages: int, code: str) -> str:
        """Put what arrived on disk and file its pages, wherever the person is by now; its SHA-256."""
        sitting = self.sitting_of(draft_id)
        if sitting is None or sitting.handed is not None:
            raise Refusal(tr("这一页来得太晚，收件已经完成。请在办件里补充材料。"))
        sitting.draft = intake.keep_page(self.shift, sitting.draft, data, media_type, code, pages)
        return sitting.draft.pages[-1].page.sha256

    def more_pages(self, draft_id: UUID, sha256: str, pages: int) -> None:
        """A file that came as one page turned out to hold several: file the others behind it."""
        sitting = self.sitting_of(draft_id)
        if sitting is None or pages < 2:
            return
        place = next((n for n, entry in enumerate(sitting.draft.pages) if entry.page.sha256 == sha256), None)
        if place is not None:
            first = sitting.draft.pages[place]
            more = tuple(_at(first, page) for page in range(1, pages))
            old = sitting.draft.pages
            self._keep_in(
                sitting, replace(sitting.draft, pages=(*old[: place + 1], *more, *old[place + 1 :]))
            )

    def drop_file(self, draft_id: UUID, sha256: str) -> None:
        """Take out the pages of a file that cannot be read."""
        sitting = self.sitting_of(draft_id)
        if sitting is not None:
            pages = tuple(entry for entry in sitting.draft.pages if entry.page.sha256 != sha256)
            self._keep_in(sitting, replace(sitting.draft, pages=pages))

    def turn_page(self, place: int) -> None:
        """A quarter clockwise."""
        self._paged(fill(tr("第 %1 页转回原样"), place + 1), edits.turn_page(self.draft, place))

    def move_page(self, place: int, step: int) -> bool:
        """One place on or back; False at the end of the row."""
        moved = edits.move_page(self.draft, place, step)
        if moved is self.draft:
            return False
        self._paged(fill(tr("第 %1 页挪回原处"), place + 1), moved)
        return True

    def remove_page(self, place: int) -> None:
        """Out of the draft; Ctrl+Z brings it back."""
        self._paged(fill(tr("第 %1 页已找回"), place + 1), edits.remove_page(self.draft, place))

    def file_page(self, place: int, code: str) -> None:
        """Under another material."""
        self._paged(fill(tr("第 %1 页归回原处"), place + 1), edits.file_page(self.draft, place, code))

    def _paged(self, back: str, draft: Draft) -> None:
        self.current.remember(back)
        self._keep(draft)

    # --- what is left to do, and doing it

    def blames(self) -> tuple[Blame, ...]:
        """Everything that has to be put right before this draft can be received."""
        return check(self.draft, self.item)

    def to_mend(self) -> str:
        """The same in words, for the left of the action bar."""
        called = form.names(self.draft, self.item)
        blames = self.blames()
        wrong = any(blame.field in self.current.left for blame in blames)
        return words.to_mend([called.get(blame.field, blame.field) for blame in blames], wrong)

    def leave_all(self) -> tuple[Blame, ...]:
        """As if the person had been everywhere: every fault may be shown now."""
        blames = self.blames()
        self.current.left.update(blame.field for blame in blames)
        return blames

    def check_print(self) -> None:
        """Refuse, before anything is recorded, a name that no font here can print on the receipt."""
        fonts = self.shift.rules.fonts
        for key in _PRINTED:
            fonts.check(self.draft.value(key), field=key)

    def receive(self) -> Handed:
        """Make the draft a case, durable when this returns; Refusals leave the draft as it is."""
        confirmed = intake.receive(self.shift, self.draft)
        handed = Handed(case_id=confirmed.case_id, receipt_no=confirmed.receipt_no)
        self.current.handed = handed
        self.current.steps.clear()
        return handed

    def in_hand(self, handed: Handed) -> bool:
        """Whether somebody has said that this receipt came out."""
        marks = self.shift.store.case(handed.case_id).papers
        return any(mark.status is PaperStatus.CONFIRMED for mark in marks)

    def deadline(self) -> Deadline:
        """By when the application must be answered, were it received now."""
        return acceptance_deadline(self.shift.now(), self.shift.rules.calendar)

    def decisions(self, item: Item) -> tuple[Deadline, Deadline]:
        """Promised and statutory limit, were it accepted today."""
        return deadlines_if_accepted(local_date(self.shift.now()), item, self.shift.rules.calendar)


def _at(first: DraftPage, page: int) -> DraftPage:
    return replace(first, page=replace(first.page, page=page))
