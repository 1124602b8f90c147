"""The demo street: invented people on an invented street, so that anybody can try the desk.

Its passwords are public, its papers say 样例; nothing of it belongs in a real centre.
"""

from onewindow_desk.services.administer import FoundingPlan, NewPerson
from onewindow_desk.settings import StreetSettings

DEMO_LOGIN = "wang"
DEMO_PASSWORD = "yangli-street-2026"  # noqa: S105 - public on purpose: it opens invented data


def demo_plan() -> FoundingPlan:
    """The plan of the demo street."""
    return FoundingPlan(
        street=StreetSettings(
            name="演示街道",
            authority="演示区人民政府演示街道办事处",
            code="115",
            inquiry_phone="000-0000-0010",
            supervise_phone="000-0000-0011",
            address="演示路 1 号 便民服务中心",
            hours="工作日 9:00–12:00，13:30–17:30",
        ),
        series=12,
        system_admin=NewPerson(login="guan", name="管样明", password=DEMO_PASSWORD),
        security_admin=NewPerson(login="an", name="安样清", password=f"{DEMO_PASSWORD}-an"),
        clerk=NewPerson(login=DEMO_LOGIN, name="王一鸣", password=DEMO_PASSWORD),
    )
