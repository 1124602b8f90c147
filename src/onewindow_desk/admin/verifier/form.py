"""The words of a verification: what a dump's rows become, and what may be found in them."""

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

DUMP_FORMAT = 1

GENESIS = bytes(32)
NO_ID = bytes(16)
NO_BASE = -1
VERDICTS = ("", "applied", "rejected", "quarantined", "parked", "duplicate")
APPLIED, REJECTED, QUARANTINED, PARKED, DUPLICATE = range(1, 6)
HEAD_UNREAD, PAYLOAD_UNFIT = 1, 2
"""Flaws that a quarantined operation may have: that is why it is quarantined."""

Row = dict[str, Any]
"""A line of the dump as JSON has it; `line` is its number."""

_ADVICE = "请把这份导出文件和现在的中心库原样保留，并报告审计管理员。"

TEXTS = {
    "line": "这一行读不懂",
    "cut": "导出文件不完整，结尾的行数对不上",
    "place": "次序不接着前一步（缺了、多了或挪动过）",
    "previous": "所记的前一步与前一步的实际内容不符",
    "hash": "摘要与内容不符",
    "signature": "窗口签名与登记的钥匙不符",
    "enrolment": "没有这次登记的记录",
    "head": "内容读不懂，又没有隔离",
    "payload": "所附内容与签名的摘要不符，又没有隔离",
    "chain_end": "链的末端与登记所记的不符",
    "feed_place": "流水号不连续（缺了、多了或挪动过）",
    "feed_chain": "流水的链与内容不符",
    "feed_end": "流水的末端与街道所记的不符",
    "subject": "流水所指的与实际内容不符",
    "missing": "流水所指的办理不在",
    "order": "流水里的次序与办理的次序不同",
    "unpublished": "有办理没有进流水",
    "verdict": "结论不该这样变",
    "names": "流水所记的办理号或办件号与办理不同",
    "version": "办件的版本不接着前一版",
    "base": "不是在办件的现有版本上办的",
    "announced": "流水公布的窗口钥匙与登记所记的不同",
    "early": "公布窗口钥匙之前就有办理",
    "ended": "登记结束之后还有办理",
    "twice": "同一办理生效了两次",
    "original": "标为重复，但找不到内容相同的原办理",
    "digit": "收件编号的校验位不符",
    "street": "收件编号不是这个街道的",
    "number": "收件编号用了两次",
    "known_feed": "与先前记下的流水末端不符（缩短过或改写过）",
    "known_chain": "与先前记下的链末端不符（缩短过或改写过）",
    "known_key": "窗口钥匙与先前记下的不同",
    "new_enrolment": "先前没有记下的登记",
    "receipt": "凭证上的编号和摘要，在已生效的办理里对不上",
}


class Unreadable(Exception):
    """The file is not a dump or a checkpoint of a known form."""


class Finding(NamedTuple):
    """One thing that is not as it should be: its kind (a key of TEXTS) and where."""

    kind: str
    where: str


class Sealed(NamedTuple):
    """An operation row as the dump has it, with the key it should be signed by (b"" unknown)."""

    replica: bytes
    seq: int
    prev: bytes
    hash: bytes
    head: bytes
    payload: bytes | None
    signature: bytes
    key: bytes
    line: int


class Seen(NamedTuple):
    """What is known of one operation after looking at it alone."""

    op_id: bytes
    case_id: bytes
    base: int
    number: str
    head_hash: bytes
    soft: int
    flaws: tuple[str, ...]


@dataclass(slots=True)
class Known:
    """Where a chain or feed stood when somebody outside noted it down."""

    seq: int
    hash: bytes
    key: bytes = b""


@dataclass(slots=True)
class Replica:
    """One enrolment: its key and end as stated, then what was read, packed per operation."""

    street: str
    key: bytes
    last_seq: int
    last_hash: bytes
    count: int = 0
    broken: bool = False
    fed: int = 0
    announced: bool = False
    ended: bool = False
    hashes: bytearray = field(default_factory=bytearray)
    heads: bytearray = field(default_factory=bytearray)
    op_ids: bytearray = field(default_factory=bytearray)
    case_ids: bytearray = field(default_factory=bytearray)
    verdicts: bytearray = field(default_factory=bytearray)
    soft: bytearray = field(default_factory=bytearray)
    bases: "array[int]" = field(default_factory=lambda: array("q"))

    def hash_at(self, seq: int) -> bytes:
        """The link hash of the operation in place `seq`; 32 zero bytes for 0."""
        return bytes(self.hashes[seq * 32 - 32 : seq * 32]) if seq else GENESIS

    def keep(self, sealed: Sealed, seen: Seen) -> None:
        """Remember the next operation."""
        self.count += 1
        self.hashes += sealed.hash
        self.heads += seen.head_hash
        self.op_ids += seen.op_id
        self.case_ids += seen.case_id
        self.verdicts.append(0)
        self.soft.append(seen.soft)
        self.bases.append(seen.base)


@dataclass(slots=True)
class Street:
    """One street's feed: its end as stated, then how far it was read."""

    last_seq: int
    last_chain: bytes
    seq: int = 0
    chain: bytes = GENESIS


@dataclass(slots=True)
class Dump:
    """What was read of a dump, and what was found in it."""

    streets: dict[str, Street] = field(default_factory=dict)
    replicas: dict[bytes, Replica] = field(default_factory=dict)
    numbers: dict[str, list[tuple[bytes, int]]] = field(default_factory=lambda: defaultdict(list))
    versions: dict[bytes, int] = field(default_factory=dict)
    known_streets: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    known_replicas: dict[bytes, list[Known]] = field(default_factory=lambda: defaultdict(list))
    findings: list[Finding] = field(default_factory=list)
    operations: int = 0
    whole: bool = False

    def found(self, kind: str, where: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(kind, where))


def digest(text: str) -> bytes:
    """The 32 bytes of a SHA-256 in hex; ValueError when it is none."""
    data = bytes.fromhex(text)
    if len(data) != 32:
        raise ValueError("not a SHA-256")
    return data


def count(value: object) -> int:
    """A whole number from 0 that fits 63 bits; ValueError when it is none."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise ValueError("not a count")
    return value


def step(replica: bytes, seq: int) -> str:
    """How an operation's place is named to people."""
    return f"登记 {UUID(bytes=replica)} 第 {seq} 步"
