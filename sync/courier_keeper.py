"""What carrying by hand reads from the store and writes to it, one transaction each."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pyrage
from sqlalchemy import Connection

from bnhelper.clock import to_text
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.sealed import OutboxItem
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, uuid7
from bnhelper.store import dossiers, installation, outbox
from bnhelper.store.open_machine import OpenMachine, Province
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.sealed_file import SealedFileDamaged
from sync.keeper import Keeper
from sync.wire.bundle import BLOCK, BundleDamaged, NotForUs, opened_bytes
from sync.wire.courier import MAX_REPLY_BYTES, CarriedVerdict, CourierKeys, CourierReply
from sync.wire.receipts import ReceiptDoesNotHold, proved

_IDENTITY: Final = "courier_identity"
_JOURNAL: Final = "courier_journal"
#: Refusals that no other stick mends: a person must look (the others may come right by themselves).
_HELD: Final = frozenset(
    {
        "invalid",
        "not-asked",
        "already-decided",
        "bad-signature",
        "id-conflict",
        "too-large",
        "unsupported-media",
        "client-too-old",
    }
)


class NoCourierKeys(KnownTrouble):
    """Nobody has told this machine yet to whom bundles are sealed: it has to meet the province once."""

    code = "no-courier-keys"


class NothingToCarry(KnownTrouble):
    """No sealed dossier waits on this machine."""

    code = "nothing-to-carry"


@dataclass(frozen=True, slots=True)
class Journal:
    """A series that is being written: enough to go on with it after the machine was switched off."""

    series: str
    limit: int  #: bytes of a part
    items: tuple[int, ...]  #: outbox ids, in order
    exported_at: str
    sealed: dict[int, tuple[str, int]] = field(default_factory=dict)  #: part -> SHA-256 and size of its sealed file
    done: tuple[int, ...] = ()  #: parts that lie on the stick, read back


@dataclass(frozen=True, slots=True)
class Applied:
    """What a reply did: numbers of revisions of dossiers."""

    proved: int = 0
    held: int = 0
    waiting: int = 0
    visits: int = 0  #: outcomes of visits that are proved
    is_complete: bool = False  #: everything the part carried is proved: it need not lie on the stick any longer
    bundle: str = ""  #: SHA-256 of the part that it is about


class CourierKeeper:
    """The courier's side of the store."""

    def __init__(self, machine: OpenMachine) -> None:
        self._machine = machine
        self._keeper = Keeper(machine)

    @property
    def province(self) -> Province | None:
        return self._machine.profile.province

    @property
    def keeper(self) -> Keeper:
        return self._keeper

    @property
    def machine(self) -> OpenMachine:
        return self._machine

    def get(self, key: str) -> Any:
        """Return what this machine remembers under a name, None for nothing."""
        with self._machine.store.read() as db:
            return installation.get(db, key)

    def put(self, key: str, value: Any, deed: Deed | None = None, **facts: str) -> None:
        """Remember something JSON can say; None forgets it. `deed` is noted with its facts in the same transaction."""
        with self._machine.store.write() as db:
            installation.put(db, key, value)
            if deed is not None:
                self._machine.note(db, deed, facts={**facts})

    # --- keys ----------------------------------------------------------------------------------------------

    def recipients(self) -> tuple[str, ...]:
        """Return to whom bundles are sealed, at least two keys. Raises NoCourierKeys."""
        province = self.province
        keys = self._keys(province.courier) if province is not None else None
        if keys is None:
            raise NoCourierKeys
        return tuple(dict.fromkeys(keys.recipients))

    def learn(self, token: str, successions: Sequence[str] = ()) -> None:
        """Keep the province's word on whom to seal to, if the province signed it and it is newer than what is known.

        `successions` vouch for the key that signed it, where that is newer than this machine's enrolment.
        Raises NoCourierKeys when it did not: an answer on the way here must not put in a key of its own.
        """
        self._keeper.learn_keys(successions)
        province = self.province
        new = self._keys(token)
        if province is None or new is None:
            raise NoCourierKeys
        known = self._keys(province.courier)
        if known is None or known.made_at < new.made_at:
            self._machine.remember_province(replace(province, courier=token), Deed.CARRIER_KEYS_SET)

    def _keys(self, token: str) -> CourierKeys | None:
        province = self.province
        if province is None or not token:
            return None
        try:
            keys = CourierKeys.read(self._keeper.verify(token))
        except ValueError:
            return None
        return keys if keys.iss == province.server_id and len(set(keys.recipients)) >= 2 else None

    def reply_to(self) -> str:
        """Return the key that replies to this machine are sealed to."""
        return str(pyrage.x25519.Identity.from_str(self._identity()).to_public())

    def _identity(self) -> str:
        with self._machine.store.write() as db:
            known = installation.get(db, _IDENTITY)
            if known is None:
                known = str(pyrage.x25519.Identity.generate())
                installation.put(db, _IDENTITY, known)
            return str(known)

    def sign(self, body: bytes) -> str:
        return self._machine.signing.sign_detached(body)

    # --- out -----------------------------------------------------------------------------------------------

    def to_carry(self, dossier: DossierId | None = None) -> list[OutboxItem]:
        """Return what may be carried, oldest first."""
        with self._machine.store.read() as db:
            return outbox.to_carry(db, dossier)

    def items(self, ids: Sequence[int]) -> list[OutboxItem]:
        """Return the items of a journal that are still sealed here."""
        with self._machine.store.read() as db:
            found = [item for item in (outbox.find(db, one) for one in ids) if item is not None]
        return [item for item in found if item.state is not OutboxState.DRAFT]

    def blocks(self, item: OutboxItem, sha256: str) -> Iterator[bytes]:
        """Give a file in blocks. Raises SealedFileDamaged, at last for bytes that are not the sealed ones.

        One wrong file would have the whole part refused, with everybody's dossiers in it.
        """
        digest = hashlib.sha256()
        with self._keeper.open_file(item, sha256) as opened:
            at = 0
            while block := opened.read_at(at, BLOCK):
                at += len(block)
                digest.update(block)
                yield block
        if digest.hexdigest() != sha256:
            raise SealedFileDamaged

    def hold_damaged(self, item: OutboxItem) -> None:
        """A file of this item cannot be read: a person must look, the others go."""
        self._keeper.hold_damaged(item)

    def begin(self, items: Sequence[OutboxItem], limit: int) -> Journal:
        """Write down that these are about to leave, before a byte of them does: from now on they cannot be opened."""
        now = self._machine.clock.now()
        journal = Journal(uuid7(now), limit, tuple(item.id for item in items), to_text(now))
        with self._machine.store.write() as db:
            self._leaves(db, items)
            installation.put(db, _JOURNAL, _journal_json(journal))
        return journal

    def leave(self, items: Sequence[OutboxItem]) -> None:
        """Write down that these are about to leave, before a byte of them does."""
        with self._machine.store.write() as db:
            self._leaves(db, items)

    def _leaves(self, db: Connection, items: Sequence[OutboxItem]) -> None:
        for item in items:
            if not item.kind and not outbox.has_left(db, item.id):
                self._machine.note(db, Deed.DOSSIER_LEFT, item.dossier, revision=item.revision, channel="carried")
        outbox.note_carried(db, [item.id for item in items], has_left=True)

    def journal(self) -> Journal | None:
        """Return the series that was not finished."""
        with self._machine.store.read() as db:
            said = installation.get(db, _JOURNAL)
        return None if said is None else _journal(said)

    def keep_journal(self, journal: Journal | None) -> None:
        with self._machine.store.write() as db:
            installation.put(db, _JOURNAL, None if journal is None else _journal_json(journal))

    def exported(self, items: Sequence[OutboxItem]) -> None:
        """Mark what lies on a stick, wholly and read back. It goes on waiting: only a receipt proves anything."""
        now = to_text(self._machine.clock.now())
        with self._machine.store.write() as db:
            left = [one for one in items if outbox.state_of(db, one.id) is not OutboxState.PROVED]
            outbox.note_carried(db, [item.id for item in left], exported_at=now)
            # What the line brought there meanwhile lies on the stick too, and waits for nothing.
            for item in (one for one in left if not one.kind):
                dossiers.note_event(db, item.dossier, at=now, kind="exported", revision=item.revision)
                self._machine.note(db, Deed.DOSSIER_CARRIED, item.dossier, revision=item.revision)

    def on_ward(self, name: str, ids: Collection[int]) -> None:
        """Note on the timelines of these that they are on the ward's machine: not at the province, and never "sent"."""
        now = to_text(self._machine.clock.now())
        with self._machine.store.write() as db:
            for item in outbox.to_carry(db):
                if item.kind or item.id not in ids:
                    continue
                known = dossiers.events_of(db, item.dossier)
                if not any(one["kind"] == "on_ward" and one["revision"] == item.revision for one in known):
                    dossiers.note_event(
                        db, item.dossier, at=now, kind="on_ward", revision=item.revision, note=name[:200]
                    )
                    self._machine.note(db, Deed.DOSSIER_AT_WARD, item.dossier, revision=item.revision)

    # --- back ----------------------------------------------------------------------------------------------

    def apply(self, sealed: bytes) -> Applied | None:
        """Read one reply and keep what it proves; None when it is for another machine or not from the province."""
        reply = self._reply(sealed)
        if reply is None:
            return None
        counts: Counter[str] = Counter()
        for one in reply.items:
            counts[self._apply(one)] += 1
        is_complete = counts["proved"] + counts["visits"] == len(reply.items)
        return Applied(counts["proved"], counts["held"], counts["waiting"], counts["visits"], is_complete, reply.bundle)

    def _reply(self, sealed: bytes) -> CourierReply | None:
        province = self.province
        if province is None:
            return None
        try:
            token, *successions = opened_bytes(sealed, [self._identity()], MAX_REPLY_BYTES).decode("ascii").split("\n")
            self._keeper.learn_keys(successions)
            reply = CourierReply.read(self._keeper.verify(token))
        except (NotForUs, BundleDamaged, ValueError):
            return None
        is_ours = reply.iss == province.server_id and reply.device == self._machine.profile.device
        return reply if is_ours else None

    def _apply(self, said: CarriedVerdict) -> str:
        with self._machine.store.read() as db:
            item = outbox.of_revision(db, DossierId(said.dossier), said.rev)
        if item is None or item.envelope_sha256 != said.envelope:
            return "waiting"
        is_proved = "visits" if item.kind else "proved"
        if item.state is OutboxState.PROVED:
            return is_proved
        if said.receipt is not None:
            try:
                receipt = proved(
                    said.receipt,
                    self._keeper.verify,
                    issuer=self._keeper.server,
                    dossier=item.dossier,
                    revision=item.revision,
                    envelope=item.envelope_sha256,
                    blobs={file.sha256: file.size for file in item.files},
                )
            except ReceiptDoesNotHold:
                return "waiting"
            self._keeper.proved(item, said.receipt, receipt)
            return is_proved
        if said.code in _HELD and item.state not in {OutboxState.HELD, OutboxState.DRAFT}:
            self._keeper.hold(item, said.code or "", said.detail or "")
            return "held"
        return "held" if item.state is OutboxState.HELD else "waiting"


def _journal_json(journal: Journal) -> dict[str, Any]:
    return {
        "series": journal.series,
        "limit": journal.limit,
        "items": list(journal.items),
        "exported_at": journal.exported_at,
        "sealed": [[part, *said] for part, said in journal.sealed.items()],
        "done": list(journal.done),
    }


def _journal(said: dict[str, Any]) -> Journal:
    return Journal(
        said["series"],
        said["limit"],
        tuple(said["items"]),
        said["exported_at"],
        {part: (sha256, size) for part, sha256, size in said["sealed"]},
        tuple(said["done"]),
    )
