"""Everything the actions and queries work on, while the machine is unlocked."""

import contextlib
import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, func, select

from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock, from_text, province_date, to_text
from bnhelper.domain.custody import OTHER_PROVINCE
from bnhelper.domain.people import NotYours, Person
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DeviceId, DossierId
from bnhelper.paths import Places
from bnhelper.store import audit, dossiers, installation, outbox, server_truth
from bnhelper.store import tables as t
from bnhelper.store.open_store import Store
from bnhelper.store.photos import PhotosFound, SealedPhotos, sealed_photos
from bnhelper.vault import key_copies
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.disk import told_as_trouble
from bnhelper.vault.sealed_file import wipe
from bnhelper.vault.signatures import SigningKey

_KEYS_READY: Final = "keys_ready"  #: the hash of the keys that were decided on last
SESSION: Final = "session"  #: since when the store is open; gone after an ordinary end


@dataclass(frozen=True, slots=True)
class Province:
    """The intake this device is enrolled at."""

    url: str
    server_id: str
    token: str = field(repr=False)
    receipt_keys: tuple[dict[str, Any], ...]
    certificate_sha256: str | None = None
    office: str = ""
    courier: str = ""  #: the province's signed word on whom to seal bundles to (sync.wire.courier.CourierKeys)
    sign_in: dict[str, str] | None = None  #: where its people sign in (sync.wire.enrolment.SignInAt); then no token


@dataclass(frozen=True, slots=True)
class Profile:
    """Who works with this machine."""

    device: DeviceId
    person: str
    unit: str | None
    province: Province | None


@dataclass(slots=True, repr=False)  # a repr would carry the keys into a traceback
class OpenMachine:
    """Everything the actions and queries work on, while the machine is unlocked."""

    places: Places
    store: Store
    photos: SealedPhotos
    library: Library
    clock: Clock
    profile: Profile
    signing: SigningKey
    found: PhotosFound
    person: Person
    _key: bytearray
    #: when the program ended last time without closing: a crash, a flat battery; None after an ordinary end
    cut_off_at: dt.datetime | None = None
    #: drafts that were opened since this machine was unlocked
    resumed: set[DossierId] = field(default_factory=set)

    @property
    def key(self) -> bytes:
        """Return the store key, for a deed that wraps it anew."""
        return bytes(self._key)

    def note(
        self,
        db: Connection,
        deed: Deed,
        about: str = "",
        *,
        facts: dict[str, str | int] | None = None,
        **more: str | int,
    ) -> None:
        """Add a link to the audit chain, in the transaction of the deed itself."""
        audit.append(
            db,
            self.signing,
            at=to_text(self.clock.now()),
            device=self.profile.device,
            by=self.person.id,
            deed=deed,
            about=about,
            facts={**(facts or {}), **more},
        )

    def make_keys_ready(self, db: Connection, content: bytes) -> None:
        """Let the transaction of `db` decide on new keys, as the last thing in it; then `take_keys` names them so.

        What is cut off between the two is ended by the next opening: a way and what the store says of its person, or
        the link in the log, are there both or not at all. Raises DiskFull, DiskReadOnly, DiskFailed.
        """
        installation.put(db, _KEYS_READY, sha256_of(content))
        key_copies.make_ready(self.places.keys, content)

    def take_keys(self) -> None:
        """Give the keys their name that the last transaction decided on."""
        key_copies.put_in_place(key_copies.ready_beside(self.places.keys), self.places.keys)

    def must_be_able_to_start(self) -> None:
        """Raise MayNotStart or NotYours unless who works here may begin something new."""
        self.person.must_be_able_to_start(province_date(self.clock.now()))

    def must_manage_people(self) -> None:
        """Raise NotYours unless who works here answers for the machine."""
        if not self.person.role.manages_people:
            raise NotYours

    def close(self) -> None:
        """Note that this was an ordinary end, close the connections and overwrite the key buffer."""
        if any(self._key):
            # A store that is gone or full keeps no note; the next start then says that it was cut off, which is so.
            with contextlib.suppress(KnownTrouble), self.store.write() as db:
                installation.put(db, SESSION, None)
        self.store.close()
        wipe(self._key)

    def remember_province(self, province: Province, deed: Deed = Deed.ENROLLED) -> None:
        """Keep the province this device was enrolled at, or what it said of itself since.

        Another one counts its news from the beginning: what the last one numbered higher must not hide it. What was
        locked or told for the last one goes there only when somebody says so, one by one: it may be practice.
        """
        known = self.profile.province
        with self.store.write() as db:
            installation.put(db, "province", _province_json(province))
            if known is not None and known.server_id != province.server_id:
                server_truth.begin_anew(db)
                now = to_text(self.clock.now())
                for dossier, revision in outbox.hold_waiting(db, OTHER_PROVINCE):
                    dossiers.note_event(db, dossier, at=now, kind="held", revision=revision, note=OTHER_PROVINCE)
                    self.note(db, Deed.DOSSIER_HELD, dossier, revision=revision)
            self.note(db, deed)
        self.profile = replace(self.profile, province=province)


def opened(places: Places, store: Store, key: bytearray, library: Library, clock: Clock, person: Person) -> OpenMachine:
    """Return the machine around an open store for one of its people; its profile is read from there."""
    store.person = person.id
    photos = sealed_photos(places.photos, bytes(key))
    with store.read() as db:
        found = photos.look(db)
        said = installation.get(db, "province")
        who = Profile(
            DeviceId(installation.get(db, "device")),
            person.name,
            installation.get(db, "unit"),
            _province(said),
        )
        signing = SigningKey.from_secret(installation.get(db, "signing"))
    return OpenMachine(places, store, photos, library, clock, who, signing, found, person, key)


def settle_keys(places: Places, db: Connection) -> None:
    """Give keys their name that a transaction decided on before it was cut off, and forget any others."""
    ready = key_copies.ready_beside(places.keys)
    with told_as_trouble():
        if not ready.exists():
            return
        if sha256_of(ready.read_bytes()) == installation.get(db, _KEYS_READY):
            key_copies.put_in_place(ready, places.keys)
        else:
            ready.unlink()


def begin_session(db: Connection, now: dt.datetime) -> dt.datetime | None:
    """Note that the store is open from now on; return the last sign of life of a session that never ended.

    That is the last answer kept in it, or its begin where nothing was.
    """
    before = installation.get(db, SESSION)
    installation.put(db, SESSION, to_text(now))
    if before is None:
        return None
    kept = db.execute(select(func.max(t.dossiers.c.changed_at)).where(t.dossiers.c.changed_at <= to_text(now))).scalar()
    return from_text(max(before, kept or before))


def _province_json(province: Province) -> dict[str, Any]:
    return {
        "url": province.url,
        "server_id": province.server_id,
        "token": province.token,
        "receipt_keys": list(province.receipt_keys),
        "certificate_sha256": province.certificate_sha256,
        "office": province.office,
        "courier": province.courier,
        "sign_in": province.sign_in,
    }


def _province(said: dict[str, Any] | None) -> Province | None:
    return None if said is None else Province(**{**said, "receipt_keys": tuple(said["receipt_keys"])})
