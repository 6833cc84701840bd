"""Carries what waits to a stick, hands sticks over to the province, and brings signed receipts home.

Nothing here makes a dossier count as sent: it goes on waiting until a receipt comes, by whichever road is first.
Every call does its work on the thread that calls it; `told` and `stop` are how a screen looks in and ends it.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bnhelper.clock import from_text
from bnhelper.domain.sealed import OutboxItem
from bnhelper.errors import Bug, KnownTrouble
from bnhelper.ids import DossierId
from bnhelper.vault.sealed_file import DiskFull, SealedFileDamaged
from sync.courier_keeper import Applied, CourierKeeper, Journal, NoCourierKeys, NothingToCarry
from sync.delivery import Transport
from sync.engine.carried import BroughtBack, CarriedOut, CourierState, HandedOver, Step
from sync.engine.pack_parts import PartTooSmall, packed
from sync.engine.verdicts import Stop, Why
from sync.handing_over import HandingOver
from sync.session import Session
from sync.transport.courier import CarriedPart, CopyStopped, Hashing, Stick, StickGone, file_sha256, read_at_of
from sync.transport.enrolment import ProvinceSilent, fetch_card
from sync.transport.https import HttpsTransport, ReadAt
from sync.wire.bundle import seal_bundle
from sync.wire.courier import (
    PART_BYTES,
    BundleStatus,
    CarriedFile,
    CarriedRevision,
    CourierManifest,
    part_name,
)

#: told what the parts of a whole series, by their names in the folder, carry something of: outbox ids
_Lies = Callable[[dict[str, list[int]]], object]
_READ_WITHIN_S: Final = 600.0
_LEAST_BETWEEN_TELLING_S: Final = 0.25


class NoBundles(KnownTrouble):
    """The folder has no sealed bundle that could be handed over."""

    code = "no-bundles"


class NotLetIn(KnownTrouble):
    """The province does not know this machine any more, or refused what it brought."""

    code = "not-let-in"


def _of_province(stop: Stop) -> KnownTrouble:
    if stop.why in {Why.LOGIN, Why.HELD}:
        return NotLetIn(reason=stop.code)
    return ProvinceSilent(reason=stop.code)


class Courier:
    """One machine's courier."""

    def __init__(
        self,
        keeper: CourierKeeper,
        *,
        told: Callable[[CourierState], object] = lambda _now: None,
        session: Session | None = None,
    ) -> None:
        """`session` is the machine's; without it the courier makes its own."""
        self._keeper = keeper
        self._session = session or Session(keeper.keeper)
        self._told = told
        self._state = CourierState()
        self._is_stopped = False
        self._told_at = 0.0
        self._spool = keeper.machine.places.root / "courier"
        self._hashes: dict[Path, tuple[tuple[int, int, int], str]] = {}

    @property
    def keeper(self) -> CourierKeeper:
        return self._keeper

    @property
    def state(self) -> CourierState:
        return self._state

    def subscribe(self, told: Callable[[CourierState], object]) -> None:
        self._told = told

    def stop(self) -> None:
        """End what runs at the next block; it is gone on with the next time."""
        self._is_stopped = True

    # --- out -----------------------------------------------------------------------------------------------

    def carry_out(
        self,
        folder: Path,
        *,
        dossier: DossierId | None = None,
        part_bytes: int = PART_BYTES,
        without: Collection[int] = (),
        lies: _Lies | None = None,
    ) -> CarriedOut:
        """Seal what waits on to a stick; a series that was broken off is finished first.

        `without` names outbox ids that are left out. Where the folder is no stick, `lies` is told of every series that
        lies in it wholly; nothing is then said to be on a stick.

        Raises NoCourierKeys, NothingToCarry, StickGone, StickFull, StickUnreliable, DiskFull, CopyStopped.
        """
        self._is_stopped = False
        stick = Stick(folder)
        self._know_recipients()
        try:
            total, unfinished = CarriedOut(0, 0, 0, 0), self._unfinished(stick)
            try:
                total = self._write_series(stick, unfinished, lies) if unfinished is not None else total
            except _Damaged as wrong:
                self._leave_out(wrong.item)
                unfinished = None
            carried = {*without, *(unfinished.items if unfinished is not None else ())}
            items = [item for item in self._keeper.to_carry(dossier) if item.id not in carried]
            if not items and unfinished is None:
                raise NothingToCarry
            if items:
                total = total.plus(self._new_series(stick, items, part_bytes, lies))
            return total
        finally:
            self._tell(CourierState())

    def _know_recipients(self) -> None:
        """See that there are keys to seal to; a machine that enrolled before there were any asks for them once."""
        try:
            self._keeper.recipients()
        except NoCourierKeys:
            try:
                self.learn_keys()
            except ProvinceSilent as silent:
                raise NoCourierKeys from silent

    def _unfinished(self, stick: Stick) -> Journal | None:
        """Return the series that was broken off, if it was on this stick; another stick begins anew.

        So does a series of whose dossiers one is no longer here: what is left would fall into other parts than those
        that lie there already.
        """
        journal = self._keeper.journal()
        if journal is None:
            return None
        begun = f"{journal.series.replace('-', '')[-12:]}-*"
        if len(self._keeper.items(journal.items)) < len(journal.items) or not (
            stick.out.is_dir() and any(stick.out.glob(begun))
        ):
            self._drop_spool()
            self._keeper.keep_journal(None)
            return None
        return journal

    def _new_series(self, stick: Stick, items: Sequence[OutboxItem], part_bytes: int, lies: _Lies | None) -> CarriedOut:
        self._drop_spool()
        stick.make(0)
        stick.clear_unfinished()
        left = list(items)
        while left:
            journal = self._keeper.begin(left, part_bytes)
            try:
                return self._write_series(stick, journal, lies)
            except _Damaged as wrong:
                self._leave_out(wrong.item)
                left = [item for item in left if item.id != wrong.item.id]
        raise NothingToCarry

    def _leave_out(self, item: OutboxItem) -> None:
        """Begin anew without an item: one photo that cannot be read must not keep the others at home."""
        self._keeper.hold_damaged(item)
        self._drop_spool()
        self._keeper.keep_journal(None)

    def _write_series(self, stick: Stick, journal: Journal, lies: _Lies | None) -> CarriedOut:
        items = {(item.dossier, item.revision): item for item in self._keeper.items(journal.items)}
        try:
            parts = packed(list(items.values()), journal.limit)
        except PartTooSmall as wrong:
            raise Bug("a part smaller than a file") from wrong
        sizes = [sum(_weight(one) for one in part) for part in parts]
        stick.make(sum(size for number, size in enumerate(sizes, 1) if number not in journal.done))
        written = resumed = before = 0
        laid: dict[str, list[int]] = {}
        for number, part in enumerate(parts, 1):
            name = part_name(journal.series, number, len(parts))
            now = CourierState(Step.SEALING, number, len(parts), before, sum(sizes))
            self._tell(now)
            sealed = journal.sealed.get(number)
            if number not in journal.done or sealed is None or not stick.holds(name, *sealed):
                journal, sealed = self._sealed(journal, number, len(parts), part, items)
                path = self._spool / name
                self._tell(replace(now, step=Step.COPYING))
                resumed += stick.copy(
                    path,
                    name,
                    sealed[0],
                    told=lambda done, now=now: self._tell(  # type: ignore[misc]
                        replace(now, step=Step.COPYING, done=now.done + done)
                    ),
                    is_stopped=lambda: self._is_stopped,
                )
                journal = replace(journal, done=(*journal.done, number))
                self._keeper.keep_journal(journal)
                path.unlink(missing_ok=True)
            else:
                resumed += sealed[1]
            laid[name] = [items[DossierId(one.dossier), one.rev].id for one in part]
            before += sizes[number - 1]
            written += sealed[1]
        if lies is None:
            self._keeper.exported(list(items.values()))
        else:
            lies(laid)
        self._keeper.keep_journal(None)
        files, visits = sum(len(one.files) for one in items.values()), sum(one.kind != "" for one in items.values())
        return CarriedOut(len(items) - visits, files, len(parts), written, resumed, visits)

    def _sealed(
        self,
        journal: Journal,
        number: int,
        parts: int,
        part: tuple[CarriedRevision, ...],
        items: dict[tuple[DossierId, int], OutboxItem],
    ) -> tuple[Journal, tuple[str, int]]:
        """Return the sealed file of a part on this machine's own disk, made now or by an earlier try."""
        path = self._spool / part_name(journal.series, number, parts)
        known = journal.sealed.get(number)
        if known is not None and path.is_file() and path.stat().st_size == known[1] and file_sha256(path) == known[0]:
            return journal, known
        province = self._keeper.province
        assert province is not None
        manifest = CourierManifest(
            province=province.server_id,
            device=self._keeper.machine.profile.device,
            reply_to=self._keeper.reply_to(),
            exported_at=from_text(journal.exported_at),
            series=journal.series,
            part=number,
            parts=parts,
            revisions=part,
        )

        def item_of(one: CarriedRevision) -> OutboxItem:
            return items[DossierId(one.dossier), one.rev]

        def blocks(one: CarriedRevision, file: CarriedFile) -> Iterable[bytes]:
            try:
                for block in self._keeper.blocks(item_of(one), file.sha256):
                    if self._is_stopped:
                        raise CopyStopped
                    yield block
            except SealedFileDamaged as wrong:
                raise _Damaged(item_of(one)) from wrong

        making = path.with_suffix(".making")
        try:
            self._spool.mkdir(parents=True, exist_ok=True, mode=0o700)
            with making.open("wb") as file:
                target = Hashing(file)
                seal_bundle(
                    target,
                    manifest,
                    sign=self._keeper.sign,
                    envelope=lambda one: item_of(one).envelope,
                    blocks=blocks,
                    recipients=self._keeper.recipients(),
                )
                file.flush()
                os.fsync(file.fileno())
            os.replace(making, path)  # noqa: PTH105 - replace() is atomic on Windows too
        except OSError as wrong:
            making.unlink(missing_ok=True)
            raise DiskFull from wrong
        if target.size > journal.limit:
            raise Bug("a part grew over its limit")
        sealed = target.digest.hexdigest(), target.size
        journal = replace(journal, sealed={**journal.sealed, number: sealed})
        self._keeper.keep_journal(journal)
        return journal, sealed

    def _drop_spool(self) -> None:
        for left in self._spool.glob("*-of-*") if self._spool.is_dir() else ():
            left.unlink(missing_ok=True)

    # --- back ----------------------------------------------------------------------------------------------

    def bring_back(self, folder: Path, *, over: Callable[[Path], object] = lambda _part: None) -> BroughtBack:
        """Read the replies on a stick; what is wholly proved is taken off it, and `over` is told of each such part.

        Raises StickGone.
        """
        stick = Stick(folder)
        self._tell(CourierState(Step.READING))
        try:
            read = {name: self._keeper.apply(sealed) for name, sealed in stick.replies()}
            open_ones = [name for name, one in read.items() if one is not None and not one.is_complete]
            for name, sealed in stick.replies(open_ones):  # another reply may have proved the rest
                read[name] = self._keeper.apply(sealed)
            for name, applied in read.items():
                if applied is not None and applied.is_complete and _is_about(applied, stick.out / name):
                    over(stick.out / name)
                    stick.clear(name)
        finally:
            self._tell(CourierState())
        ours = [one for one in read.values() if one is not None]
        return BroughtBack(
            len(ours),
            sum(one.proved for one in ours),
            sum(one.held for one in ours),
            sum(one.waiting for one in ours),
            len(read) - len(ours),
            sum(one.visits for one in ours),
        )

    # --- for others ----------------------------------------------------------------------------------------

    def hand_over(
        self,
        folder: Path,
        *,
        through: Callable[[ReadAt], Transport] | None = None,
        trouble: Callable[[Stop], KnownTrouble] = _of_province,
        answered: Callable[[CarriedPart, BundleStatus], object] = lambda _part, _status: None,
    ) -> HandedOver:
        """Bring every sealed part on a stick to the province, and its replies on to the stick.

        This machine only carries: it can read nothing of it. `through` makes a transport to another machine that will
        bring them there; that is not waited for. `trouble` says what it means that nothing more can go, for whoever
        takes them. `answered` is told of each part whose reply lies here now. Raises NoBundles, StickGone, StickFull,
        CopyStopped, and by the province ProvinceSilent, NotLetIn.
        """
        self._is_stopped = False
        stick = Stick(folder)
        parts = stick.parts()
        province = self._keeper.province
        if not parts:
            raise NoBundles
        if province is None:
            raise NotLetIn
        named = {self._hash_of(part): part for part in parts}

        def read_at(sha256: str, offset: int, size: int) -> bytes:
            return read_at_of(named[sha256].path, offset, size)

        transport = (
            through(read_at)
            if through is not None
            else HttpsTransport(
                province.url,
                device=self._keeper.machine.profile.device,
                authority=self._session.authority(),
                certificate_sha256=province.certificate_sha256,
                read_at=read_at,
                is_stopped=lambda: self._is_stopped,
            )
        )
        try:
            over = HandingOver(
                stick,
                transport,
                told=self._tell,
                is_stopped=lambda: self._is_stopped,
                answered=answered,
                read_within_s=_READ_WITHIN_S if through is None else 0,
            ).run(named)
        except Stop as stop:
            raise trouble(stop) from stop
        finally:
            transport.close()
            self._tell(CourierState())
        for name in over.left:  # it may be another file by now than was hashed
            self._hashes.pop(stick.out / name, None)
        return over

    def _hash_of(self, part: CarriedPart) -> str:
        """Return the SHA-256 of a part, read once as long as the file stays as it is. Raises StickGone."""
        try:
            about = part.path.stat()
        except OSError as wrong:
            raise StickGone from wrong
        known, sha256 = self._hashes.get(part.path, (None, ""))
        now = (about.st_size, about.st_mtime_ns, about.st_ino)
        if known != now:
            sha256 = file_sha256(part.path)
            self._hashes[part.path] = now, sha256
        return sha256

    def learn_keys(self) -> None:
        """Ask the province to whom to seal, and keep its signed word. Raises ProvinceSilent, NoCourierKeys."""
        province = self._keeper.province
        if province is None:
            raise ProvinceSilent
        card = fetch_card(province.url, self._keeper.machine.profile.device, province.certificate_sha256)
        self._keeper.learn(card.courier or "", card.successions or ())

    def _tell(self, state: CourierState) -> None:
        """Publish a new state: every new step at once, progress within one at most four times a second."""
        old, self._state = self._state, state
        now = time.monotonic()
        if (old.step, old.part) == (state.step, state.part) and now - self._told_at < _LEAST_BETWEEN_TELLING_S:
            return
        self._told_at = now
        self._told(state)


class _Damaged(Exception):
    """A file of this item cannot be read on this machine."""

    def __init__(self, item: OutboxItem) -> None:
        self.item = item
        super().__init__()


def _is_about(applied: Applied, part: Path) -> bool:
    """Tell whether a reply is about the part that it lies beside: only that one is taken away."""
    return not part.is_file() or file_sha256(part) == applied.bundle


def _weight(one: CarriedRevision) -> int:
    return one.size + sum(file.size for file in one.files if file.here)
