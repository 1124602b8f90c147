"""Identity numbers, names and phones: what is taken as typed, what is refused and why.

Resident numbers by GB 11643-1999, organisation codes by GB 32100-2015. Only what the standard
makes certain is refused: length, characters, date and check digit. Divisions are not, so that
the residence permits of Hong Kong, Macao and Taiwan (810000, 820000, 830000) pass, and so do
organisation codes beginning with a letter (N, Y).
"""

import unicodedata
from datetime import date

from onewindow_desk.domain.records import Identity, IdentityType
from onewindow_desk.faults import Refusal

_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_BODY_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH = 18
_OLD_LENGTH = 15
_OTHER_MAX = 40
_AGAIN = "请对照证件重新输入。"


def normalise_number(text: str) -> str:
    """A number as it is kept: half-width, upper case, no white space."""
    half = "".join(_half_width(character) for character in text)
    return "".join(half.split()).upper()


def check_identity(identity: Identity, *, field: str = "", today: date | None = None) -> tuple[str, ...]:
    """Refuse a number that cannot be one of its kind; returns warnings that refuse nothing."""
    number = identity.number
    if identity.type is IdentityType.RESIDENT:
        check_resident_id(number, field=field, today=today)
        return ()
    if identity.type is IdentityType.USCC:
        return check_uscc(number, field=field)
    if not number:
        raise Refusal("请填写证件号码。", field=field)
    clean_text(number, "证件号码", field=field, max_length=_OTHER_MAX)
    return ()


def check_resident_id(number: str, *, field: str = "", today: date | None = None) -> None:
    """Refuse what is no 18-digit resident number; `today` also rules out births still to come."""
    if not number:
        raise Refusal("请填写证件号码。", field=field)
    if len(number) == _OLD_LENGTH and _digits(number):
        raise Refusal("15 位的旧证件已停用。请出示 18 位的居民身份证。", field=field)
    if len(number) != _LENGTH:
        raise Refusal(f"证件号码应为 18 位，现有 {len(number)} 位。{_AGAIN}", field=field)
    _check_resident_signs(number, field)
    _check_birth(number[6:14], field, today)
    if resident_check(number[:17]) != number[17]:
        raise Refusal(f"证件号码第 18 位不符。{_AGAIN}", field=field)


def resident_check(body: str) -> str:
    """The 18th character over the first 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_RESIDENT_WEIGHTS, body, strict=True))
    return _RESIDENT_CHECKS[total % 11]


def check_uscc(number: str, *, field: str = "") -> tuple[str, ...]:
    """Refuse what is no organisation code; an odd division or 17th character only warns."""
    if not number:
        raise Refusal("请填写统一社会信用代码。", field=field)
    if len(number) != _LENGTH:
        raise Refusal(f"统一社会信用代码应为 18 位，现有 {len(number)} 位。请对照证照重新输入。", field=field)
    for place, sign in enumerate(number, 1):
        if sign not in _USCC_SIGNS:
            raise Refusal(
                f"统一社会信用代码第 {place} 位不能是“{_shown(sign)}”。请对照证照重新输入。", field=field
            )
    if uscc_check(number[:17]) != number[17]:
        raise Refusal("统一社会信用代码第 18 位不符。请对照证照重新输入。", field=field)
    return _uscc_warnings(number)


def uscc_check(body: str) -> str:
    """The 18th character over the first 17 (GB 32100, modulus 31)."""
    total = sum(weight * _USCC_SIGNS.index(sign) for weight, sign in zip(_USCC_WEIGHTS, body, strict=True))
    return _USCC_SIGNS[-total % 31]


def body_check(body: str) -> str:
    """The check character of an organisation body code of eight (GB 11714)."""
    total = sum(weight * _BODY_SIGNS.index(sign) for weight, sign in zip(_BODY_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]


def mask(number: str) -> str:
    """320115********0012; of a shorter number only the ends are left."""
    if len(number) == _LENGTH:
        return f"{number[:6]}********{number[-4:]}"
    shown = min(2, len(number) // 4)
    hidden = len(number) - 2 * shown
    return number[:shown] + "*" * hidden + number[len(number) - shown :]


def mask_identity(identity: Identity) -> str:
    """The number as screens and receipts show it; an organisation's code is public."""
    return identity.number if identity.type is IdentityType.USCC else mask(identity.number)


def mask_phone(phone: str) -> str:
    """138****5678, or 000-****-0031 where it was typed in groups."""
    parts = phone.split("-")
    if len(parts) == 3:
        return f"{parts[0]}-{'*' * len(parts[1])}-{parts[2]}"
    digits = len(phone)
    if digits < 8:
        return "*" * max(0, digits - 2) + phone[-2:]
    return f"{phone[:3]}{'*' * (digits - 7)}{phone[-4:]}"


def clean_text(text: str, label: str, *, field: str = "", max_length: int = 200, lines: bool = False) -> str:
    """The text as it is kept: composed (NFC), without white space at the ends.

    Refuses what cannot be seen (control, direction, zero width) or means something else on the
    next machine (private use), naming the place. Every Chinese character passes, the newest
    extensions too; markup passes and is shown as it was typed.
    """
    kept = unicodedata.normalize("NFC", text.strip())
    for place, character in enumerate(kept, 1):
        if lines and character == "\n":
            continue
        if _invisible(character):
            raise Refusal(
                f"{label}第 {place} 个字符看不见（{_code(character)}）。请删去后重新输入。", field=field
            )
        if _private(character):
            raise Refusal(
                f"{label}第 {place} 个字符是自造字（{_code(character)}），换一台电脑就认不出。"
                "请用输入法重新输入。",
                field=field,
            )
    if len(kept) > max_length:
        raise Refusal(f"{label}最多 {max_length} 个字，现有 {len(kept)} 个。请缩短。", field=field)
    return kept


def check_name(text: str, label: str = "姓名", *, field: str = "") -> str:
    """A person's or organisation's name as it is kept; refuses an empty one."""
    kept = clean_text(text, label, field=field, max_length=100)
    if not kept:
        raise Refusal(f"请填写{label}。", field=field)
    return kept


def check_phone(text: str, label: str = "手机", *, field: str = "") -> str:
    """A phone number as it is kept: digits, one leading +, hyphens; 7 to 20 signs."""
    kept = normalise_number(text).replace("－", "-").replace("—", "-")
    digits = kept.removeprefix("+").replace("-", "")
    if not kept:
        raise Refusal(f"请填写{label}。", field=field)
    if not _digits(digits) or not 7 <= len(digits) <= 20:
        raise Refusal(f"{label}应为 7 到 20 位数字。请核对后重新输入。", field=field)
    return kept


def _check_resident_signs(number: str, field: str) -> None:
    for place, sign in enumerate(number[:17], 1):
        if not _digits(sign):
            raise Refusal(f"证件号码第 {place} 位应为数字。{_AGAIN}", field=field)
    if not (_digits(number[17]) or number[17] == "X"):
        raise Refusal(f"证件号码第 18 位应为数字或 X。{_AGAIN}", field=field)


def _check_birth(digits: str, field: str, today: date | None) -> None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born = None
    if born is None or born.year < 1850 or (today is not None and born > today):
        raise Refusal(f"证件号码第 7–14 位不是出生日期。{_AGAIN}", field=field)


def _uscc_warnings(number: str) -> tuple[str, ...]:
    warnings = []
    if not _digits(number[2:8]):
        warnings.append("统一社会信用代码第 3–8 位通常为数字。请再看一眼证照。")
    if body_check(number[8:16]) != number[16]:
        warnings.append("统一社会信用代码第 17 位与主体标识码不符。请再看一眼证照。")
    return tuple(warnings)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _half_width(character: str) -> str:
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    return character


_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc")


def _invisible(character: str) -> bool:
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in _UNSEEN:
        return True
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _private(character: str) -> bool:
    # The ideographic planes are allowed whole: the newest extensions are unknown to older tables.
    category = unicodedata.category(character)
    code = ord(character)
    ideographic = 0x20000 <= code <= 0x3FFFD and code & 0xFFFE != 0xFFFE
    return category == "Co" or (category == "Cn" and not ideographic)


def _shown(sign: str) -> str:
    return _code(sign) if _invisible(sign) else sign


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
