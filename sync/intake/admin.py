"""Chores of a site: `python -m sync.intake.admin migrate|token|rotate-key|pack|backup|retention|hold|check ...`."""

import argparse
import json
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import delete, or_, select

from bnhelper.errors import KnownTrouble
from sync.intake import backup, health, identity, ledger, officers_accounts, packs, receipt_keys, retention, strays
from sync.intake.beginning import or_say_why
from sync.intake.blobs import BlobsUnavailable, S3Blobs
from sync.intake.migrating import version_of
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer
from sync.intake.officers_rights import Role as OfficerRole
from sync.intake.roles import Role
from sync.intake.serve import open_from
from sync.intake.settings import Settings
from sync.intake.station import Site

_AT_ONCE: Final = 1_000


def main(argv: list[str] | None = None) -> int:
    """Do one chore on the site that BN_INTAKE_... names; print what was done as JSON."""
    parser = argparse.ArgumentParser(prog="admin", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("migrate", help="bring the ledger to this program's version; workers may go on meanwhile")
    token = verbs.add_parser("token", help="a token for a system or a person without a device; told once")
    token.add_argument("name")
    token.add_argument("role", choices=[one.value for one in Role])
    token.add_argument("--unit")
    verbs.add_parser("revoke-token").add_argument("name")
    verbs.add_parser("revoke-person", help="issuer#sub of OIDC").add_argument("subject")
    verbs.add_parser("rotate-key", help="a new receipt key; the old one stays published; restart the workers then")
    known = verbs.add_parser("pack", help="make a procedure pack known that machines have; they can send again then")
    known.add_argument("file", type=Path)
    copied = verbs.add_parser("backup", help="copy an embedded site into a folder while it works; again, what is new")
    copied.add_argument("folder", type=Path)
    verbs.add_parser("retention", help="erase what is over its time").add_argument("--days", type=int, default=365)
    held = verbs.add_parser("hold", help="keep a dossier whatever its age")
    held.add_argument("dossier", help="its id, or the office number on its slip")
    held.add_argument("reason")
    held.add_argument("--by", required=True)
    freed = verbs.add_parser("release")
    freed.add_argument("dossier")
    freed.add_argument("--by", required=True)
    checked = verbs.add_parser("check", help="are all parts there, and every file of the ledger in the store of bytes?")
    checked.add_argument("--mend", action="store_true", help="ask the machines that brought lost files for them again")
    checked.add_argument("--even-all", action="store_true", help="also where not one file is there any more")
    named = verbs.add_parser("name", help="what devices are told this site is called, and how its numbers begin")
    named.add_argument("office", help="such as: Trung tâm Phục vụ hành chính công tỉnh Bắc Ninh")
    named.add_argument("--numbers", type=_number_prefix, help="what office numbers begin with: H05.27")
    joining = verbs.add_parser("invite-officer", help="a link to a provincial officer's account, or its new password")
    joining.add_argument("user")
    joining.add_argument("name")
    said = parser.parse_args(argv)
    with or_say_why():
        site, first = open_from(Settings.from_environment(), may_make=said.verb == "migrate")
        try:
            done = _do(site, said)
        except BlobsUnavailable:
            done = _failed("the store of bytes does not answer; the same chore may be run again")
        finally:
            site.close()
    if first is not None:  # this very chore made the site: its first password is told once
        done["first_officer"] = {"user": first.user, "password": first.password}
    print(json.dumps(done, ensure_ascii=False))
    return 1 if done.get("failed") else 0


def _number_prefix(text: str) -> str:
    """Return a prefix of office numbers as it was given. Raises ArgumentTypeError."""
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9.]{0,18}", text):
        raise argparse.ArgumentTypeError("capital letters, digits and dots, such as H05.27")
    return text


def _do(site: Site, said: argparse.Namespace) -> dict[str, object]:
    if said.verb == "migrate":
        return {"version": version_of(site.engine)}
    if said.verb == "token":
        return {"token": identity.make_bearer(site, said.name, Role(said.role), said.unit)}
    if said.verb == "revoke-token":
        count = identity.revoke_bearer(site, said.name)
        return {"revoked": count} if count else _failed("no token has that name, or it is revoked already")
    if said.verb == "revoke-person":
        identity.revoke_subject(site, said.subject)
        return {"revoked": said.subject}
    if said.verb == "rotate-key":
        return {"kid": receipt_keys.rotate(site)}
    if said.verb == "pack":
        return _take_in(site, said.file)
    if said.verb == "name":
        return _name(site, said.office, said.numbers)
    if said.verb == "invite-officer":
        return _invite_officer(site, said.user, said.name)
    if said.verb == "backup":
        return _back_up(site, said.folder)
    if said.verb == "retention":
        return dict(retention.run(site, said.days))
    if said.verb in {"hold", "release"}:
        return _hold(site, said)
    return check(site, mends=said.mend, even_all=said.even_all)


def _take_in(site: Site, file: Path) -> dict[str, object]:
    try:
        return {"version": packs.take_in(site, file)}
    except (KnownTrouble, ValueError):
        return _failed(f"{file} is no pack, or it is damaged")


def _name(site: Site, office: str, numbers: str | None) -> dict[str, object]:
    """Name the site. Numbers that were given stay as they are; workers read both when they start."""
    with site.engine.begin() as db:
        ledger.set_site_value(db, "office", " ".join(office.split())[:200])
        if numbers is not None:
            ledger.set_site_value(db, "number_prefix", numbers)
        ledger.note(db, at=site.now(), who="site", what="named")
        return {"office": ledger.site_value(db, "office"), "numbers": numbers or site.number_prefix}


def _invite_officer(site: Site, user: str, name: str) -> dict[str, object]:
    """Let somebody in again where the last password of a provincial officer is lost."""
    site_itself = Officer("(site)", "", "", OfficerRole.PROVINCE, PROVINCE_OFFICE)
    try:
        code = officers_accounts.invite_officer(
            site, site_itself, user=user, name=name, role=OfficerRole.PROVINCE, office=PROVINCE_OFFICE
        )
    except officers_accounts.NotAnAccount as wrong:
        return _failed({"user": "a user name has 3 to 40 of a-z, 0-9, dot, _ and -"}.get(wrong.code, wrong.code))
    return {"join": f"{site.url}/officer/join/{code}"}


def _back_up(site: Site, folder: Path) -> dict[str, object]:
    try:
        return backup.back_up(site, folder).said()
    except backup.NotEmbedded:
        return _failed("rows or bytes lie in PostgreSQL or S3: see Backup in docs/intake/runbook.md")
    except (OSError, sqlite3.Error) as wrong:
        return _failed(f"it could not be written: {wrong}")


def _hold(site: Site, said: argparse.Namespace) -> dict[str, object]:
    """Begin or end a legal hold; a dossier is named by its id or by the office number on its slip."""
    one = ledger.dossiers.c
    with site.engine.connect() as db:
        named = select(one.id).where(or_(one.id == said.dossier, one.office_number == said.dossier))
        dossier = db.execute(named.limit(1)).scalar() or said.dossier
    if said.verb == "release":
        return {"released": dossier} if retention.release(site, dossier, said.by) else _failed("it was not held")
    try:
        retention.hold(site, dossier, said.reason, said.by)
    except retention.NotHere:
        return _failed("there is no such dossier, or it is erased already")
    return {"held": dossier}


def _failed(why: str) -> dict[str, object]:
    return {"failed": True, "why": why}


def check(site: Site, *, mends: bool = False, even_all: bool = False) -> dict[str, object]:
    """Return the state of the parts, and how many files the ledger swears to but the store of bytes lacks.

    Beside that, which is no failure: what lies in the store or the spool and nobody knows (`strays`), and how much is
    marked to be deleted.

    `mends` lets the ledger forget those: the machines that brought them are told so when they next compare, and bring
    them again as far as they still have them. Receipts and numbers stay what they are. Where not one file is there it
    forgets nothing unless `even_all`: a wrong setting looks just like that.
    """
    parts, lost, files = health.parts(site), [], 0
    why = site.blobs.why_not() if isinstance(site.blobs, S3Blobs) else ""
    if why:  # and nothing of it is asked: a bucket that is not there would lack every file
        return {**parts, "blobs": why, "failed": True}
    for some in _hashes(site):
        lost += [one for one in some if not site.blobs.has(one)]
        files += len(some)
    if mends and lost and len(lost) == files and not even_all:
        return _failed(
            f"not one of {files} files is there: is this their store? If they are truly lost: --mend --even-all"
        )
    for begin in range(0, len(lost) if mends else 0, 500):
        with site.engine.begin() as db:
            for table in (ledger.blobs, ledger.uploads):  # a finished upload would say that they are here
                db.execute(delete(table).where(table.c.sha256.in_(lost[begin : begin + 500])))
    is_well = not lost and all(one == "ok" for one in parts.values())
    return {
        **parts,
        **_strays(site),
        "spool_strays": len(strays.in_spool(site)),
        "marked": strays.waiting(site),
        "files": files,
        "lost": lost[:20],
        "failed": not is_well,
    }


def _strays(site: Site) -> dict[str, int]:
    try:
        met = strays.count(site)
    except BlobsUnavailable:  # it may be read and not be listed
        return {"strays_not_looked_for": 1}
    return {"strays": met.strays, "strays_in_doubt": met.in_doubt}


def _hashes(site: Site) -> Iterator[Sequence[str]]:
    """Yield what the ledger swears to, some at a time: a nation has hundreds of millions."""
    one, last = ledger.blobs.c.sha256, ""
    while True:
        wanted = select(one).where(one > last).distinct().order_by(one).limit(_AT_ONCE)
        with site.engine.connect() as db:
            found = db.execute(wanted).scalars().all()
        if not found:
            return
        yield found
        last = found[-1]


if __name__ == "__main__":
    sys.exit(main())
