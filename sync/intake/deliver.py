"""Delivers the outbox to a webhook as CloudEvents, each until it is taken: `python -m sync.intake.deliver URL`.

Any number of deliverers may run. An event is delivered at least once under one id that never changes, those of one
dossier in their order; a dossier that is refused holds up only itself.
"""

import argparse
import datetime as dt
import json
import logging
import os
import random
import sys
import time
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from sqlalchemy import Row, and_, exists, select, update
from sqlalchemy.exc import NoResultFound, OperationalError

from bnhelper.catalogue.pack import UnknownProcedure
from bnhelper.clock import to_text
from bnhelper.errors import KnownTrouble
from bnhelper.forms.submission import read_xml
from sync.intake import exports, ledger, national, observe
from sync.intake.beginning import or_say_why
from sync.intake.page_words import word
from sync.intake.serve import open_from, when_it_is_there
from sync.intake.settings import Settings
from sync.intake.station import Site
from sync.wire.dossiers import Envelope

_log = logging.getLogger(__name__)
_LEASE: Final = dt.timedelta(seconds=90)  #: longer than a delivery may take
_MOST_WAIT_S: Final = 3600
_NO_DATE: Final = "9999"
#: What is wrong with one event and no other: a row that is gone, a pack that is damaged, what nobody thought of.
_MISTAKES: Final = (AttributeError, LookupError, TypeError, ValueError, NoResultFound, KnownTrouble)
_WITH_RESULT: Final = frozenset({9, 10})
_FORM: Final = "BN_INTAKE_EXPORT_FORM"
CLOUD_EVENT: Final = "application/cloudevents+json"
TYPES: Final = {"dossier": "vn.bacninh.intake.dossier.accepted.v1", "status": "vn.bacninh.intake.dossier.status.v1"}


class Deliverer:
    """Takes due events one by one. `token` is sent as a bearer token; the site's key signs every body besides."""

    def __init__(self, site: Site, url: str, token: str = "", *, as_xml: bool = False) -> None:
        self._site, self._url, self._token, self._as_xml = site, url, token, as_xml
        self._line = requests.Session()
        self._line.trust_env = False
        with site.engine.begin() as db:
            exports.begin(db, site.now())

    def once(self) -> int:
        """Try everything that is due; return how much was taken."""
        taken = 0
        while (row := self._claim()) is not None:
            taken += self._deliver(row)
        return taken

    def _claim(self) -> Row[Any] | None:
        """Return the oldest due event whose dossier has none before it, leased to this deliverer."""
        mine, before = ledger.outbox, ledger.outbox.alias()
        is_next = ~exists(
            select(before.c.id).where(
                and_(before.c.dossier == mine.c.dossier, before.c.id < mine.c.id, before.c.delivered_at.is_(None))
            )
        )
        with self._site.engine.begin() as db:
            row = db.execute(
                select(mine)
                .where(mine.c.next_at <= self._site.now(), is_next)
                .order_by(mine.c.next_at, mine.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is not None:
                until = to_text(self._site.clock.now() + _LEASE)
                db.execute(update(mine).where(mine.c.id == row.id).values(next_at=until, attempts=row.attempts + 1))
        return row

    def _deliver(self, row: Row[Any]) -> bool:
        try:
            body = json.dumps(self.event(row), ensure_ascii=False).encode("utf-8")
        except national.NotNational as wrong:
            return self._failed(row, f"schema {wrong}"[:300], _MOST_WAIT_S)
        except _MISTAKES as wrong:  # ours to mend, and meanwhile it holds up its own dossier alone
            _log.exception("an event could not be made")
            return self._failed(row, f"bug {type(wrong).__name__}", _MOST_WAIT_S)
        headers = {"Content-Type": CLOUD_EVENT, "BN-Signature": self._site.signing.sign_detached(body)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            said = self._line.post(self._url, body, headers=headers, timeout=(5, 30), allow_redirects=False)
        except requests.RequestException as wrong:
            return self._failed(row, type(wrong).__name__, None)
        if not 200 <= said.status_code < 300:
            return self._failed(row, f"status {said.status_code}", None)
        with self._site.engine.begin() as db:
            db.execute(
                update(ledger.outbox)
                .where(ledger.outbox.c.id == row.id)
                .values(delivered_at=self._site.now(), next_at=None, last_error=None)
            )
            ledger.note(db, at=self._site.now(), who="system:outbox", what=f"exported-{row.kind}", dossier=row.dossier)
        return True

    def _failed(self, row: Row[Any], why: str, wait_s: float | None) -> bool:
        wait_s = wait_s or min(_MOST_WAIT_S, 2 ** min(row.attempts + 1, 12)) * random.uniform(0.5, 1)
        again = to_text(self._site.clock.now() + dt.timedelta(seconds=wait_s))
        with self._site.engine.begin() as db:
            db.execute(
                update(ledger.outbox).where(ledger.outbox.c.id == row.id).values(next_at=again, last_error=why[:300])
            )
        return False

    def event(self, row: Row[Any]) -> dict[str, Any]:
        """Return one event. Raises NotNational when the dossier is not what its own schema says."""
        with self._site.engine.connect() as db:
            dossier = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.id == row.dossier)).one()
            sent = db.execute(
                select(ledger.revisions.c.body, ledger.revisions.c.remark).where(
                    ledger.revisions.c.dossier == row.dossier, ledger.revisions.c.revision == row.revision
                )
            ).one()
        root = national.DOSSIER if row.kind == "dossier" else national.STATUS
        data = self._dossier(dossier, sent, row) if row.kind == "dossier" else _status(dossier, row)
        national.check(data, root)
        return {
            "specversion": "1.0",
            "id": row.event,
            "source": f"urn:bnhelper:{self._site.server_id}",
            "type": TYPES[row.kind],
            "subject": dossier.office_number,
            "time": row.at,
            "datacontenttype": "application/xml" if self._as_xml else "application/json",
            "dataschema": f"{national.NAMESPACE}:{root}",
            "data": national.to_xml(data, root) if self._as_xml else data,
        }

    def _dossier(self, row: Row[Any], sent: Row[Any, Any], event: Row[Any]) -> dict[str, Any]:
        envelope = Envelope.read(bytes(sent.body))
        names: dict[str, str] = {}
        codes: dict[str, str] = {}
        title = field = envelope.procedure
        try:
            procedure = self._site.library.pack_or_newest(envelope.pack.version).procedure(envelope.procedure)
        except UnknownProcedure:
            pass
        else:
            title, field = procedure.name_vi, procedure.sector_vi
            names = {paper.id: paper.name_vi for paper in procedure.papers}
            codes = {paper.id: paper.component_code for paper in procedure.papers}
        due = row.due_at if row.due_at and not row.due_at.startswith(_NO_DATE) else None
        return national.dossier(
            envelope,
            {str(path): value for path, value in read_xml(envelope.instance)[2].items()},
            number=row.office_number,
            deciding=row.holder or row.unit or "",
            received_at=row.received_at,
            accepted_at=event.at,
            due_at=due,
            state=event.state,
            names=names,
            components=codes,
            title=title,
            field=field,
            remark=word("remarks", sent.remark or "", "vi"),
        )


def _status(dossier: Row[Any], row: Row[Any]) -> dict[str, Any]:
    """Return one step of a dossier; the result's name and hash with the steps that bring it."""
    result = json.loads(dossier.result) if dossier.result and row.state in _WITH_RESULT else None
    return national.status(
        number=dossier.office_number,
        state=row.state,
        at=row.at,
        officer=(dossier.officer or "")[:200],
        office=dossier.holder or dossier.unit or "",
        result=None if result is None else (result["name"] or "ket-qua", result["sha256"]),
    )


def run(deliverer: Deliverer, every_s: float = 2.0) -> None:
    """Deliver until this process is told to stop."""
    while True:
        try:
            deliverer.once()
        except OperationalError as wrong:  # the database is away: it is asked again, and nothing was taken off
            _log.warning("unavailable: %s", type(wrong).__name__)
        time.sleep(every_s)


def main() -> int:
    """Deliver to the address that is given; BN_INTAKE_... name the site, BN_INTAKE_EXPORT_TOKEN the bearer token."""
    parser = argparse.ArgumentParser(prog="deliver", description="Tell the province's systems what was accepted.")
    parser.add_argument("url", help="https://... of the receiving system")
    parser.add_argument("--as", dest="form", choices=("json", "xml"), default=os.environ.get(_FORM) or "json")
    said = parser.parse_args()
    to = urlsplit(said.url)
    if to.scheme != "https" and (to.scheme, to.hostname) != ("http", "127.0.0.1"):
        parser.error("the address begins with https://")
    settings = Settings.from_environment()
    observe.log_as_json(settings.log)
    with or_say_why():
        # A first password would be told to nobody; and whoever starts beside a database that starts waits for it.
        site, _ = when_it_is_there(lambda: open_from(settings, may_make=False))
        token = os.environ.get("BN_INTAKE_EXPORT_TOKEN", "")
        deliverer = when_it_is_there(lambda: Deliverer(site, said.url, token, as_xml=said.form == "xml"))
    run(deliverer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
