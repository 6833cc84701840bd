"""A visit list on a machine, as the feed would bring it."""

from typing import Final

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.store import visits

LISTED: Final = "0199a3f0-7777-7abc-8def-0123456789ab"
_ROWS: Final[tuple[tuple[str, str, str, int | None, list[str], str], ...]] = (
    ("Ngõ 3", "12", "Nguyễn Thị Hoa", 1952, ["over_70"], "chó dữ, gọi trước"),
    ("Ngõ 3", "15", "Trần Văn Bảy", 1958, ["result", "supplement"], ""),
    ("Ngõ 3", "18", "Nhà ông Sửu", None, ["unknown"], ""),
    ("Ngõ 5", "2", "Lê Thị Tư", 1945, ["over_70", "supplement"], ""),
)


def listed(machine: OpenMachine, *, homes: int | None = None, hamlet: str = "thôn Đông") -> str:
    """Let a list of four homes come; `homes` is how many the province says there are."""
    head = {"hamlet": hamlet, "homes": homes or len(_ROWS), "is_over": False}
    head |= {"made_at": "2026-11-09T01:00:00.000Z", "keep_until": "2099-01-01T00:00:00.000Z"}
    entries = [{"list": LISTED, "head": head}]
    for place, (lane, number, who, born, reasons, note) in enumerate(_ROWS):
        home = {"id": home_id(place), "place": place, "lane": lane, "number": number, "who": who, "born": born}
        entries.append({"list": LISTED, "home": {**home, "reasons": reasons, "note": note, "is_new": False}})
    with machine.store.write() as db:
        for one in entries:
            visits.apply(db, one, machine.clock.now())
    return LISTED


def home_id(place: int) -> str:
    return f"0199a3f0-8888-7abc-8def-{place:012}"


def visited(machine: OpenMachine, place: int, outcome: str, by: str, at: str, note: str = "") -> None:
    """Let somebody else's outcome come."""
    said = {"record": f"0199a3f0-9999-7abc-8def-{place:012}", "revision": 1, "home": home_id(place)}
    said |= {"outcome": outcome, "by": by, "at": at, "note": note, "done": []}
    with machine.store.write() as db:
        visits.apply(db, {"list": LISTED, "outcome": said}, machine.clock.now())
