"""Everything the actions and queries work on, while the machine is unlocked."""

from dataclasses import dataclass, field, replace
from typing import Any

from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock
from bnhelper.ids import DeviceId
from bnhelper.paths import Places
from bnhelper.store import installation
from bnhelper.store.open_store import Store
from bnhelper.store.photos import PhotosFound, SealedPhotos, sealed_photos
from bnhelper.vault.sealed_file import wipe
from bnhelper.vault.signatures import SigningKey


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
    _key: bytearray

    def close(self) -> None:
        """Close the connections and overwrite the key buffer."""
        self.store.close()
        wipe(self._key)

    def remember_province(self, province: Province) -> None:
        """Keep the province this device was enrolled at."""
        with self.store.write() as db:
            installation.put(db, "province", _province_json(province))
        self.profile = replace(self.profile, province=province)


def opened(places: Places, store: Store, key: bytearray, library: Library, clock: Clock) -> OpenMachine:
    """Return the machine around an open store; its profile is read from there."""
    photos = sealed_photos(places.photos, bytes(key))
    with store.read() as db:
        found = photos.look(db)
        said = installation.get(db, "province")
        who = Profile(
            DeviceId(installation.get(db, "device")),
            installation.get(db, "person", ""),
            installation.get(db, "unit"),
            _province(said),
        )
        signing = SigningKey.from_secret(installation.get(db, "signing"))
    return OpenMachine(places, store, photos, library, clock, who, signing, found, key)


def _province_json(province: Province) -> dict[str, Any]:
    return {
        "url": province.url,
        "server_id": province.server_id,
        "token": province.token,
        "receipt_keys": list(province.receipt_keys),
        "certificate_sha256": province.certificate_sha256,
        "office": province.office,
        "courier": province.courier,
    }


def _province(said: dict[str, Any] | None) -> Province | None:
    return None if said is None else Province(**{**said, "receipt_keys": tuple(said["receipt_keys"])})
