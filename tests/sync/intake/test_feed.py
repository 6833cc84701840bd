"""A reader who polls while dossiers arrive and officers decide hears everything, once, in its order."""

import asyncio
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from bnhelper.clock import SystemClock
from sync.intake import deeds, desk, feed, ledger
from sync.intake.app import make_app
from sync.intake.deeds import Deed
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.intake.station import Site, open_site
from sync.wire.changes import Change
from tests.sync.conftest import served
from tests.sync.intake.engines import Postgres
from tests.sync.intake.load import Device, Sealed, devices, load, sealed, template

pytestmark = [pytest.mark.slow, pytest.mark.long]
_BOSS = Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)
_DEEDS = ("accept", "review")


def _read_to_the_end(site: Site, device: str, count: int, is_over: threading.Event) -> list[Change]:
    """Poll page after page, small ones, until so many changes were heard."""
    heard: list[Change] = []
    cursor = ""
    while len(heard) < count and not is_over.is_set():
        page = feed.page(site, device, cursor, 3)
        heard += page.items
        cursor = page.cursor
    return heard


def _decide(site: Site, mine: list[Sealed], is_over: threading.Event) -> None:
    """Do every deed with every dossier, each as soon as it has arrived."""
    left = [(one, deed) for one in mine for deed in _DEEDS]
    while left and not is_over.is_set():
        one, deed = left.pop(0)
        row = desk.dossier(site, _BOSS, one.id)
        if row is None or row.state == "receiving" or (deed == "review" and row.state == "delivered"):
            left.append((one, deed))
        else:
            deeds.do(site, _BOSS, one.id, row.version, Deed(deed))


def test_nothing_is_lost_between_arrivals_and_deeds_that_commit_at_once(tmp_path: Path, postgres: Postgres) -> None:
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=postgres.fresh_database())
    die, like = random.Random(7), template()
    fleet: list[Device] = devices(site, 2)
    many = [sealed(like, fleet[number % 2], die) for number in range(20)]
    each, is_over = len(many) // 2 * (1 + len(_DEEDS)), threading.Event()
    with served(make_app(site)) as url, ThreadPoolExecutor(8) as beside:
        readers = {
            (device.id, number): beside.submit(_read_to_the_end, site, device.id, each, is_over)
            for device in fleet
            for number in range(2)
        }
        officers = [beside.submit(_decide, site, many[place::2], is_over) for place in range(2)]
        try:
            kept = asyncio.run(load(urlsplit(url).port or 0, iter(many), 6, patience_s=240)).kept
            for officer in officers:
                officer.result(240)
            heard = {reader: found.result(240) for reader, found in readers.items()}
        finally:
            is_over.set()
    assert len(kept) == len(many)
    with site.engine.connect() as db:
        told = {
            device.id: [
                Change.read(body.encode("utf-8"))
                for body in db.execute(
                    select(ledger.changes.c.body)
                    .where(ledger.changes.c.owner == device.id)
                    .order_by(ledger.changes.c.seq)
                ).scalars()
            ]
            for device in fleet
        }
    for (device, _), changes in heard.items():
        assert [one.seq for one in changes] == list(range(1, each + 1))
        assert changes == told[device]
    site.close()
