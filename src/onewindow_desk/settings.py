"""Every setting once: its name, type, default, and who may set it.

Street settings are operations (everybody sees them, the log shows who set them). Desk settings
belong to one PC and one window; they hold nothing personal and lie in `desk.json` beside the store.
"""

import os
import sys
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from onewindow_desk.faults import Refusal


class Setter(StrEnum):
    """Who may change a setting."""

    ADMINISTRATOR = "administrator"
    PERSON = "person"


class StreetSettings(Struct, frozen=True, kw_only=True):
    """What holds for the whole street; changed by an administrator, by operation.

    `authority` is the full name that stands on papers; `sample` keeps the word 样例 on every screen
    and paper while catalogue and data are not the street's own.
    """

    name: str
    authority: str
    code: str
    inquiry_phone: str
    supervise_phone: str
    address: str = ""
    hours: str = ""
    sample: bool = True


class CentralAddress(Struct, frozen=True, kw_only=True):
    """Where the central database answers: `hosts` as `name:port`, the first that can be written to.

    The certificate of the authority that the central's own must come from lies beside the settings,
    in `central-ca.pem`; no other authority is believed. `login` names the vault's entry with this
    desk's login there.
    """

    hosts: tuple[str, ...]
    database: str = "onewindow"
    login: str = ""


class DeskSettings(Struct, frozen=True, kw_only=True):
    """What holds for this PC: window label, printer and scanner by name, look.

    `scanner` is an address (`escl:http://host:port/eSCL`, `sane:device`), "" for none; `text_scale`
    is 1.0, 1.25 or 1.5; `central` None on a desk that works alone.
    """

    window: str = "1 号窗口"
    printer: str = ""
    scanner: str = ""
    scan_dpi: int = 200
    theme: str = "light"
    text_scale: float = 1.0
    central: CentralAddress | None = None


SET_BY: dict[str, Setter] = {
    "window": Setter.ADMINISTRATOR,
    "printer": Setter.PERSON,
    "scanner": Setter.PERSON,
    "scan_dpi": Setter.ADMINISTRATOR,
    "theme": Setter.PERSON,
    "text_scale": Setter.PERSON,
    "central": Setter.ADMINISTRATOR,
}

CENTRAL_CA = "central-ca.pem"
_FILE = "desk.json"


def load_desk_settings(folder: Path) -> DeskSettings:
    """Read `desk.json`; defaults where there is none; Refusal when it cannot be understood."""
    path = folder / _FILE
    if not path.exists():
        return DeskSettings()
    try:
        return msgspec.json.decode(path.read_bytes(), type=DeskSettings)
    except (OSError, msgspec.DecodeError) as trouble:
        raise Refusal(f"本机设置文件 {_FILE} 读不懂。请管理员恢复该文件，或删除后重新设置。") from trouble


def save_desk_settings(folder: Path, settings: DeskSettings) -> None:
    """Write `desk.json` whole or not at all."""
    path = folder / _FILE
    draft = path.with_suffix(".tmp")
    with draft.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(settings)))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def default_folder() -> Path:
    """Where the store lies unless told otherwise: a folder of this machine's person."""
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"]) / "onewindow-desk"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "onewindow-desk"
