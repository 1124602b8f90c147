"""A clerk at one desk of a walk-through: signs in and receives applicants, by keys alone."""

from pathlib import Path

from onewindow_desk.desk import Desk
from onewindow_desk.devices.simulated.escl import SimulatedEscl
from onewindow_desk.hands import Hands, Stumbled

_RECEIPT_NO = r"\b\d{3} \d{6} \d{4} \d{4} \d\b"
_PAGES = 3


class Counter:
    """Works at `desk` and keeps pictures of it in `folder`, their names beginning with `prefix`."""

    def __init__(self, folder: Path, desk: Desk, scanner: SimulatedEscl, prefix: str = "") -> None:
        self._folder = folder
        self._desk = desk
        self._scanner = scanner
        self._prefix = prefix
        self.hands = Hands(desk.front)
        self.screenshots: list[str] = []

    def sign_in(self, login: str, password: str, name: str) -> None:
        """Sign in as the person with this name."""
        self.hands.fill(login, password)
        self.hands.until(lambda: self.hands.shows(name), "signing in")

    def receive_a_person(self, name: str, search_picture: str, picture: str) -> None:
        """Receive a person's registration of employment, with scanned pages and a printed receipt."""
        hands = self.hands
        self._begin_intake("jydj", search_picture)
        hands.fill(name, "000-0000-0021", "", "320115199001010012", "演示路 12 号 3 幢")
        self._choose(1)
        hands.fill("2026-10-01", "演示街道样例理发店")
        self._take_materials(2)
        self._scan()
        self._confirm(picture)

    def receive_a_shop(self, picture: str) -> None:
        """Receive a shop's hygiene licence."""
        hands = self.hands
        self._begin_intake("公共场所", "")
        for keys in ("Shift+Tab", "Shift+Tab", "Right"):
            hands.press(keys)
        hands.press("Alt+2")
        hands.fill(
            "演示街道样例理发店", "92320115MA0000007J", "周样清", "000-0000-0037", "", "320115198103041237",
            "演示街道样例路 12 号 1 层",
        )  # fmt: skip
        self._choose(1)
        hands.fill("演示街道样例路 12 号 1 层")
        self._choose(1)
        hands.fill("86")
        self._take_materials(4)
        self._scan()
        self._confirm(picture)

    def look(self, name: str) -> None:
        """Keep a picture once the desk has nothing left to do; no name, no picture."""
        if not name:
            return
        self.hands.until(lambda: self._desk.idle, f"the screen {name}")
        file = f"{self._prefix}{name}.png"
        self.hands.look(self._folder / file)
        self.screenshots.append(file)

    def _begin_intake(self, query: str, picture: str) -> None:
        hands = self.hands
        hands.press("F2")
        hands.until(lambda: hands.shows("找事项"), "a new intake")
        hands.type(query)
        hands.until(lambda: self._desk.idle, "the items found")
        self.look(picture)
        hands.press("Return")
        hands.until(lambda: hands.shows("申请人"), "the applicant's fields")

    def _choose(self, place: int) -> None:
        """Open the choices, go to the one at `place` (from 1), take it, go on."""
        for _ in range(place + 1):
            self.hands.press("Down")
        self.hands.press("Return")
        self.hands.press("Return")

    def _take_materials(self, count: int) -> None:
        self.hands.press("Alt+3")
        for _ in range(count):
            self.hands.press("Space")
            self.hands.press("Down")
        for _ in range(count):
            self.hands.press("Up")

    def _scan(self) -> None:
        self._scanner.load(_PAGES)
        self.hands.press("F4")
        self.hands.until(lambda: self._desk.idle and self.hands.shows(f"· {_PAGES} 页"), "the scanned pages")

    def _confirm(self, picture: str) -> None:
        hands = self.hands
        self.look(picture)
        hands.press("F9")
        hands.until(lambda: self._desk.idle and hands.shows("拿到凭证了"), "the receipt at the printer")
        if not hands.find_number(_RECEIPT_NO):
            raise Stumbled("no receipt number on the screen")
        self.look(picture and f"{picture}-printed")
        hands.press("F9")
        hands.until(lambda: not hands.shows("拿到凭证了"), "the receipt in the hand")
