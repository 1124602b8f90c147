"""What the central ought to make of every operation, written down a second time and slowly.

Nothing here comes from the product: the tables were typed from the law's lifecycle and the
agreement between desk and central. People, files and operations are plain dictionaries; an answer
is a verdict and a reason. One flat list of steps a case may take, one long judgement, no speed.

An operation is a dict: replica, seq, op_id, case, kind, author, at (ISO text), base, facts (the
envelope), key_id, and what is wrong with its bytes: `readable`, `mac_good`, `payload_good`.
"""

import datetime as dt
from pathlib import Path

OFFICE = ["guide", "agent", "window", "handler", "reviewer", "decider", "sealkeeper", "issuer", "fees"]
OFFICE += ["liaison", "dept", "supervisor", "archivist"]
PRINTERS = ["window", "handler", "reviewer", "decider", "sealkeeper", "issuer", "fees"]
ADMINS = ["system_admin", "security_admin", "audit_admin"]
BESIDE = {  # on a case, moves nothing, counts into no version
    "note": OFFICE,
    "material_added": ["window"],
    "paper_sent": PRINTERS,
    "paper_confirmed": PRINTERS,
    "paper_failed": PRINTERS,
    "paper_reprinted": PRINTERS,
}
OF_THE_STREET = {
    "street_founded": ADMINS,
    "person_added": ADMINS[:2],
    "person_changed": ADMINS[:2],
    "signed_in": OFFICE + ADMINS,
    "series_leased": ADMINS[:1],
    "catalogue_imported": ADMINS[:1],
    "calendar_imported": ADMINS[:1],
    "setting_changed": ADMINS[:2],
    "attention_settled": OFFICE + ADMINS,
}
MUST_BE_PRESENT = {
    "refuse_acceptance",
    "grant_on_spot",
    "start_special",
    "extend",
    "report_up",
    "register_district_decision",
    "grant",
    "deny",
    "deny_false_materials",
    "certify",
    "certify_paid",
    "person_added",
    "person_changed",
    "setting_changed",
    "catalogue_imported",
    "calendar_imported",
    "series_leased",
}
NEED_EVERY_FILE = {"grant", "deny", "grant_on_spot", "deny_false_materials"}
NEVER_ONE_PERSON = {
    frozenset(pair.split())
    for pair in [
        "window handler",
        "window reviewer",
        "window decider",
        "window sealkeeper",
        "handler reviewer",
        "handler decider",
        "sealkeeper reviewer",
        "sealkeeper decider",
        "issuer reviewer",
        "issuer decider",
        "issuer sealkeeper",
    ]
}
SMALL_STREET = frozenset({"issuer", "sealkeeper"})
CLOCK_STOPPERS = [
    "hearing",
    "tender",
    "auction",
    "inspection",
    "testing",
    "quarantine",
    "appraisal",
    "expert_review",
]
TAKES_MATERIALS = ["received", "correction", "accepted", "reviewing", "special", "reviewed"]


def _read_steps():
    steps = {}
    for line in Path(__file__).with_name("steps.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, sources, target, who, guards, ends, base = (cell.strip() for cell in line.split("|"))
        steps[name.lstrip("?")] = {
            "first_word": name.startswith("?"),
            "from": sources.split(),
            "to": target,
            "who": who.split(),
            "guards": guards.split(),
            "ends": ends,
            "based": base == "based",
        }
    return steps


STEP = _read_steps()
SECOND_OF = {step["ends"]: name for name, step in STEP.items() if step["ends"]}
DECLINERS = sorted({role for second in SECOND_OF.values() for role in STEP[second]["who"]})
KINDS = sorted({*STEP, *BESIDE, *OF_THE_STREET, "decline_proposal"})


class No(Exception):
    """A verdict that is not `applied`, with its reason."""

    def __init__(self, verdict, reason) -> None:
        super().__init__(verdict, reason)
        self.answer = (verdict, reason)


def who_may(kind):
    if kind == "decline_proposal":
        return DECLINERS
    if kind in STEP:
        return STEP[kind]["who"]
    return BESIDE.get(kind) or OF_THE_STREET.get(kind)


def new_case(street):
    return {
        "street": street, "state": "draft", "version": 0, "history": [], "offer": None, "asked": None,
        "lacking": set(), "extended": False, "level": None, "decided_by": None, "received_on": None,
        "files": set(),
    }  # fmt: skip


def chinese_day(moment):
    at = dt.datetime.fromisoformat(moment)
    return (at + dt.timedelta(hours=8)).date()


def says_something(value):
    return value not in (None, False, 0, "", [], {})


def whole(facts, key):
    """A whole number; what is no whole number is a guard not met."""
    value = facts.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int):
        raise No("rejected", "guard:" + key)
    return value


def reject(reason):
    raise No("rejected", reason)


class CaseLaw:
    """What one case allows: the part that every desk must find in the same way as the central."""

    def duty(self, kind, facts):
        """In which duty the act is done, by what it says of itself."""
        open_to, claimed = who_may(kind), facts.get("role")
        if claimed in (None, "") and len(open_to) == 1:
            return open_to[0]
        if claimed not in open_to:
            reject("role")
        return claimed

    def weigh(self, case, op):
        """Raise No, or give (case after, duty); the case given is not touched."""
        after = {**case, "history": list(case["history"]), "lacking": set(case["lacking"])}
        after["files"] = set(case["files"])
        kind = op["kind"]
        if kind in BESIDE:
            self.beside(after, op)
            return after, None
        duty = self.duty_by_kind(after, op)
        after["history"].append((op["author"], duty))
        after["version"] += 1
        return after, duty

    def beside(self, case, op):
        if op["kind"] == "material_added":
            if case["state"] not in TAKES_MATERIALS:
                reject("state")
            case["lacking"].discard(op["facts"].get("code"))

    def duty_by_kind(self, case, op):
        kind, facts = op["kind"], op["facts"]
        declining = kind == "decline_proposal"
        if declining and case["offer"] is None:
            reject("second_person")
        name = case["offer"]["kind"] if declining else kind
        step = STEP[name]
        self.base(case, op, step)
        self.silence(case, op)
        if not declining:
            self.place(case, name, step)
        duty = self.duty(kind, facts)
        if declining and duty not in STEP[SECOND_OF[name]]["who"]:
            reject("role")
        self.parted(case, op, duty)
        if declining:
            case["offer"] = None
            return duty
        for guard in step["guards"]:
            if not says_something(facts.get(guard)):
                reject("guard:" + guard)
        if step["ends"]:
            self.second(case, op, step)
        self.level(case, kind)
        self.own_rule(case, kind, facts)
        self.take_effect(case, op, step)
        return duty

    def base(self, case, op, step):
        if op["base"] is None:
            if step["based"]:
                reject("stale")
        elif op["base"] != case["version"]:
            reject("stale") if op["base"] < case["version"] else self.ahead()

    def ahead(self):
        raise No("parked", "version_ahead")

    def silence(self, case, op):
        """An act may rest on the law having accepted the case by silence."""
        relied = op["facts"].get("deemed_accepted")
        if not says_something(relied) or case["state"] != "received" or case["received_on"] is None:
            return
        early = chinese_day(op["at"]) <= case["received_on"] + dt.timedelta(days=5)
        if early or relied != case["received_on"].isoformat():
            reject("deemed")
        case["state"] = "accepted"

    def place(self, case, kind, step):
        if step["from"] == ["-"]:
            good = case["version"] == 0
        elif kind == "receive":
            good = case["state"] == "draft"
        else:
            good = case["version"] > 0 and case["state"] in step["from"]
        if not good:
            reject("state")

    def parted(self, case, op, duty):
        for person, earlier in case["history"]:
            pair = frozenset({earlier, duty})
            if person == op["author"] and pair in NEVER_ONE_PERSON:
                if pair == SMALL_STREET and op["facts"].get("relaxed") == "issuer_sealkeeper":
                    continue
                reject("separation")

    def second(self, case, op, step):
        offer = case["offer"]
        if offer is None or offer["kind"] != step["ends"] or op["facts"].get("proposal") != offer["op_id"]:
            reject("second_person")
        small = op["kind"] == "take_for_issue" and op["facts"].get("relaxed") == "issuer_sealkeeper"
        if offer["author"] == op["author"] and not small:
            reject("second_person")

    def level(self, case, kind):
        far = case["level"] == "district_after_street_review"
        if kind in ("grant_on_spot", "propose_grant_on_spot", "grant", "deny") and far:
            reject("level")
        if kind == "report_up" and case["level"] == "street":
            reject("level")
        theirs = case["decided_by"] == "district"
        if (kind in ("certify", "demand_payment") and theirs) or (
            kind == "forward_district_paper" and not theirs
        ):
            reject("level")

    def own_rule(self, case, kind, facts):  # noqa: C901 - a rule a line
        if kind == "accept_corrected":
            settled = facts.get("settled")
            if not isinstance(settled, list) or set(case["asked"] or ()) - set(settled):
                reject("guard:settled")
        if kind == "terminate_uncorrected" and whole(facts, "contacts") < 2:
            reject("guard:contacts")
        if kind == "grant" and case["lacking"]:
            reject("tolerated_open")
        if kind == "propose_special":
            if not 1 <= whole(facts, "told_days") <= 250:
                reject("guard:told_days")
            if facts["stop_kind"] not in CLOCK_STOPPERS:
                reject("guard:stop_kind")
        if kind == "extend":
            if case["extended"]:
                reject("extended_once")
            if not 1 <= whole(facts, "days") <= 15:
                reject("guard:days")

    def take_effect(self, case, op, step):
        kind, facts = op["kind"], op["facts"]
        if step["first_word"]:
            case["offer"] = {
                "kind": kind,
                "op_id": op["op_id"],
                "author": op["author"],
                "asked": facts.get("defects"),
            }
            return
        offer, case["offer"] = case["offer"], None
        target = step["to"]
        if "/" in target:
            target = facts["outcome"] if facts["outcome"] in target.split("/") else reject("guard:outcome")
            case["decided_by"] = "district"
        case["state"] = target
        if kind == "receive":
            case["level"] = facts.get("decision_level")
            case["received_on"] = chinese_day(facts["received_at"])
        elif kind == "request_correction":
            case["asked"] = facts["defects"]
        elif kind == "second_correction":
            case["asked"] = offer["asked"]
        elif kind == "accept_tolerant":
            case["lacking"] = set(facts["tolerated"])
        elif kind == "extend":
            case["extended"] = True
        elif kind in ("grant", "deny", "grant_on_spot", "deny_false_materials"):
            case["decided_by"] = "street"


class Oracle:
    """A whole central in the head: people, files, cases, what waits for what."""

    def __init__(self) -> None:
        self.law = CaseLaw()
        self.people: dict = {}  # id -> {"street", "roles", "active"}
        self.replicas: dict = {}  # id -> street
        self.keys: dict = {}  # id of a person's key -> the person
        self.files: set = set()  # (street, file)
        self.cases: dict = {}  # id -> case
        self.numbers: set = set()  # (street, receipt number)
        self.stored: dict = {}  # op_id -> op
        self.answers: dict = {}  # (replica, seq) -> (verdict, reason)
        self.waiting: list = []  # operations parked, in the order they came
        self.bad: set = set()  # (replica, case) with a quarantined operation that nobody has settled

    def push(self, op, present):
        """The verdict and reason; everything that was waiting for it is looked at again after it."""
        verdict, reason = self._first_look(op, present)
        self.answers[op["replica"], op["seq"]] = (verdict, reason)
        if verdict == "applied":
            self._look_again(op)
        elif verdict == "parked":
            self.waiting.append(op)
        elif verdict == "quarantined" and op.get("readable", True) and op["case"] is not None:
            self.bad.add((op["replica"], op["case"]))
        return verdict, reason

    def _first_look(self, op, present):
        if not op.get("readable", True):
            return "quarantined", "unreadable"
        if not op.get("payload_good", True):
            return "quarantined", "payload"
        known = self.keys.get(op["key_id"]) == op["author"]
        if known and not op.get("mac_good", True):
            return "quarantined", "person_mac"
        if op["op_id"] in self.stored:
            return "duplicate", ""
        self.stored[op["op_id"]] = op
        if op["case"] is not None and (op["replica"], op["case"]) in self.bad:
            return "parked", "behind_quarantined"
        if not known:
            return "parked", "person_key_unknown"
        return self._judged(op, present)

    def _judged(self, op, present):
        try:
            self._judge(op, present)
        except No as no:
            return no.answer
        return "applied", ""

    def _judge(self, op, present):
        kind = op["kind"]
        if kind not in KINDS:
            raise No("parked", "kind_unknown")
        street = self.replicas[op["replica"]]
        person = self.people.get(op["author"], {})
        if not person or person["street"] != street or not person["active"]:
            reject("role")
        if not set(person["roles"]) & set(who_may(kind)):
            reject("role")
        if kind in MUST_BE_PRESENT and present is not None and op["author"] not in present:
            reject("not_present")
        if kind in OF_THE_STREET:
            return
        self._on_a_case(op, street, person)

    def _on_a_case(self, op, street, person):
        kind, facts = op["kind"], op["facts"]
        known = self.cases.get(op["case"])
        if known is None and kind not in ("receive", "reapply"):
            raise No("parked", "case_unknown")
        after, duty = self.law.weigh(known or new_case(street), op)
        if duty is not None and duty not in person["roles"]:
            reject("role")
        if kind == "receive":
            if (street, facts["receipt_no"]) in self.numbers:
                raise No("quarantined", "receipt_no")
            self.numbers.add((street, facts["receipt_no"]))
        if kind in NEED_EVERY_FILE and any((street, name) not in self.files for name in after["files"]):
            reject("files_missing")
        after["files"] |= set(facts.get("files") or ())
        self.cases[op["case"]] = after

    def key_arrives(self, key_id, person, present):
        """A person's key is registered: what waited for it is judged as if it came now."""
        self.keys[key_id] = person
        for op in list(self.waiting):
            place = (op["replica"], op["seq"])
            if op["key_id"] != key_id or self.answers[place][1] != "person_key_unknown":
                continue
            self.waiting.remove(op)
            del self.stored[op["op_id"]]
            self.push(op, present)

    def _look_again(self, op):
        """What waits for this case, in the order it came, as often as something moves."""
        moved = True
        while moved:
            moved = False
            for other in list(self.waiting):
                reason = self.answers[other["replica"], other["seq"]][1]
                if other["case"] != op["case"] or reason not in ("case_unknown", "version_ahead"):
                    continue
                answer = self._judged(other, None)
                if answer[0] != "parked":
                    self.waiting.remove(other)
                self.answers[other["replica"], other["seq"]] = answer
                moved = moved or answer[0] == "applied"
