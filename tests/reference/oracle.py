"""What the central ought to make of every operation, written down a second time and slowly.

Nothing here comes from the product: the tables were typed from the law's lifecycle and the
agreement between desk and central. People, files and operations are plain dictionaries; an answer
is a verdict and a reason. One flat list of steps a case may take, one long judgement, no speed.

An operation is a dict: replica, seq, op_id, case, kind, author, at (ISO text), base, facts (the
envelope), key_id, and what is wrong with its bytes: `readable`, `mac_good`, `payload_good`.
"""

import datetime as dt

from lawbook import (
    ALWAYS,
    BESIDE,
    CENTRAL_ONLY,
    FIRST_WORDS,
    KINDS,
    MUST_BE_PRESENT,
    NEED_EVERY_FILE,
    NEVER_ONE_PERSON,
    OF_THE_STREET,
    OWN_FACTS,
    SECOND_OF,
    SMALL_STREET,
    STEP,
    TAKES_MATERIALS,
    No,
    chinese_day,
    new_case,
    reject,
    says_something,
    shaped,
    who_may,
)


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
        """Raise No, or give the case after it; the case given is not touched."""
        after = {**case, "history": list(case["history"]), "lacking": set(case["lacking"])}
        after["files"] = set(case["files"])
        kind = op["kind"]
        if kind not in BESIDE:
            self.seen_version(after, op)
        for key, shape in self.shapes(kind):
            if key in op["facts"] and not shaped(op["facts"][key], shape):
                reject("fact:" + key)
        if kind in BESIDE:
            self.beside(after, op)
            return after
        duty = self.duty_by_kind(after, op)
        after["history"].append((op["author"], duty))
        after["version"] += 1
        return after

    def shapes(self, kind):
        if kind in BESIDE:
            return OWN_FACTS.get(kind, [])
        step = STEP.get(kind, {"first_word": False, "ends": ""})
        own = FIRST_WORDS if step["first_word"] else OWN_FACTS.get(kind, [])
        return [*ALWAYS, *own, *([("proposal", "text")] if step["ends"] else [])]

    def seen_version(self, case, op):
        if op["base"] is None:
            if op.get("behind"):
                raise No("parked", "behind_parked")
        elif op["base"] > case["version"]:
            raise No("parked", "version_ahead")
        elif op["base"] < case["version"]:
            reject("stale")

    def beside(self, case, op):
        if op["kind"] == "material_added":
            if case["state"] not in TAKES_MATERIALS:
                reject("state")
            case["lacking"].discard(op["facts"].get("code"))

    def duty_by_kind(self, case, op):
        kind, facts = op["kind"], op["facts"]
        declining = kind == "decline_proposal"
        self.silence(case, op)
        if declining and case["offer"] is None:
            reject("second_person")
        name = case["offer"]["kind"] if declining else kind
        step = STEP[name]
        if not declining:
            self.place(case, name, step)
            self.named_version(op, step)
        duty = self.duty(kind, facts)
        if declining:
            if facts.get("role") not in STEP[SECOND_OF[name]]["who"]:
                reject("role")
            self.named_version(op, STEP[SECOND_OF[name]])
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

    def named_version(self, op, step):
        if op["base"] is None and step["based"]:
            reject("base")

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
        if offer is None or offer["kind"] != step["ends"]:
            reject("second_person")
        if op["facts"].get("proposal") != offer["op_id"]:
            reject("proposal_changed")
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

    def own_rule(self, case, kind, facts):
        if kind == "accept_corrected" and set(case["asked"] or ()) - set(facts["settled"]):
            reject("guard:settled")
        if kind == "terminate_uncorrected" and facts["contacts"] < 2:
            reject("guard:contacts")
        if kind == "grant" and case["lacking"]:
            reject("tolerated")
        if kind == "propose_special" and not 1 <= facts["told_days"] <= 250:
            reject("guard:told_days")
        if kind == "extend":
            if case["extended"]:
                reject("extended_once")
            if not 1 <= facts["days"] <= 15:
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
            target = facts["outcome"]
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
        self.desks: dict = {}  # replica -> desk
        self.keys: dict = {}  # (desk, id of a person's key) -> the person
        self.files: set = set()  # (street, file)
        self.cases: dict = {}  # (street, id) -> case
        self.numbers: dict = {}  # (street, receipt number) -> case
        self.stored: dict = {}  # (street, op_id) -> op
        self.answers: dict = {}  # (replica, seq) -> (verdict, reason)
        self.present = None  # the person on the connection that speaks
        self.waiting: list = []  # operations parked or quarantined, in the order they came

    def push(self, op, present):
        """The verdict and reason; everything that was waiting for it is looked at again after it."""
        self.present = present
        verdict, reason = self._first_look(op)
        self._note(op, (verdict, reason))
        if verdict in {"parked", "quarantined"}:
            known = {} if op.get("readable", True) else {"case": None, "op_id": None}
            self.waiting.append({**op, "was_present": op["author"] == present, **known})
        if verdict == "applied":
            self._take_effect(op)
        return verdict, reason

    def _note(self, op, answer):
        self.answers[op["replica"], op["seq"]] = answer

    def _answer(self, op):
        return self.answers[op["replica"], op["seq"]]

    def _first_look(self, op):
        if not op.get("readable", True) or self._misplaced(op):
            return "quarantined", "unreadable"
        if not op.get("payload_good", True):
            return "quarantined", "payload"
        if self._key_known(op) and not op.get("mac_good", True):
            return "quarantined", "person_mac"
        named = (self.replicas[op["replica"]], op["op_id"])
        before = self.stored.get(named)
        if before is not None:
            parts = ("case", "kind", "author", "at", "base", "facts", "key_id")
            same = all(before[part] == op[part] for part in parts)
            return ("duplicate", "") if same else ("quarantined", "op_id")
        self.stored[named] = op
        return self._judged(op)

    def _misplaced(self, op):
        """Acts on a case name one, acts of the street do not."""
        return op["kind"] in KINDS and (op["kind"] in OF_THE_STREET) is not (op["case"] is None)

    def _key_known(self, op):
        return self.keys.get((self.desks[op["replica"]], op["key_id"])) == op["author"]

    def _judged(self, op):
        try:
            self._judge(op)
        except No as no:
            return no.answer
        return "applied", ""

    def _judge(self, op):
        if self._before(op, "quarantined"):
            raise No("parked", "behind_quarantined")
        if not self._key_known(op):
            raise No("parked", "person_key_unknown")
        kind = op["kind"]
        if kind not in KINDS and kind != "deemed_acceptance":
            raise No("parked", "kind_unknown")
        self._may(op)
        if kind in CENTRAL_ONLY:
            reject("central_only")
        if kind not in OF_THE_STREET:
            self._on_a_case(op, self.replicas[op["replica"]])

    def _may(self, op):
        kind, person = op["kind"], self.people.get(op["author"], {})
        if not person or person["street"] != self.replicas[op["replica"]] or not person["active"]:
            reject("role")
        if not set(person["roles"]) & set(who_may(kind) or ()):
            reject("role")
        claimed = op["facts"].get("role")
        steps = kind in STEP or kind == "decline_proposal"
        if steps and claimed in who_may(kind) and claimed not in person["roles"]:
            reject("role")
        if kind in MUST_BE_PRESENT and op["author"] != self.present and not op.get("was_present"):
            reject("not_present")

    def _on_a_case(self, op, street):
        kind, facts = op["kind"], op["facts"]
        known = self.cases.get((street, op["case"]))
        if known is None and kind not in {"receive", "reapply"}:
            raise No("parked", "case_unknown")
        behind = self._before(op, "parked")
        after = self.law.weigh(known or new_case(street), {**op, "behind": behind})
        if kind in NEED_EVERY_FILE and any((street, name) not in self.files for name in after["files"]):
            reject("files_missing")
        if kind == "receive":
            holder = self.numbers.setdefault((street, facts["receipt_no"]), op["case"])
            if holder != op["case"]:
                raise No("quarantined", "receipt_no")
        after["files"] |= set(facts.get("files") or ())
        self.cases[street, op["case"]] = after

    def _before(self, op, verdict):
        """Whether something this desk did before on this case still waits in this way."""
        return op["case"] is not None and any(
            (other["replica"], other["case"]) == (op["replica"], op["case"])
            and other["seq"] < op["seq"]
            and self._answer(other)[0] == verdict
            for other in self.waiting
        )

    def _take_effect(self, op):
        if op["kind"] == "attention_settled" and op["facts"].get("how") in {"redone", "withdrawn"}:
            self._settle(op["facts"].get("op_id"), self.replicas[op["replica"]])
        elif op["case"] is not None and op["kind"] not in BESIDE:
            self._wake(op)

    def _settle(self, op_id, street):
        for other in list(self.waiting):
            if (
                other["op_id"] != op_id
                or self.replicas[other["replica"]] != street
                or other not in self.waiting
            ):
                continue
            self.waiting.remove(other)
            if self._answer(other)[0] == "parked":
                self._note(other, ("rejected", "settled"))
            if other["case"] is not None:
                self._wake(other)

    def key_arrives(self, replica, key_id, person):
        """A person proves to be present and brings a key: what waited for it is looked at again."""
        self.keys[self.desks[replica], key_id] = self.present = person
        for op in list(self.waiting):
            if op in self.waiting and op["key_id"] == key_id and self._answer(op)[1] == "person_key_unknown":
                self._again(op)
                if op["case"] is not None:
                    self._wake(op)

    def _again(self, op):
        """Look once more at what waits; whether its case moved."""
        if op.get("mac_good", True) or not self._key_known(op):
            answer = self._judged(op)
        else:
            answer = ("quarantined", "person_mac")
        self._note(op, answer)
        if answer[0] not in {"parked", "quarantined"}:
            self.waiting.remove(op)
        if answer[0] == "applied" and op["case"] is None:
            self._take_effect(op)
        return answer[0] == "applied" and op["case"] is not None and op["kind"] not in BESIDE

    def _place(self, op):
        return self.replicas[op["replica"]], op["case"]

    def _wake(self, cause):
        """What is parked on this case, in the order it came, from the start whenever it moves."""
        for op in list(self.waiting):
            verdict, reason = self._answer(op)
            if (
                self._place(op) != self._place(cause)
                or verdict != "parked"
                or reason in {"person_key_unknown", "kind_unknown"}
            ):
                continue
            if self._again(op):
                self._wake(cause)
                return
