"""One machine with a dossier in every state, and every deed that writes: what the crash tests kill."""

import contextlib
import datetime as dt
import hashlib
import random
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from unittest.mock import patch

import sqlcipher3.dbapi2 as sqlcipher

from bnhelper.actions import answer_question as answering
from bnhelper.actions import data_rights as rights
from bnhelper.actions import manage_people as managing
from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.attach_photo import attach_photo, detach_photo, restore_photo, show_paper
from bnhelper.actions.bin_dossier import bin_dossier, erase_dossier, take_from_bin
from bnhelper.actions.confirm_date import confirm_date
from bnhelper.actions.erase_overdue import _erase_piece, set_aside_overdue
from bnhelper.actions.lock_dossier import lock_dossier, send_again, unlock_dossier
from bnhelper.actions.record_consent import record_consent, withdraw_consent
from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import to_text
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.data_rights import HoldReason, RequestKind
from bnhelper.domain.people import Role
from bnhelper.domain.sealed import OutboxItem, Upload
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, FieldPath, PaperId, PersonId, PhotoId, Sha256
from bnhelper.paths import Places
from bnhelper.store import outbox, photos
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.keys import KeyFile, make_key_file, unwrap
from sync.keeper import Keeper
from sync.wire.changes import ChangesPage
from sync.wire.receipts import Receipt
from tests import factories, states
from tests.fakes.clock import FixedClock

PAPER: Final = PaperId("birth_evidence")
DETAIL: Final = FieldPath("/data/applicant/address_detail")
_RESULT: Final = factories.png(extra=b"result" * 100)
LIBRARY: Final = Library.shipped()


@dataclass
class Cast:
    """Who plays: the ids of the machine that every run begins from."""

    folder: Path
    stage: Path = Path()  #: what deeds on files only read
    roles: dict[str, DossierId] = field(default_factory=dict)
    photos: list[PhotoId] = field(default_factory=list)
    requests: dict[RequestKind, int] = field(default_factory=dict)
    people: dict[str, PersonId] = field(default_factory=dict)

    def places(self, folder: Path) -> Places:
        return Places(folder / "data")

    def open(self, folder: Path) -> OpenMachine:
        return unlock_machine(Places(folder / "data"), KeyFile(folder / "key"), library=LIBRARY, clock=FixedClock())

    def key(self, folder: Path) -> bytes:
        return unwrap(Places(folder / "data").keys, KeyFile(folder / "key"))

    def copy(self, folder: Path) -> Path:
        return Path(shutil.copytree(self.folder, folder))


def make_cast(folder: Path) -> Cast:
    """Make the machine: a dossier in every state that a deed begins from."""
    clock = FixedClock()
    clock.move(days=-40)
    machine = factories.machine(folder, clock)
    cast = Cast(folder)
    roles = cast.roles
    roles["long binned"] = states.draft(machine)
    attach_photo(machine, roles["long binned"], PAPER, factories.png(1))
    bin_dossier(machine, roles["long binned"])
    states.days_pass(machine, clock, 40)
    roles["draft"] = factories.birth_dossier(machine)
    cast.photos = [attach_photo(machine, roles["draft"], PAPER, factories.png(shade)) for shade in (10, 20)]
    detach_photo(machine, cast.photos[1])
    answering.answer_question(machine, roles["draft"], DETAIL, "Thôn Một")
    answering.answer_question(machine, roles["draft"], DETAIL, "Thôn Hai")
    answering.undo_answer(machine, roles["draft"])
    roles["waste"] = states.draft(machine)
    attach_photo(machine, roles["waste"], PAPER, factories.png(2))
    roles["binned"] = states.draft(machine)
    bin_dossier(machine, roles["binned"])
    roles["sealed"] = states.sealed(machine)
    roles["held"] = states.held(machine)
    roles["sending"] = factories.birth_dossier(machine)
    attach_photo(machine, roles["sending"], PAPER, factories.png(30))
    lock_dossier(machine, roles["sending"])
    states.move(machine, roles["sending"], OutboxState.SENDING, has_left=True)
    roles["proved"] = states.proved(machine)
    roles["asked"] = states.asked(machine)
    roles["result"] = states.proved(machine)
    about = {"sha256": sha256_of(_RESULT), "size": len(_RESULT), "media_type": "image/png", "name": "a.png"}
    states.tell(machine, roles["result"], "approved", seq=2, result=about)
    for kind, role in (
        (RequestKind.ERASE, "to erase"),
        (RequestKind.WITHDRAW, "to withdraw"),
        (RequestKind.VIEW, "seen"),
    ):
        roles[role] = factories.birth_dossier(machine, is_filled=False)
        cast.requests[kind] = rights.ask_about_data(machine, roles[role], kind)
    attach_photo(machine, roles["to erase"], PAPER, factories.png(4))
    for seq, role in ((3, "aside"), (4, "ended")):
        roles[role] = factories.birth_dossier(machine)
        attach_photo(machine, roles[role], PAPER, factories.png(seq))
        lock_dossier(machine, roles[role])
        states.move(machine, roles[role], OutboxState.SENDING, OutboxState.PROVED, proved_at=to_text(clock.now()))
        long_ago = to_text(clock.now() - dt.timedelta(days=40))
        states.tell(machine, roles[role], "approved", seq=seq, at=long_ago)
        if role == "aside":
            set_aside_overdue(machine)
    roles["on hold"] = states.draft(machine)
    rights.set_hold(machine, roles["on hold"], HoldReason.COURT)
    for name in ("helper", "retired"):
        secret = make_key_file(folder / name)
        cast.people[name] = managing.add_person(machine, name, Role.VOLUNTEER, secret, cost=factories.CHEAP)
    managing.hand_over(machine, states.draft(machine), cast.people["retired"])
    managing.revoke_person(machine, cast.people["retired"])
    make_key_file(folder / "third")
    machine.close()
    return cast


@contextlib.contextmanager
def certain(seed: int = 7) -> Iterator[None]:
    """Make every random choice the same one, so that two runs of a deed can be compared byte by byte."""
    die = random.Random(seed)
    with (
        patch.object(secrets, "token_bytes", lambda size=32: die.randbytes(size)),
        patch.object(secrets, "token_hex", lambda size=32: die.randbytes(size).hex()),
        patch.object(secrets, "token_urlsafe", lambda size=32: die.randbytes(size).hex()[:22]),
        patch.object(secrets, "randbits", die.getrandbits),
        patch.object(secrets, "choice", die.choice),
    ):
        yield


Do = Callable[[OpenMachine, Cast], object]


def _item(machine: OpenMachine, cast: Cast, role: str) -> OutboxItem:
    with machine.store.read() as db:
        return outbox.get(db, states.outbox_id(machine, cast.roles[role]))


def _receipt(item: OutboxItem) -> Receipt:
    blobs = tuple(sorted(file.sha256 for file in item.files))
    return Receipt(
        iss="province", dossier=item.dossier, revision=item.revision, envelope=item.envelope_sha256, blobs=blobs,
        received_at=dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC), office_number="H05.27-9",
    )  # fmt: skip


def _heard(machine: OpenMachine, cast: Cast) -> None:
    change = {
        "seq": 9, "dossier": cast.roles["proved"], "rev": 1, "state": "accepted", "at": to_text(machine.clock.now()),
    }  # fmt: skip
    page = ChangesPage.model_validate({"items": [change], "cursor": "9", "more": False})
    keeper = Keeper(machine)
    keeper.heard(page, keeper.cursor())


def _proved(machine: OpenMachine, cast: Cast) -> None:
    item = _item(machine, cast, "sending")
    Keeper(machine).proved(item, "jws", _receipt(item))


def _note_upload(machine: OpenMachine, cast: Cast) -> None:
    item = _item(machine, cast, "sending")
    Keeper(machine).note_upload(item, item.files[0].sha256, Upload("/v1/blobs/1", 40, None), 40)


def _note_consent(machine: OpenMachine, cast: Cast) -> None:
    record_consent(
        machine, cast.roles["draft"], purpose="file_dossier", text_version="2", text="Đồng ý nữa", given_by="self"
    )


def _start(machine: OpenMachine, _cast: Cast) -> None:
    from bnhelper.actions.start_dossier import start_dossier

    start_dossier(machine, factories.BIRTH, {FieldPath("/data/case/channel_direct"): "yes"}, frozenset({PAPER}))


def _card(machine: OpenMachine, cast: Cast) -> None:
    values = {"full_name": "TRẦN VĂN BA", "id_number": "027085000001", "birth_date": "1985-01-02", "sex": "nam"}
    paths = {FieldPath(f"/data/applicant/{name}"): value for name, value in values.items()}
    answering.answer_questions(machine, cast.roles["draft"], paths, "card")


def _third(machine: OpenMachine) -> KeyFile:
    return KeyFile(machine.places.root.with_name("third"))


def _add(machine: OpenMachine, _cast: Cast) -> None:
    managing.add_person(machine, "Lê Thị Tư", Role.VOLUNTEER, _third(machine), cost=factories.CHEAP)


#: name -> what a person or sync does; each is one deed that happens wholly or not at all
DEEDS: Final[dict[str, Do]] = {
    "start": _start,
    "answer": lambda m, c: answering.answer_question(m, c.roles["draft"], DETAIL, "Thôn Ba"),
    "card": _card,
    "undo": lambda m, c: answering.undo_answer(m, c.roles["draft"]),
    "redo": lambda m, c: answering.redo_answer(m, c.roles["draft"]),
    "photo": lambda m, c: attach_photo(m, c.roles["draft"], PAPER, factories.png(40, extra=b"x" * 200_000)),
    "detach": lambda m, c: detach_photo(m, c.photos[0]),
    "restore photo": lambda m, c: restore_photo(m, c.photos[1]),
    "show paper": lambda m, c: show_paper(m, c.roles["draft"], PAPER, is_shown=True),
    "consent": _note_consent,
    "withdraw": lambda m, c: withdraw_consent(m, c.roles["draft"], "file_dossier"),
    "lock": lambda m, c: lock_dossier(m, c.roles["draft"]),
    "unlock": lambda m, c: unlock_dossier(m, c.roles["sealed"], "mistake"),
    "send again": lambda m, c: send_again(m, c.roles["held"]),
    "supplement": lambda m, c: answer_supplement(m, c.roles["asked"]),
    "bin": lambda m, c: bin_dossier(m, c.roles["draft"]),
    "take from bin": lambda m, c: take_from_bin(m, c.roles["binned"]),
    "erase": lambda m, c: erase_dossier(m, c.roles["waste"]),
    "set aside overdue": lambda m, _c: set_aside_overdue(m),
    "erase a piece": lambda m, c: _erase_piece(m, [c.roles["long binned"], c.roles["aside"], c.roles["draft"]]),
    "confirm date": lambda m, _c: confirm_date(m),
    "ask": lambda m, c: rights.ask_about_data(m, c.roles["draft"], RequestKind.CORRECT),
    "answer request": lambda m, c: rights.answer_request(m, c.requests[RequestKind.VIEW]),
    "extend request": lambda m, c: rights.extend_request(m, c.requests[RequestKind.ERASE]),
    "erase by request": lambda m, c: rights.carry_out(m, c.requests[RequestKind.ERASE]),
    "withdraw by request": lambda m, c: rights.carry_out(m, c.requests[RequestKind.WITHDRAW]),
    "hold by law": lambda m, c: rights.set_hold(m, c.roles["draft"], HoldReason.INSPECTION),
    "release hold": lambda m, c: rights.release_hold(m, c.roles["on hold"]),
    "hand over": lambda m, c: managing.hand_over(m, c.roles["draft"], c.people["helper"]),
    "take over": lambda m, c: managing.take_over(m, c.people["retired"]),
    "add person": _add,
    "revoke": lambda m, c: managing.revoke_person(m, c.people["helper"]),
    "renew": lambda m, c: managing.renew_person(m, c.people["retired"], dt.date(2027, 6, 1)),
    "new secret": lambda m, c: managing.change_secret(m, _third(m), factories.CHEAP, person=c.people["helper"]),
    "where": lambda m, c: answering.set_position(m, c.roles["draft"], "QuestionScreen", "applicant/0"),
    "recover": lambda m, _c: Keeper(m).put_all_back(),
    "begin sending": lambda m, c: Keeper(m).begin(_item(m, c, "sealed")),
    "note upload": _note_upload,
    "confirming": lambda m, c: Keeper(m).confirming(_item(m, c, "sending")),
    "hold": lambda m, c: Keeper(m).hold(_item(m, c, "sending"), "invalid", "x"),
    "put off": lambda m, c: Keeper(m).put_off(_item(m, c, "sending"), m.clock.now() + dt.timedelta(minutes=5)),
    "proved": _proved,
    "heard": _heard,
    "keep result": lambda m, c: Keeper(m).keep_result(
        c.roles["result"], Sha256(sha256_of(_RESULT)), "image/png", _RESULT
    ),
}


def _two_transactions(machine: OpenMachine, cast: Cast) -> None:
    answering.answer_question(machine, cast.roles["draft"], DETAIL, "Thôn Ba")
    show_paper(machine, cast.roles["draft"], PAPER, is_shown=True)


def _row_before_file(machine: OpenMachine, cast: Cast) -> None:
    content = factories.png(50)
    kept = machine.photos.keep(content, sha256_of(content), dossier=cast.roles["draft"], now=machine.clock.now())
    (machine.places.photos / kept.file).rename(machine.places.photos / "kept.part")
    with machine.store.write() as db:
        photos.add(db, kept, dossier=cast.roles["draft"], paper=PAPER, media_type="image/png", at=machine.clock.now())
    (machine.places.photos / "kept.part").rename(machine.places.photos / kept.file)


def _said_too_soon(machine: OpenMachine, cast: Cast) -> None:
    with contextlib.suppress(KnownTrouble):
        answering.answer_question(machine, cast.roles["draft"], DETAIL, "Thôn Ba")


#: deeds that are wrong on purpose: a sweep that does not find them proves nothing
SEEDED_BUGS: Final[dict[str, tuple[Do, str]]] = {
    "two transactions": (_two_transactions, "killed"),
    "row before file": (_row_before_file, "killed"),
    "trouble swallowed": (_said_too_soon, "full"),
}


def content(machine: OpenMachine, key: bytes) -> dict[str, list[str]]:
    """Return every row of every table, photos with the hash of their opened content."""
    db = sqlcipher.connect(str(machine.places.store), isolation_level=None)
    try:
        db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = {
            name: sorted(repr(row) for row in db.execute(f'SELECT * FROM "{name}"'))
            for name in names
            if not name.startswith("dossier_search")
        }
        sealed = db.execute("SELECT id, dossier, file, wrapped_key FROM photos").fetchall()
    finally:
        db.close()
    found["photo bytes"] = []
    for photo, dossier, name, wrapped in sealed:
        row = {"id": photo, "dossier": dossier, "file": name, "wrapped_key": wrapped}
        with machine.photos.open(row) as file:
            found["photo bytes"].append(f"{photo} {hashlib.sha256(file.read_at(0, file.size)).hexdigest()}")
    found["photo bytes"].sort()
    return found
