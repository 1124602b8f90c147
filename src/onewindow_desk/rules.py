"""The data the program ships with: the sample catalogue and the calendar, read once at the start."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.domain.calendar import WorkCalendar, load_calendar
from onewindow_desk.domain.catalogue import Catalogue, load_catalogue
from onewindow_desk.services.shift import Rules

_BUILT = "onewindow_desk._built"


def shipped_catalogue() -> Catalogue:
    """The sample list of 34 items; marked 样例 wherever it shows."""
    return load_catalogue((files(_BUILT) / "catalogue" / "sample.yaml").read_bytes())


def shipped_calendar() -> WorkCalendar:
    """The years whose holiday notice is published; every later year is provisional."""
    folder = files(_BUILT) / "calendar"
    return load_calendar(*(path.read_bytes() for path in folder.iterdir() if path.name.endswith(".yaml")))


def shipped_rules(clock: Callable[[], datetime]) -> Rules:
    """Catalogue, calendar, fonts (looked for at the first paper) and the clock."""
    return Rules(shipped_catalogue(), shipped_calendar(), lru_cache(maxsize=1)(FontBook.system), clock)
