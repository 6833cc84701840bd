"""Publishes packs: a folder of The Update Framework with the newest pack and the ways to it from the ten before.

Four roles (tuf specification 1.0.34): root, signed by two of three people, yearly; targets, what is published;
snapshot and timestamp, what is newest, for 30 and 7 days. Keys are Ed25519, each in a file of its own, sealed by
a passphrase; they never lie in the repository or on a device.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_content import content_of
from bnhelper.catalogue.pack_delta import make_delta
from bnhelper.catalogue.pack_update import NEWEST
from bnhelper.errors import KnownTrouble

_ROOTS: Final = ("root-1", "root-2", "root-3")
_ROLES: Final = ("targets", "snapshot", "timestamp")
_DAYS: Final = {"root": 365, "targets": 365, "snapshot": 30, "timestamp": 7}
_KEPT: Final = 10  #: versions from which there is a way to the newest
_LEVEL: Final = 19


Kind = TypeVar("Kind", Root, Targets, Snapshot, Timestamp)


class PublishingRefused(KnownTrouble):
    """Something that may not be published: the same version twice, a key that is missing, a wrong passphrase."""

    code = "publishing-refused"


def make_keys(folder: Path, passphrase: bytes) -> None:
    """Make three root keys and one for each further role, sealed. Raises PublishingRefused when there are any."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.glob("*.pem")):
        raise PublishingRefused(reason="keys-exist")
    for name in (*_ROOTS, *_ROLES):
        _write_key(folder / f"{name}.pem", Ed25519PrivateKey.generate(), passphrase)


def _write_key(path: Path, key: Ed25519PrivateKey, passphrase: bytes) -> None:
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))
    path.touch(mode=0o600)
    path.write_bytes(sealed)


@dataclass(slots=True)
class Publisher:
    """One repository folder: `metadata/` and `targets/`, to be put on a web server or a stick as it is."""

    folder: Path
    keys: Mapping[str, CryptoSigner]
    now: dt.datetime

    @classmethod
    def open(cls, folder: Path, keys: Path, passphrase: bytes, now: dt.datetime) -> "Publisher":
        """Open the keys that are there. Raises PublishingRefused."""
        found = {}
        for path in sorted(keys.glob("*.pem")):
            try:
                key = load_pem_private_key(path.read_bytes(), passphrase)
            except (ValueError, TypeError) as wrong:
                raise PublishingRefused(reason="wrong-passphrase") from wrong
            if isinstance(key, Ed25519PrivateKey):
                found[path.stem] = CryptoSigner(key)
        return cls(folder, found, now.replace(microsecond=0))

    def publish(self, pack: Path) -> str:
        """Make `pack` the newest; return its version. Raises PublishingRefused, PackDamaged."""
        opened = Pack(pack)
        new = content_of(opened)
        targets = self._read("targets", Targets)
        if targets is None:
            self._begin()
            targets = Metadata(Targets())
        versions: list[str] = list(targets.signed.unrecognized_fields.get("versions", []))
        if new.version in versions:
            raise PublishingRefused(reason="version-exists")
        store = self.folder / "packs"
        store.mkdir(parents=True, exist_ok=True)
        (store / f"{new.version}.bnpack").write_bytes(pack.read_bytes())
        versions = [*versions, new.version][-_KEPT - 1 :]
        files = {f"{new.version}.bnpack.zst": zstandard.ZstdCompressor(level=_LEVEL).compress(pack.read_bytes())}
        newest = {"version": new.version, "built_on": opened.built_on, "content_sha256": opened.sha256}
        files[NEWEST] = json.dumps(newest, sort_keys=True).encode("utf-8")
        for before in versions[:-1]:
            old = content_of(Pack(store / f"{before}.bnpack"))
            files[f"{before}--{new.version}.delta"] = make_delta(old, new)
        targets.signed.targets = {name: self._put_target(name, content) for name, content in files.items()}
        targets.signed.unrecognized_fields["versions"] = versions
        for path in store.glob("*.bnpack"):
            if path.stem not in versions:
                path.unlink()
        self._write("targets", targets, ["targets"])
        self.refresh()
        return new.version

    def refresh(self) -> None:
        """Say anew what is newest; to be done before the seven days are over."""
        targets = self._read("targets", Targets)
        assert targets is not None
        snapshot = self._read("snapshot", Snapshot) or Metadata(Snapshot())
        snapshot.signed.meta["targets.json"] = MetaFile(version=targets.signed.version)
        self._write("snapshot", snapshot, ["snapshot"])
        timestamp = self._read("timestamp", Timestamp) or Metadata(Timestamp())
        timestamp.signed.snapshot_meta = MetaFile(version=snapshot.signed.version)
        self._write("timestamp", timestamp, ["timestamp"])

    def rotate(self, role: str, keys: Path, passphrase: bytes) -> None:
        """Give a role a new key, signed into a new root by two of the root keys. The old key is worth nothing more."""
        if role not in _ROLES:
            raise PublishingRefused(reason="no-such-role")
        root = self._read("root", Root)
        assert root is not None
        old = self.keys[role].public_key
        fresh = Ed25519PrivateKey.generate()
        _write_key(keys / f"{role}.pem", fresh, passphrase)
        self.keys = {**self.keys, role: CryptoSigner(fresh)}
        root.signed.revoke_key(old.keyid, role)
        root.signed.add_key(self.keys[role].public_key, role)
        self._write("root", root, [name for name in _ROOTS if name in self.keys])
        if role == "targets":
            known = self._read("targets", Targets)
            assert known is not None
            self._write("targets", known, ["targets"])
        self.refresh()

    def _begin(self) -> None:
        root = Root(consistent_snapshot=False)
        for name in _ROOTS:
            root.add_key(self._key(name).public_key, "root")
        root.roles["root"].threshold = 2
        for name in _ROLES:
            root.add_key(self._key(name).public_key, name)
        self._write("root", Metadata(root), [name for name in _ROOTS if name in self.keys])

    def _key(self, name: str) -> CryptoSigner:
        try:
            return self.keys[name]
        except KeyError:
            raise PublishingRefused(reason="key-missing", key=name) from None

    def _until(self, role: str) -> dt.datetime:
        return self.now + dt.timedelta(days=_DAYS[role])

    def _put_target(self, name: str, content: bytes) -> TargetFile:
        path = self.folder / "targets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return TargetFile.from_data(name, content, ["sha256"])

    def _read(self, role: str, _kind: type[Kind]) -> Metadata[Kind] | None:
        path = self.folder / "metadata" / f"{role}.json"
        return Metadata.from_bytes(path.read_bytes()) if path.exists() else None

    def _write(self, role: str, metadata: Metadata[Any], signers: list[str]) -> None:
        path = self.folder / "metadata" / f"{role}.json"
        metadata.signed.version = Metadata.from_bytes(path.read_bytes()).signed.version + 1 if path.exists() else 1
        metadata.signed.expires = self._until(role)
        metadata.signatures.clear()
        for name in signers:
            metadata.sign(self._key(name), append=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = metadata.to_bytes()
        if role == "root":
            (path.parent / f"{metadata.signed.version}.root.json").write_bytes(content)
        path.write_bytes(content)


def trusted_root(folder: Path) -> bytes:
    """Return the first root of a repository: what a device trusts before anything else."""
    return (folder / "metadata" / "1.root.json").read_bytes()
