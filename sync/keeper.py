"""Takes waiting work out of the store and writes results back, one transaction each."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bnhelper.clock import Clock, from_text, to_text
from bnhelper.domain.custody import FILE_DAMAGED, OutboxState
from bnhelper.domain.receipts import issuer_of
from bnhelper.domain.sealed import InLine, OutboxItem, Upload
from bnhelper.ids import DeviceId, DossierId, PaperId, Sha256
from bnhelper.store import believed_time, dossiers, installation, outbox, photos, server_truth, upload_ledger, visits
from bnhelper.store.open_machine import OpenMachine, Province
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.bound_secret import bound, unbound
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.sealed_file import SealedFile
from bnhelper.vault.signatures import SignatureDoesNotHold, verified_payload
from sync.wire.changes import ChangesPage, HeldByDevice
from sync.wire.receipt_keys import heirs
from sync.wire.receipts import Receipt, ReceiptDoesNotHold, proved

#: the name under which a result's file is kept among the photos
RESULT: PaperId = PaperId("_result")
_FEED = "changes"
_LOOKED_BACK = "looked_back"
_SESSION, _SIGNED_IN = "sign_in", "signed_in"  # "session" is the store's own: since when it is open


def _verified(token: str, keys: Iterable[Mapping[str, Any]]) -> bytes:
    try:
        return verified_payload(token, keys)
    except SignatureDoesNotHold as wrong:
        raise ValueError("not signed by the province") from wrong


class Keeper:
    """The only part of sync that touches the store."""

    def __init__(self, machine: OpenMachine) -> None:
        self._machine = machine

    @property
    def province(self) -> Province | None:
        """Return the province this device is enrolled at."""
        return self._machine.profile.province

    @property
    def device(self) -> DeviceId:
        return self._machine.profile.device

    @property
    def clock(self) -> Clock:
        return self._machine.clock

    @property
    def server(self) -> str:
        province = self._machine.profile.province
        return province.server_id if province is not None else ""

    # --- this machine and its province ---------------------------------------------------------------------

    @property
    def person(self) -> str:
        """Return who works with this machine."""
        return self._machine.profile.person

    def public_key(self) -> dict[str, Any]:
        return self._machine.signing.public()

    def sign(self, body: bytes) -> str:
        """Return this machine's detached signature over `body`."""
        return self._machine.signing.sign_detached(body)

    def verify(self, token: str) -> bytes:
        """Return what a token of the province says. Raises ValueError for one that no key of it, known here, signed."""
        province = self.province
        return _verified(token, province.receipt_keys if province is not None else ())

    def learn_keys(self, successions: Iterable[str]) -> bool:
        """Take up the receipt keys that known ones vouch for; return whether there were any."""
        province = self.province
        if province is None:
            return False
        new = heirs(province.receipt_keys, successions, _verified, iss=province.server_id)
        if new:
            keys = (*new, *province.receipt_keys)
            self._machine.remember_province(replace(province, receipt_keys=keys), Deed.PROVINCE_KEYS_SET)
        return bool(new)

    def signs_in_at(self, sign_in: dict[str, str], **new: Any) -> None:
        """Remember where people sign in: at the province that is known, or at a new one with these fields."""
        known = self._machine.profile.province
        if new or known is None:
            self._machine.remember_province(Province(**new, token="", sign_in=sign_in))
        else:
            self._machine.remember_province(replace(known, token="", sign_in=sign_in))

    # --- who is signed in ----------------------------------------------------------------------------------

    def session(self) -> bytes | None:
        """Return the secrets of the sign-in. Raises SecretNotHere, NoKeyring, KeyringLocked, KeyringSecretGone."""
        with self._machine.store.read() as db:
            said = installation.get(db, _SESSION)
        return None if said is None else unbound(said)

    def keep_session(self, secret: bytes, said: dict[str, Any] | None) -> None:
        """Keep the secrets, sealed to this machine, and with a new sign-in what may be said of it."""
        sealed = bound(secret)
        with self._machine.store.write() as db:
            installation.put(db, _SESSION, sealed)
            if said is not None:
                installation.put(db, _SIGNED_IN, said)

    def signed_in(self) -> dict[str, Any] | None:
        """Return what may be said of the last sign-in: name, since, has_ended."""
        with self._machine.store.read() as db:
            said: dict[str, Any] | None = installation.get(db, _SIGNED_IN)
        return said

    def session_ended(self) -> None:
        """Forget the secrets; that there was a sign-in stays known."""
        with self._machine.store.write() as db:
            installation.put(db, _SESSION, None)
            said = installation.get(db, _SIGNED_IN)
            if said is not None:
                installation.put(db, _SIGNED_IN, {**said, "has_ended": True})

    # --- the outbox ----------------------------------------------------------------------------------------

    def put_all_back(self) -> None:
        """Nothing is on its way any more: what an earlier run, or this one, left in the middle waits again."""
        with self._machine.store.write() as db:
            outbox.put_all_back(db)

    def make_due(self) -> None:
        """What was put off may go now."""
        with self._machine.store.write() as db:
            outbox.make_due(db)

    def in_line(self) -> list[InLine]:
        """Return what may be sent now, oldest first."""
        with self._machine.store.read() as db:
            return outbox.in_line(db, self._machine.clock.now())

    def item(self, outbox_id: int) -> OutboxItem:
        """Return one revision with its sealed bytes."""
        with self._machine.store.read() as db:
            return outbox.get(db, outbox_id)

    def find(self, outbox_id: int) -> OutboxItem | None:
        """Return the same, None when it is sealed no more."""
        with self._machine.store.read() as db:
            return outbox.find(db, outbox_id)

    def next_attempt_at(self, after: dt.datetime) -> dt.datetime | None:
        """Return when the first item is due again that was not due `after` then."""
        with self._machine.store.read() as db:
            return outbox.next_attempt_at(db, after)

    def begin(self, item: OutboxItem) -> bool:
        """Write the attempt before it is made; return False when the item does not wait any more."""
        with self._machine.store.write() as db:
            if outbox.find(db, item.id) is None:
                return False
            state = outbox.state_of(db, item.id)
            if state in {OutboxState.HELD, OutboxState.PROVED, OutboxState.DRAFT}:
                return False
            if state is OutboxState.QUEUED:
                if not item.kind and not outbox.has_left(db, item.id):
                    self._machine.note(db, Deed.DOSSIER_LEFT, item.dossier, revision=item.revision, channel="network")
                outbox.move(db, item.id, OutboxState.SENDING, has_left=True)
            return True

    def confirming(self, item: OutboxItem) -> None:
        """Every file is over; only the province's word is missing."""
        with self._machine.store.write() as db:
            if outbox.state_of(db, item.id) is OutboxState.SENDING:
                outbox.move(db, item.id, OutboxState.CONFIRMING)

    def put_off(self, item: OutboxItem, until: dt.datetime) -> None:
        """Try this item again later; the others go on."""
        with self._machine.store.write() as db:
            self._leave(db, item, OutboxState.QUEUED, attempts=item.attempts + 1, not_before=to_text(until))

    def hold(self, item: OutboxItem, code: str, detail: str) -> None:
        """A person must look at this item; the others go on."""
        with self._machine.store.write() as db:
            is_held = self._leave(db, item, OutboxState.HELD, held_code=code[:60], held_detail=detail[:400])
            if item.kind or not is_held:
                return
            dossiers.note_event(
                db,
                item.dossier,
                at=to_text(self._machine.clock.now()),
                kind="held",
                revision=item.revision,
                note=code[:60],
            )
            self._machine.note(db, Deed.DOSSIER_HELD, item.dossier, revision=item.revision)

    def is_damaged(self, item: OutboxItem) -> bool:
        """Tell whether a file of an item is not what was sealed any more; every byte is read."""
        return bool(self._damaged(item))

    def hold_damaged(self, item: OutboxItem) -> None:
        """Hold an item of which a file is damaged, naming the papers to be taken again."""
        lost = self._damaged(item)
        with self._machine.store.read() as db:
            named = [one.paper for one in photos.of_dossier(db, item.dossier) if one.sha256 in lost]
        self.hold(item, FILE_DAMAGED, ", ".join(f"/papers/{paper} damaged" for paper in dict.fromkeys(named)))

    def _damaged(self, item: OutboxItem) -> set[Sha256]:
        with self._machine.store.read() as db:
            rows = [photos.sealed_row(db, file.photo) for file in item.files]
        return {Sha256(row["sha256"]) for row in rows if not self._machine.photos.is_whole(row)}

    @staticmethod
    def _leave(db: Connection, item: OutboxItem, state: OutboxState, **values: object) -> bool:
        """Move an item that is still under way; another stream may have ended it, or a person opened it, meanwhile."""
        if outbox.find(db, item.id) is None:
            return False
        now = outbox.state_of(db, item.id)
        is_over = now in {OutboxState.PROVED, OutboxState.DRAFT}
        is_under_way = not is_over and (now is not OutboxState.HELD or state is OutboxState.HELD)
        if is_under_way:
            outbox.move(db, item.id, state, **values)
        return is_under_way

    def proved(self, item: OutboxItem, jws: str, receipt: Receipt) -> None:
        """Keep the signed receipt: from here on, and only from here on, the province has it."""
        now = to_text(self._machine.clock.now())
        with self._machine.store.write() as db:
            state = outbox.state_of(db, item.id)
            if state is OutboxState.PROVED:
                return  # it was carried as well, and the other way was quicker
            if state is OutboxState.DRAFT:  # given up, and a copy that had left before arrived whole
                dossiers.take_back(db, item.dossier, item.revision)
                outbox.move(db, item.id, OutboxState.QUEUED)
                dossiers.note_event(db, item.dossier, at=now, kind="arrived_after_all", revision=item.revision)
            if state is OutboxState.HELD:  # meanwhile, by the other way; what is proved needs nobody any more
                outbox.move(db, item.id, OutboxState.QUEUED)
            if state in {OutboxState.HELD, OutboxState.QUEUED, OutboxState.DRAFT}:
                outbox.move(db, item.id, OutboxState.SENDING, has_left=True)
            outbox.move(
                db,
                item.id,
                OutboxState.PROVED,
                receipt=jws,
                office_number=receipt.office_number,
                proved_at=now,
                held_code=None,
                held_detail=None,
            )
            believed_time.heard_earlier(db, receipt.received_at)
            if item.kind:
                return
            for file in item.files:
                outbox.note_progress(db, item.id, file.sha256, acked=file.size, sent_more=0)
                upload_ledger.forget(db, self.server, file.sha256)
            dossiers.note_event(
                db, item.dossier, at=now, kind="proved", revision=item.revision, note=receipt.office_number
            )
            self._machine.note(
                db,
                Deed.DOSSIER_PROVED,
                item.dossier,
                revision=item.revision,
                facts={"envelope_sha256": item.envelope_sha256, "receipt_sha256": sha256_of(jws.encode("ascii"))},
            )

    def proved_by_feed(self, page: ChangesPage) -> bool:
        """Keep the receipts in a page of the feed that are not known yet; return whether each that is wanted holds.

        They tell of what arrived by another road, on a stick that never came back; no receipt comes a second time.
        """
        are_known = True
        for one in page.items:
            if one.receipt is None:
                continue
            with self._machine.store.read() as db:
                item = outbox.of_revision(db, DossierId(one.dossier), one.rev)
            if item is None or item.state is OutboxState.PROVED:
                continue
            try:
                receipt = proved(
                    one.receipt,
                    self.verify,
                    issuer=self.server,
                    dossier=item.dossier,
                    revision=item.revision,
                    envelope=item.envelope_sha256,
                    blobs={file.sha256: file.size for file in item.files},
                )
            except ReceiptDoesNotHold:
                are_known = False
            else:
                self.proved(item, one.receipt, receipt)
        return are_known

    def heard_time(self, said: dt.datetime) -> None:
        """The province says over its own line what time it is."""
        with self._machine.store.write() as db:
            believed_time.heard(db, said)

    def open_file(self, item: OutboxItem, sha256: str) -> SealedFile:
        """Open one file of an item for reading. Raises SealedFileDamaged."""
        photo = next(file.photo for file in item.files if file.sha256 == sha256)
        with self._machine.store.read() as db:
            row = photos.sealed_row(db, photo)
        return self._machine.photos.open(row)

    def upload_of(self, sha256: Sha256) -> Upload | None:
        with self._machine.store.read() as db:
            return upload_ledger.find(db, self.server, sha256)

    def note_upload(self, item: OutboxItem, sha256: Sha256, upload: Upload, sent_more: int) -> None:
        """Keep where an upload stands, before the next piece goes."""
        with self._machine.store.write() as db:
            upload_ledger.keep(db, self.server, sha256, upload)
            outbox.note_progress(db, item.id, sha256, acked=upload.offset, sent_more=sent_more)

    def note_sent(self, item: OutboxItem, sha256: Sha256, acked: int, sent_more: int) -> None:
        """Count bytes that went into a line that broke."""
        with self._machine.store.write() as db:
            outbox.note_progress(db, item.id, sha256, acked=acked, sent_more=sent_more)

    def cursor(self) -> str:
        with self._machine.store.read() as db:
            return server_truth.cursor(db, self.server, _FEED)

    def heard(self, page: ChangesPage | None, cursor: str) -> int:
        """Keep a page of the feed with its cursor in one transaction; return how much of it was news.

        `cursor` is what the page was asked after; when somebody else has read on since, it is left as it is.
        """
        now = self._machine.clock.now()
        with self._machine.store.write() as db:
            if server_truth.cursor(db, self.server, _FEED) != cursor:
                return 0
            items = page.items if page is not None else ()
            believed = believed_time.believed(db, now)
            news = sum(server_truth.apply(db, one.model_dump(mode="json"), heard_at=believed) for one in items)
            listed = page.visits or () if page is not None else ()
            news += sum(visits.apply(db, one.model_dump(mode="json"), believed) for one in listed)
            after = page.cursor if page is not None else cursor
            server_truth.set_cursor(db, self.server, _FEED, after, to_text(now))
        return news

    def feed_begins_anew(self) -> None:
        """Forget how far the feed was read: the province does not know that place."""
        with self._machine.store.write() as db:
            server_truth.begin_anew(db)
            server_truth.set_cursor(db, self.server, _FEED, "", to_text(self._machine.clock.now()))

    def results_wanted(self) -> list[tuple[DossierId, str, int, str]]:
        """Return the announced result files that are not here yet: dossier, SHA-256, size, media type."""
        with self._machine.store.read() as db:
            rows = server_truth.without_result_file(db)
        wanted = []
        for row in rows:
            said = json.loads(row["result"])
            wanted.append((DossierId(row["dossier"]), said["sha256"], said["size"], said["media_type"]))
        return wanted

    def keep_result(self, dossier: DossierId, sha256: str, media_type: str, content: bytes) -> bool:
        """Keep a result's file if it is the announced one; return whether it was."""
        if sha256_of(content) != sha256:
            return False
        now = self._machine.clock.now()
        kept = self._machine.photos.keep(content, Sha256(sha256), dossier=dossier, now=now)
        with self._machine.store.write() as db:
            photos.add(db, kept, dossier=dossier, paper=RESULT, media_type=media_type, at=now)
            server_truth.result_arrived(db, dossier, kept.id)
        return True

    def result_is_wrong(self, dossier: DossierId) -> None:
        """Say on the dossier's timeline, once, that what came was not the announced file."""
        with self._machine.store.write() as db:
            if any(event["kind"] == "result_wrong" for event in dossiers.events_of(db, dossier)):
                return
            revision = dossiers.revision_of(db, dossier)
            now = to_text(self._machine.clock.now())
            dossiers.note_event(db, dossier, at=now, kind="result_wrong", revision=revision)

    def looked_back_at(self) -> dt.datetime | None:
        """Return when all that this province holds was last compared with it, None for never."""
        with self._machine.store.read() as db:
            said: dict[str, str] | None = installation.get(db, _LOOKED_BACK)
        return from_text(said["at"]) if said is not None and said["server"] == self.server else None

    def looked_back(self) -> None:
        """All of it was compared just now."""
        with self._machine.store.write() as db:
            said = {"server": self.server, "at": to_text(self._machine.clock.now())}
            installation.put(db, _LOOKED_BACK, said)

    def believed(self, page: int, *, newest: int | None = None) -> Iterator[list[HeldByDevice]]:
        """Yield what this device believes the province holds, at most `page` at a time; of the dossiers the `newest`.

        What another province signed for is not this one's business: it would lack it, and be sent it all. A machine
        that was in a class, or at a neighbour's, brings nothing of that along.
        """
        for ask in (outbox.proved, outbox.proved_records) if newest is None else (outbox.proved,):
            after = 0
            if newest is not None:
                with self._machine.store.read() as db:
                    after = outbox.before_the_newest(db, newest)
            while True:
                with self._machine.store.read() as db:
                    rows = ask(db, after, page)
                ours = [
                    HeldByDevice(dossier=row.dossier, rev=row.revision, envelope=Sha256(row.envelope_sha256))
                    for row in rows
                    if issuer_of(row.receipt or "") in {self.server, ""}
                ]
                if ours:
                    yield ours
                if len(rows) < page:
                    break
                after = rows[-1].id

    def lacking(self, items: Sequence[HeldByDevice]) -> int:
        """Queue again what the province does not have after all; return how many."""
        now = to_text(self._machine.clock.now())
        count = 0
        with self._machine.store.write() as db:
            for one in items:
                item = outbox.of_revision(db, DossierId(one.dossier), one.rev)
                if item is not None and item.state is OutboxState.PROVED:
                    outbox.move(db, item.id, OutboxState.QUEUED, receipt=None, proved_at=None, attempts=0)
                    if not item.kind:
                        outbox.begin_files_anew(db, item.id)
                        dossiers.note_event(db, item.dossier, at=now, kind="lacking", revision=one.rev)
                    count += 1
        return count
