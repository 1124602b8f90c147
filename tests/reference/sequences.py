"""Random work of a street: mostly what should happen next, and everything that should not.

`Work(seed, oracle)` invents steps and asks the oracle while inventing, because only what has
happened says what could come next. A step is ("op", operation), ("present", replica, person or
None), ("file", street, name) or ("key", replica, person). The same seed gives the same steps.
"""

import datetime as dt
import random
import uuid

from lawbook import BESIDE, DECLINERS, KINDS, MUST_BE_PRESENT, OF_THE_STREET, SECOND_OF, STEP, who_may

FACTS = {
    "signed_by_applicant": True, "reason_given": True, "competent_organ": True, "remedy_told": True,
    "basis_given": True, "defects": ["M-BIZ", "M-ID"], "settled": ["M-BIZ", "M-ID", "M-X"],
    "answer_by": "2026-10-20", "contacts": 2, "originals_returned": True, "complete": True,
    "tolerated": ["M-TAX"], "supply_by": "2026-09-24", "pledge_signed": True, "commitment_signed": True,
    "no_bad_record": True, "slip_signed": True, "entry_mistake": True, "record": "ab" * 32,
    "opinion_given": True, "stop_kind": "testing", "told_days": 5, "conclusion": "cd" * 32, "days": 10,
    "outcome": "granted", "paper": "ef" * 32, "decided_on": "2026-10-09", "points_ticked": True,
    "fee_standard": "F-1", "paid_on": "2026-10-10", "seal_approved": True, "applicant_told": True,
    "collector_checked": True, "checklist_complete": True, "uploaded": True, "pushed": True,
    "written_request": True, "refers_to": str(uuid.UUID(int=99)), "item_id": "JN34-XK-08",
    "item_version": "v1", "item_name": "样例事项",
}  # fmt: skip
# Facts with a value that must not do, though something is there.
POOR: dict[str, list] = {
    "contacts": [1, "2", True], "told_days": [0, 251, -1], "days": [0, 16, "5"], "outcome": ["perhaps"],
    "settled": [["M-BIZ"], "M-BIZ"], "stop_kind": ["visit"],
}  # fmt: skip
NOTHINGS: list = [None, False, 0, "", [], {}]
START = dt.datetime(2026, 9, 21, 1, 42, tzinfo=dt.UTC)

# Names by what they hold; one holds much, as in a small street, one is of another street.
STAFF = {
    "wen": ["window"], "wei": ["window"], "han": ["handler"], "hao": ["handler", "reviewer"],
    "ren": ["reviewer", "decider"], "dai": ["decider"], "sun": ["sealkeeper"],
    "shi": ["sealkeeper", "issuer"], "yan": ["issuer"], "fei": ["fees"], "lin": ["liaison"],
    "bu": ["dept"], "du": ["supervisor"], "gui": ["archivist"], "xi": ["system_admin"],
    "an": ["security_admin"], "quan": ["window", "handler", "reviewer", "decider", "sealkeeper", "issuer"],
    "tui": ["decider", "window"], "wai": ["window", "handler", "reviewer", "decider"],
}  # fmt: skip
GONE, FAR = "tui", "wai"
STREETS = {"east": "101", "west": "102"}
HERE, THERE = STREETS["east"], STREETS["west"]


def name(kind, text):
    """A fixed id for an invented thing."""
    return str(uuid.uuid5(uuid.UUID(int=7), f"{kind} {text}"))


PEOPLE: dict[str, dict] = {
    name("person", who): {"street": THERE if who == FAR else HERE, "roles": roles, "active": who != GONE}
    for who, roles in STAFF.items()
}
REPLICAS = {name("replica", one): HERE for one in ("one", "two", "three", "anew")}
REPLICAS[name("replica", "four")] = THERE
# The desk of "three" was set up anew and carries on as "anew".
DESKS = {replica: name("desk", replica) for replica in REPLICAS}
DESKS[name("replica", "anew")] = DESKS[name("replica", "three")]
LATE_KEYS = {(name("replica", "three"), name("person", who)) for who in ("wei", "dai", "sun")}


def key_id(replica, person):
    """What the key of this person at this enrolment is called."""
    return uuid.uuid5(uuid.UUID(replica), person).hex


FIRST_KEYS = {(r, p) for r in REPLICAS for p in PEOPLE if PEOPLE[p]["street"] == REPLICAS[r]} - LATE_KEYS


class Work:
    """One seed's steps; `steps` grows by `go`."""

    def __init__(self, seed, oracle, ends) -> None:
        self.seed, self.oracle, self.ends = seed, oracle, ends
        self.dice = random.Random(seed)
        # Whoever was present at the end of another seed has left.
        self.steps: list = [("present", replica, None) for replica in REPLICAS]
        self.at = START
        self.present = dict.fromkeys(REPLICAS)
        self.cases: list = []
        self.numbers: list = []
        self.made: list = []
        self.owed: list = []
        self.replica = next(iter(REPLICAS))

    def go(self, operations):
        """Invent that many operations."""
        while operations > 0:
            self._between()
            op = self._operation()
            self._tell(op)
            operations -= 1
        for file in self.owed:
            self.steps.append(("file", *file))
        return self.steps

    def _between(self):
        dice = self.dice
        self.at += dt.timedelta(minutes=dice.choice([1, 3, 40, 60 * 20]))
        if dice.random() < 0.15:
            self.replica = dice.choice(list(REPLICAS) if dice.random() < 0.08 else list(REPLICAS)[:4])
        if dice.random() < 0.01:
            self._late_key()
        if self.owed and dice.random() < 0.4:
            file = self.owed.pop(0)
            self.oracle.files.add(file)
            self.steps.append(("file", *file))

    def _late_key(self):
        replica, person = self.dice.choice(sorted(LATE_KEYS))
        key = key_id(replica, person)
        if (DESKS[replica], key) not in self.oracle.keys:
            # Whoever proves to be present brings the key along.
            self.present[replica] = person
            self.steps.append(("key", replica, person))
            self.oracle.key_arrives(replica, key, person)

    def _tell(self, op):
        op.setdefault("key_id", key_id(op["replica"], op["author"]))
        self._be_present(op)
        present = self.present[op["replica"]]
        self.ends[op["replica"]] = op["seq"]
        op["expected"] = self.oracle.push(op, present)
        self.steps.append(("op", op))
        self.made.append(op)

    def _be_present(self, op):
        there, dice = self.present[op["replica"]], self.dice
        wanted = op["author"] if op["kind"] in MUST_BE_PRESENT and dice.random() < 0.85 else there
        if dice.random() < 0.02:
            wanted = None
        person = PEOPLE.get(wanted or "", {"active": False})
        if wanted and (not person["active"] or person["street"] != REPLICAS[op["replica"]]):
            return
        if wanted is not None and (op["replica"], wanted) in LATE_KEYS:
            return
        if wanted != there:
            self.present[op["replica"]] = wanted
            self.steps.append(("present", op["replica"], wanted))

    def _operation(self):
        dice = self.dice
        if self.made and dice.random() < 0.03:
            return self._again(dice.choice(self.made))
        if dice.random() < 0.06:
            return self._street_act()
        case = self._case()
        op = self._fresh(case, self._kind(case))
        self._complete(op)
        if dice.random() < 0.3:
            self._spoil(op)
        return op

    def _again(self, old):
        """The same act, carried on by another enrolment (or sent by it a second time)."""
        return {**old, "replica": self.replica, "seq": self._next()}

    def _next(self):
        return self.ends.setdefault(self.replica, 0) + 1

    def _street_act(self):
        if self.oracle.waiting and self.dice.random() < 0.5:
            return self._settled(self.dice.choice(self.oracle.waiting[-6:]))
        kind = self.dice.choice(["signed_in", "setting_changed", "calendar_imported", "person_changed"])
        op = self._fresh(None, kind)
        op["author"] = self._somebody(kind)
        return op

    def _settled(self, other):
        """Somebody settles what was not applied, or gives it to a supervisor."""
        op = self._fresh(None, "attention_settled")
        how = self.dice.choice(["redone", "withdrawn", "escalated"])
        op["facts"] = {"op_id": other["op_id"], "how": how, "case": other["case"]}
        op["author"] = self._somebody("attention_settled")
        return op

    def _case(self):
        dice = self.dice
        if not self.cases or dice.random() < 0.12:
            self.cases.append(str(uuid.UUID(int=dice.getrandbits(128))))
            return self.cases[-1]
        return dice.choice(self.cases[-4:]) if dice.random() < 0.9 else dice.choice(self.cases)

    def _known(self, case):
        return self.oracle.cases.get((REPLICAS[self.replica], case))

    def _kind(self, name):
        dice, case = self.dice, self._known(name)
        if dice.random() < 0.06:
            return dice.choice(KINDS)
        if dice.random() < 0.12:
            return dice.choice(sorted(BESIDE))
        if case is None:
            return "reapply" if dice.random() < 0.06 else "receive"
        if case["offer"] and dice.random() < 0.9:
            return "decline_proposal" if dice.random() < 0.08 else SECOND_OF[case["offer"]["kind"]]
        if case["state"] == "draft":
            return "receive"
        return self._onward(case["state"])

    def _onward(self, state):
        ends = {"not_required", "not_accepted", "withdrawn", "terminated"}
        steps = [
            k for k, s in STEP.items() if state in s["from"] and (not s["ends"] or self.dice.random() < 0.05)
        ]
        if self.dice.random() < 0.9:
            steps = [k for k in steps if STEP[k]["to"] not in ends and k != "propose_refuse_acceptance"]
        return self.dice.choice(steps or ["note"])

    def _fresh(self, case, kind):
        return {
            "replica": self.replica, "seq": self._next(),
            "op_id": str(uuid.UUID(int=self.dice.getrandbits(128))), "case": case, "kind": kind,
            "author": None, "at": self.at.isoformat().replace("+00:00", "Z"), "base": None, "facts": {},
        }  # fmt: skip

    def _complete(self, op):
        """What a well-made operation of this kind carries, by somebody who may."""
        case, kind = self._known(op["case"]), op["kind"]
        step = STEP.get(kind, {"guards": [], "based": kind == "decline_proposal"})
        op["facts"] = {guard: FACTS[guard] for guard in step["guards"] if guard in FACTS}
        op["author"] = self._worker(case, op)
        if case is not None and step["based"]:
            op["base"] = case["version"]
        if kind == "receive":
            self._received(op)
        if kind == "material_added":
            op["facts"]["code"] = self.dice.choice(["M-TAX", "M-OTHER"])
            op["facts"]["files"] = [self._file(op)]
        if case and case["offer"] and kind in (SECOND_OF[case["offer"]["kind"]], "decline_proposal"):
            op["facts"]["proposal"] = case["offer"]["op_id"]
        if case and case["state"] == "received" and self.dice.random() < 0.1:
            self._by_silence(op, case)

    def _by_silence(self, op, case):
        day = case["received_on"] + dt.timedelta(days=self.dice.choice([0, 0, 0, 1]))
        op["facts"]["deemed_accepted"] = day.isoformat()
        self.at += dt.timedelta(days=self.dice.choice([1, 9]))
        op["at"] = self.at.isoformat().replace("+00:00", "Z")
        if self.dice.random() < 0.7:
            op["kind"] = "dispatch"
            op["base"] = case["version"]

    def _worker(self, case, op):
        """Somebody of this street with the role, for the most part one whom separation lets."""
        dice, kind = self.dice, op["kind"]
        roles = who_may(kind) or ["window"]
        if kind == "decline_proposal" and case and case["offer"]:
            roles = STEP[SECOND_OF[case["offer"]["kind"]]]["who"]
        role = dice.choice(roles)
        if kind not in BESIDE and (len(roles) > 1 or kind == "decline_proposal") and dice.random() < 0.95:
            op["facts"]["role"] = role
        able = [p for p in self._street_people() if role in PEOPLE[p]["roles"]]
        held = {person for person, _ in case["history"]} if case else set()
        calm = [p for p in able if p not in held] or able
        if not calm or dice.random() < 0.04:
            return dice.choice(list(PEOPLE))
        return dice.choice(calm if dice.random() < 0.7 else able)

    def _street_people(self):
        return [p for p, is_ in PEOPLE.items() if is_["street"] == REPLICAS[self.replica] and is_["active"]]

    def _somebody(self, kind):
        able = [p for p in self._street_people() if set(PEOPLE[p]["roles"]) & set(who_may(kind))]
        return self.dice.choice(able if able and self.dice.random() < 0.8 else list(PEOPLE))

    def _received(self, op):
        dice = self.dice
        number = f"{REPLICAS[self.replica]}{dice.randrange(10**15):015}"
        self.numbers.append(number)
        if dice.random() < 0.03:
            number = dice.choice(self.numbers)
        at = op["at"].replace("Z", "+00:00")
        files = [self._file(op) for _ in range(dice.choice([0, 0, 1, 2]))]
        level = dice.choice(["street"] * 4 + ["district_after_street_review"] * 2)
        op["facts"] |= {"receipt_no": number, "received_at": at, "decision_level": level, "files": files}

    def _file(self, op):
        name = f"{self.dice.getrandbits(256):064x}"
        if self.dice.random() < 0.85:
            self.owed.append((REPLICAS[op["replica"]], name))
        return name

    def _spoil(self, op):
        wrong = self.dice.choice([
            self._no_guard, self._no_guard, self._poor_guard, self._poor_guard, self._other_person,
            self._other_base, self._no_base,
            self._ahead, self._other_proposal, self._other_role, self._same_person, self._bad_mac,
            self._bad_payload, self._unreadable, self._unknown_kind, self._unknown_case, self._no_key,
            self._other_name,
            self._relaxed,
        ])  # fmt: skip
        wrong(op)

    def _no_guard(self, op):
        guards = [key for key in op["facts"] if key in STEP.get(op["kind"], {"guards": ()})["guards"]]
        if guards:
            key = self.dice.choice(guards)
            op["facts"][key] = self.dice.choice(NOTHINGS)
            if self.dice.random() < 0.3:
                del op["facts"][key]

    def _poor_guard(self, op):
        for key in sorted(POOR.keys() & op["facts"].keys())[:1]:
            op["facts"][key] = self.dice.choice(POOR[key])

    def _other_person(self, op):
        op["author"] = self.dice.choice([*PEOPLE, str(uuid.UUID(int=5))])

    def _other_base(self, op):
        if op["base"] is not None:
            op["base"] = max(0, op["base"] - self.dice.choice([1, 2]))

    def _no_base(self, op):
        op["base"] = None

    def _ahead(self, op):
        case = self._known(op["case"])
        if case is not None and op["kind"] not in BESIDE:
            op["base"] = case["version"] + self.dice.choice([1, 1, 2])
            op["kind"] = self._onward(case["state"]) if self.dice.random() < 0.3 else op["kind"]

    def _other_proposal(self, op):
        if "proposal" in op["facts"]:
            op["facts"]["proposal"] = self.dice.choice([str(uuid.UUID(int=3)), "", None])

    def _other_role(self, op):
        op["facts"]["role"] = self.dice.choice([*DECLINERS, "window", "king"])

    def _same_person(self, op):
        case = self._known(op["case"])
        if case and case["history"]:
            op["author"] = self.dice.choice(case["history"])[0]
        if case and case["offer"]:
            op["author"] = case["offer"]["author"]

    def _bad_mac(self, op):
        op["mac_good"] = False

    def _bad_payload(self, op):
        op["payload_good"] = False

    def _unreadable(self, op):
        op["readable"] = False

    def _unknown_kind(self, op):
        op["kind"] = self.dice.choice(["teleport", "deemed_acceptance", "Receive", ""])

    def _unknown_case(self, op):
        if op["kind"] not in ("receive", "reapply"):
            op["case"] = str(uuid.UUID(int=self.dice.getrandbits(128)))
            if self.dice.random() < 0.7:
                self.cases.append(op["case"])  # its receipt may come after

    def _other_name(self, op):
        if self.made:
            op["op_id"] = self.dice.choice(self.made)["op_id"]

    def _no_key(self, op):
        op["key_id"] = "0" * 32

    def _relaxed(self, op):
        op["facts"]["relaxed"] = "issuer_sealkeeper"


assert not set(OF_THE_STREET) & set(STEP)
