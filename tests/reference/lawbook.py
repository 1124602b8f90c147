"""The law of a case, typed a second time: steps, duties, shapes of facts; nothing of the product."""

import datetime as dt
import uuid
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
# What an act may say of itself has a shape; "given" shapes are asked only of what says something.
ALWAYS = [("role", "role"), ("relaxed", "text"), ("deemed_accepted", "day")]
FIRST_WORDS = [("stop_kind", "stop"), ("told_days", "whole"), ("defects", "texts"), ("answer_by", "day")]
OWN_FACTS = {
    "receive": [
        ("receipt_no", "text"),
        ("item_id", "text"),
        ("item_version", "text"),
        ("item_name", "text"),
        ("received_at", "moment"),
        ("decision_level", "level"),
    ],
    "reapply": [("refers_to", "uuid")],
    "request_correction": [("defects", "texts"), ("answer_by", "day")],
    "accept_tolerant": [("tolerated", "texts"), ("supply_by", "day")],
    "accept_corrected": [("settled", "texts")],
    "terminate_uncorrected": [("contacts", "whole")],
    "extend": [("days", "whole")],
    "register_district_decision": [("outcome", "outcome"), ("decided_on", "day")],
    "material_added": [("code", "text")],
}
CENTRAL_ONLY = {"street_founded", "person_added", "person_changed", "series_leased"}
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


def shaped(value, shape):
    """Whether a fact can be read as what it should be."""
    if shape == "text":
        return isinstance(value, str)
    if shape == "whole":
        return isinstance(value, int) and not isinstance(value, bool)
    if shape == "texts":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not says_something(value):
        return True
    words = {
        "role": OFFICE + ADMINS,
        "stop": CLOCK_STOPPERS,
        "level": ["street", "district_after_street_review"],
        "outcome": ["granted", "denied"],
    }
    if shape in words:
        return value in words[shape]
    readers: dict = {"day": dt.date.fromisoformat, "moment": dt.datetime.fromisoformat, "uuid": uuid.UUID}
    try:
        readers[shape](value)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def reject(reason):
    raise No("rejected", reason)
