"""Answers what residents ask about their data: withdraw, see, correct, erase."""

from sqlalchemy import Connection

from bnhelper.actions.record_consent import withdraw_in
from bnhelper.clock import to_text
from bnhelper.domain.consent import FILE_DOSSIER
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.data_rights import TERMS, HoldReason, RequestKind
from bnhelper.domain.dossier import DossierRow
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId
from bnhelper.store import data_requests, dossiers
from bnhelper.store.erasure import erase_rows
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed

_ON_ITS_WAY = frozenset({OutboxState.QUEUED, OutboxState.SENDING, OutboxState.CONFIRMING})


class StillOnItsWay(KnownTrouble):
    """The dossier waits to be sent: erasing it now would lose it; unlock it first, or let it arrive."""

    code = "still-on-its-way"


class NotExtendable(KnownTrouble):
    """The law gives this request no extension, or it had its one already."""

    code = "not-extendable"


def ask_about_data(machine: OpenMachine, dossier: DossierId, kind: RequestKind, channel: str = "in_person") -> int:
    """Note what a resident asks, with the day from which the clocks run. Raises NoSuchDossier."""
    with machine.store.write() as db:
        dossiers.get(db, dossier)
        at = to_text(machine.clock.now())
        request = data_requests.ask(db, dossier, kind, channel=channel, at=at, by=machine.person.id)
        machine.note(db, Deed.REQUEST_ASKED, dossier, request=kind.value, number=request, channel=channel)
    return request


def answer_request(machine: OpenMachine, request: int) -> None:
    """Note that the resident was told what will be done. Raises NoSuchRequest."""
    with machine.store.write() as db:
        row = data_requests.get_open(db, request)
        data_requests.mark(db, request, answered_at=to_text(machine.clock.now()))
        machine.note(db, Deed.REQUEST_ANSWERED, row["dossier"], request=row["kind"], number=request)


def extend_request(machine: OpenMachine, request: int) -> None:
    """Take the one extension the law allows. Raises NoSuchRequest, NotExtendable."""
    with machine.store.write() as db:
        row = data_requests.get_open(db, request)
        if row["extended_at"] is not None or not TERMS[RequestKind(row["kind"])].extension:
            raise NotExtendable
        data_requests.mark(db, request, extended_at=to_text(machine.clock.now()))
        machine.note(db, Deed.REQUEST_EXTENDED, row["dossier"], request=row["kind"], number=request)


def carry_out(machine: OpenMachine, request: int) -> None:
    """Do what was asked: a withdrawal ends the consent, an erasure takes everything off this machine.

    Raises NoSuchRequest, HeldByLaw, StillOnItsWay.
    """
    files: list[str] = []
    with machine.store.write() as db:
        row = data_requests.get_open(db, request)
        dossier, kind = DossierId(row["dossier"]), RequestKind(row["kind"])
        if kind is RequestKind.WITHDRAW:
            withdraw_in(machine, db, dossier, FILE_DOSSIER, row["channel"])
        if kind is RequestKind.ERASE:
            files = _erase(machine, db, dossiers.get(db, dossier))
        data_requests.mark(db, request, done_at=to_text(machine.clock.now()))
        machine.note(db, Deed.REQUEST_DONE, dossier, request=kind.value, number=request)
    _forget(machine, files)


def set_hold(machine: OpenMachine, dossier: DossierId, reason: HoldReason) -> None:
    """Keep a dossier whatever is asked or due, until the hold is released. Raises NoSuchDossier."""
    with machine.store.write() as db:
        dossiers.get(db, dossier)
        data_requests.hold(db, dossier, reason, at=to_text(machine.clock.now()), by=machine.person.id)
        machine.note(db, Deed.HOLD_SET, dossier, reason=reason.value)


def release_hold(machine: OpenMachine, dossier: DossierId) -> None:
    """End the hold; what is due is erased at the next unlocking. Raises NoSuchDossier."""
    with machine.store.write() as db:
        dossiers.get(db, dossier)
        if data_requests.release(db, dossier, at=to_text(machine.clock.now()), by=machine.person.id):
            machine.note(db, Deed.HOLD_RELEASED, dossier)


def _erase(machine: OpenMachine, db: Connection, row: DossierRow) -> list[str]:
    data_requests.must_not_be_held(db, row.id)
    if row.outbox_state in _ON_ITS_WAY:
        raise StillOnItsWay
    machine.note(db, Deed.DOSSIER_ERASED, row.id, reason="request")
    return erase_rows(db, [row.id])


def _forget(machine: OpenMachine, files: list[str]) -> None:
    for name in files:
        machine.photos.forget(name)
    machine.store.forget_what_was_deleted()
