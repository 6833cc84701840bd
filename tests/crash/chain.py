"""A day of work that is killed again and again, beside a model of it in plain dictionaries.

The model knows nothing of the store: what a person did, undo and redo, photos, consent, sealing. After every kill the
machine is opened by its own door and must show the model's state before or after the deed in hand, and whole.
"""

import argparse
import copy
import json
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bnhelper.actions.answer_question import answer_questions, redo_answer, undo_answer
from bnhelper.actions.attach_photo import attach_photo, detach_photo, restore_photo
from bnhelper.actions.bin_dossier import bin_dossier, erase_dossier, take_from_bin
from bnhelper.actions.lock_dossier import lock_dossier, unlock_dossier
from bnhelper.actions.record_consent import record_consent, withdraw_consent
from bnhelper.actions.start_dossier import start_dossier
from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, FieldPath, PhotoId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier
from bnhelper.store import dossiers
from bnhelper.store import tables as t
from bnhelper.store.integrity import inspect
from bnhelper.store.photos import sealed_photos
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.keys import KeyFile, unwrap
from tests import factories
from tests.crash import traced
from tests.crash.deeds import DETAIL, LIBRARY, PAPER
from tests.crash.traced import Fault
from tests.fakes.clock import FixedClock

_CASE: Final = {f"/data/case/{name}": value for name, value in factories.CASE.items()}
#: a field with a default is given before anybody answers it, which the model need not know
_FILL: Final = {path: value for path, value in factories.filled().items() if not path.endswith("wants_copies")}
_A_DAY: Final = 30


@dataclass
class Papers:
    """One dossier as the model knows it."""

    answers: dict[str, str]
    undo: list[dict[str, tuple[str, str]]]
    redo: list[dict[str, tuple[str, str]]] = field(default_factory=list)
    photos: dict[str, bool] = field(default_factory=dict)  #: hash -> whether it lies on the paper
    has_consent: bool = False
    is_sealed: bool = False
    is_binned: bool = False

    def is_complete(self) -> bool:
        return self.has_consent and all(self.answers.get(path) for path in (*_CASE, *_FILL))


Model = list[Papers]
Deed = tuple[str, int, str]


def draw(model: Model, die: random.Random) -> Deed:
    """Return a deed that can be done now."""
    if not model or (len(model) < 6 and die.random() < 0.08):
        return ("start", len(model), "")
    place = die.randrange(len(model))
    one = model[place]
    if one.is_binned:
        return (die.choice(["take", "erase"]) if len(model) > 2 else "take", place, "")
    if one.is_sealed:
        return ("unlock", place, "")
    can = ["answer"] * 4 + ["fill", "consent", "photo", "photo"]
    can += ["undo"] * (len(one.undo) > 1) + ["redo"] * bool(one.redo) + ["withdraw"] * one.has_consent
    can += ["detach"] * any(one.photos.values()) + ["restore"] * (not all(one.photos.values()))
    can += ["lock"] * (6 * one.is_complete()) + ["bin"] * (die.random() < 0.2)
    deed = die.choice(can)
    word = f"Thôn {die.randrange(10**6)}" if deed == "answer" else str(die.randrange(10**6))
    if deed in {"detach", "restore"}:
        word = die.choice([sha for sha, is_on in one.photos.items() if is_on == (deed == "detach")])
    return (deed, place, word)


def picture(word: str) -> bytes:
    """Return a photo of some 40 kB that no other word gives."""
    return factories.png(extra=word.encode() * 6_000)


def told(model: Model, deed: Deed) -> Model:
    """Return the model after a deed."""
    after = copy.deepcopy(model)
    kind, place, word = deed
    if kind == "start":
        step = {path: ("", value) for path, value in _CASE.items()}
        return [*after, Papers(dict(_CASE), [step])]
    one = after[place]
    if kind in {"answer", "fill"}:
        said = {DETAIL: word} if kind == "answer" else _FILL
        change = {path: (one.answers.get(path, ""), value) for path, value in said.items()}
        change = {path: both for path, both in change.items() if both[0] != both[1]}
        if change:
            one.undo.append(change)
            one.redo.clear()
            one.answers |= {path: value for path, (_, value) in change.items()}
    elif kind == "undo":
        one.redo.append(one.undo.pop())
        one.answers |= {path: before for path, (before, _) in one.redo[-1].items()}
    elif kind == "redo":
        one.undo.append(one.redo.pop())
        one.answers |= {path: value for path, (_, value) in one.undo[-1].items()}
    elif kind in {"photo", "detach", "restore"}:
        one.photos[sha256_of(picture(word)) if kind == "photo" else word] = kind != "detach"
    elif kind in {"consent", "withdraw"}:
        one.has_consent = kind == "consent"
    elif kind in {"lock", "unlock"}:
        one.is_sealed = kind == "lock"
    elif kind in {"bin", "take"}:
        one.is_binned = kind == "bin"
    elif kind == "erase":
        del after[place]
    return after


def do(machine: OpenMachine, deed: Deed, ids: list[DossierId]) -> None:
    """Do a deed for real."""
    kind, place, word = deed
    if kind == "start":
        ids.append(start_dossier(machine, factories.BIRTH, {FieldPath(path): value for path, value in _CASE.items()}))
        return
    mine = ids[place]
    if kind == "erase":
        ids.remove(mine)
    deeds: dict[str, Callable[[], object]] = {
        "answer": lambda: answer_questions(machine, mine, {DETAIL: word}),
        "fill": lambda: answer_questions(machine, mine, {FieldPath(path): value for path, value in _FILL.items()}),
        "undo": lambda: undo_answer(machine, mine),
        "redo": lambda: redo_answer(machine, mine),
        "photo": lambda: attach_photo(machine, mine, PAPER, picture(word)),
        "detach": lambda: detach_photo(machine, _photo(machine, mine, word)),
        "restore": lambda: restore_photo(machine, _photo(machine, mine, word)),
        "consent": lambda: record_consent(
            machine, mine, purpose="file_dossier", text_version="1", text="Đồng ý", given_by="self"
        ),
        "withdraw": lambda: withdraw_consent(machine, mine, "file_dossier"),
        "lock": lambda: lock_dossier(machine, mine),
        "unlock": lambda: unlock_dossier(machine, mine, "x"),
        "bin": lambda: bin_dossier(machine, mine),
        "take": lambda: take_from_bin(machine, mine),
        "erase": lambda: erase_dossier(machine, mine),
    }
    deeds[kind]()


def _photo(machine: OpenMachine, mine: DossierId, sha256: str) -> PhotoId:
    wanted = select(t.photos.c.id).where(t.photos.c.dossier == mine, t.photos.c.sha256 == sha256)
    with machine.store.read() as db:
        return PhotoId(db.execute(wanted).scalar_one())


def shown(machine: OpenMachine) -> tuple[Model, list[DossierId]]:
    """Return what the machine holds, in the model's words; its undo and redo are walked separately."""
    found: Model = []
    with machine.store.read() as db:
        ids = [DossierId(one) for one in db.execute(select(t.dossiers.c.id).order_by(t.dossiers.c.id)).scalars()]
        for mine in ids:
            row = dossier(machine, mine)
            binned = db.execute(select(t.dossiers.c.binned_at).where(t.dossiers.c.id == mine)).scalar()
            photos = db.execute(select(t.photos.c.sha256, t.photos.c.removed_at).where(t.photos.c.dossier == mine))
            consents = select(t.consents).where(t.consents.c.dossier == mine, t.consents.c.withdrawn_at.is_(None))
            steps = db.execute(select(t.answer_changes).where(t.answer_changes.c.dossier == mine)).mappings().all()
            walks: dict[bool, dict[int, dict[str, tuple[str, str]]]] = {False: {}, True: {}}
            for step in sorted(steps, key=lambda one: one["step"]):
                if step["path"] in {*_CASE, *_FILL}:
                    walk = walks[bool(step["is_undone"])].setdefault(step["step"], {})
                    walk[step["path"]] = (step["before"], step["after"])
            answers = {str(path): value for path, value in dossiers.answers_of(db, mine).items()}
            found.append(
                Papers(
                    answers={path: value for path, value in answers.items() if path in {*_CASE, *_FILL}},
                    undo=[*walks[False].values()],
                    redo=[*walks[True].values()][::-1],
                    photos={one.sha256: one.removed_at is None for one in photos},
                    has_consent=db.execute(consents).first() is not None,
                    is_sealed=row.is_sealed,
                    is_binned=binned is not None,
                )
            )
    return found, ids


def _said(model: Model) -> Model:
    """Forget the difference between an answer that was taken back and one never given."""
    kept = copy.deepcopy(model)
    for one in kept:
        one.answers = {path: value for path, value in one.answers.items() if value}
    return kept


class Day:
    """One machine and its model, killed and opened again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.die = folder, random.Random(seed)
        self.places, self.secret = Places(folder / "data"), KeyFile(folder / "key")
        factories.machine(folder).close()
        self.key = unwrap(self.places.keys, self.secret)
        self.model: Model = []
        self.clock = FixedClock()
        self.found: list[str] = []
        self.kills = 0

    def _open(self) -> OpenMachine:
        return unlock_machine(self.places, self.secret, library=LIBRARY, clock=self.clock)

    def work_until_killed(self) -> None:
        """Let a child work and be killed at a write step, opening included; judge what is left."""
        models, deeds = [self.model], []
        for _ in range(_A_DAY):
            deeds.append(draw(models[-1], self.die))
            models.append(told(models[-1], deeds[-1]))

        def child(begin: Callable[[], None], say: Callable[[str], None]) -> None:
            begin()
            machine = self._open()
            ids = shown(machine)[1]
            for deed in deeds:
                self.clock.move(seconds=1)
                do(machine, deed, ids)
                say("done")

        fault = Fault(self.die.randrange(1, 160), is_torn=traced.can_change and self.die.random() < 0.3)
        run = traced.run(child, fault)
        self.kills += run.ended == "killed"
        self.clock.move(hours=1)
        done = len(run.said)
        name = f"kill {self.kills} at step {fault.at} in {deeds[min(done, _A_DAY - 1)][0]}"
        if run.ended == "failed":
            self.found.append(f"{name}: raised")
        try:
            machine = self._open()
        except KnownTrouble as trouble:
            self.found.append(f"{name}: does not open: {trouble}")
            return
        try:
            whole = inspect(self.places.store, self.key, sealed_photos(self.places.photos, self.key))
            if not whole.is_whole or whole.orphans:
                self.found.append(f"{name}: not whole {whole}")
            now = _said(shown(machine)[0])
            fits = [one for one in models[done : done + 2] if _said(one) == now]
            if not fits:
                self.found.append(f"{name}: neither before nor after")
            self.model = fits[0] if fits else shown(machine)[0]
        finally:
            machine.close()


def main() -> int:
    """Work for some days and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    found: list[str] = []
    kills = 0
    with tempfile.TemporaryDirectory() as folder:
        while kills < said.kills:
            day = Day(Path(folder) / str(kills), said.seed + kills)
            for _ in range(min(20, said.kills - kills)):
                day.work_until_killed()
            kills += max(1, day.kills)
            found += [f"seed {said.seed}: {one}" for one in day.found]
    print(json.dumps({"kills": kills, "found": found}, indent=1))
    return 0 if not found else 1


if __name__ == "__main__":
    sys.exit(main())
