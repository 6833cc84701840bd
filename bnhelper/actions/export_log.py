"""Writes the audit log for an inspector, with the device's public key beside it."""

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from bnhelper.clock import to_text
from bnhelper.errors import KnownTrouble
from bnhelper.ids import Sha256
from bnhelper.store import audit
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed, export_lines
from bnhelper.vault.disk import disk_trouble


class LogExists(KnownTrouble):
    """There is a file of that name already; a log is never written over another."""

    code = "log-exists"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: two files, how many links, the hash of the last."""

    log: Path
    key: Path
    links: int
    head: Sha256


def export_log(machine: OpenMachine, target: Path) -> Exported:
    """Write the whole log to `target` and the public key beside it as `NAME.key.json`.

    That it was exported is its last link. Raises NotYours, LogExists, DiskFull, DiskReadOnly,
    DiskFailed; then nothing is left behind.
    """
    machine.must_manage_people()
    beside = key_beside(target)
    if target.exists() or beside.exists():
        raise LogExists
    with machine.store.write() as db:
        machine.note(db, Deed.LOG_EXPORTED, links=audit.length(db))
        links = list(audit.links(db))
    lines = export_lines(links, machine.signing, device=machine.profile.device, at=to_text(machine.clock.now()))
    try:
        _write(beside, json.dumps(machine.signing.public(), indent=1) + "\n")
        _write(target, "".join(f"{line}\n" for line in lines))
    except OSError as wrong:
        for path in (target, beside):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise disk_trouble(wrong) from wrong
    return Exported(target, beside, len(links), links[-1].sha256)


def key_beside(log: Path) -> Path:
    """Return where the device's public key lies that was exported with a log."""
    return log.with_name(f"{log.stem}.key.json")


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
