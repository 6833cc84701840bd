"""Kills every deed before every one of its write steps and looks at what is left; a process of its own, which forks.

`python -m tests.crash.sweep --folder F --points 100 --seed S` prints one JSON object: how many points were tried, and
each violation with its deed, step and kind, so that it can be played again by `--only "deed:step:kind"`.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from errno import EIO, ENOSPC
from pathlib import Path

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.errors import KnownTrouble
from bnhelper.store.integrity import inspect
from bnhelper.store.photos import sealed_photos
from tests.crash import traced
from tests.crash.deeds import DEEDS, SEEDED_BUGS, Cast, certain, content, make_cast
from tests.crash.file_deeds import FILE_DEEDS
from tests.crash.traced import Fault, Run

_KINDS = {
    "killed": Fault(0),
    "torn": Fault(0, is_torn=True),
    "full": Fault(0, error=ENOSPC),
    "broken": Fault(0, error=EIO),
}
#: opening alone, which every other play begins with
_NOTHING = "nothing"


@dataclass(frozen=True)
class Point:
    """One moment of one deed."""

    deed: str
    step: int
    kind: str

    def __str__(self) -> str:
        return f"{self.deed}:{self.step}:{self.kind}"

    @property
    def fault(self) -> Fault:
        made = _KINDS[self.kind]
        return Fault(self.step, made.is_torn, made.error)


class Sweep:
    """Plays deeds on copies of one machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cast: Cast = make_cast(folder / "cast")
        self.key = self.cast.key(self.cast.folder)
        self.cast.stage = folder / "stage"
        self.cast.stage.mkdir()
        self.after: dict[str, object] = {}
        self.untouched: dict[str, object] = {}
        self.steps: dict[str, tuple[str, ...]] = {}
        self.found: list[str] = []
        self.before = self._left_by(_NOTHING)

    def measure(self, deed: str) -> None:
        """Play a deed undisturbed: how many write steps it has, and what it leaves."""
        if deed in FILE_DEEDS:
            FILE_DEEDS[deed].stage(self.cast)
            copy = self.cast.copy(self.folder / "copy")
            FILE_DEEDS[deed].prepare(copy, self.cast)
            self.untouched[deed] = FILE_DEEDS[deed].look(copy, self.cast)
            shutil.rmtree(copy)
        self.after[deed] = self._left_by(deed)

    def _left_by(self, deed: str) -> object:
        copy = self.cast.copy(self.folder / "copy")
        run = self._play(deed, copy, None)
        if run.ended != "done":
            raise SystemExit(f"{deed} does not even run undisturbed")
        self.steps[deed] = run.steps
        left = FILE_DEEDS[deed].look(copy, self.cast) if deed in FILE_DEEDS else self._content(copy)
        shutil.rmtree(copy)
        return left

    def points(self, kinds: list[str]) -> list[Point]:
        """Return every moment of every deed."""
        return [
            Point(deed, number, kind)
            for deed, steps in self.steps.items()
            if deed != _NOTHING
            for number in range(1, len(steps) + 1)
            for kind in kinds
            if kind != "torn" or steps[number - 1] in {"write", "pwrite"}
        ]

    def try_point(self, point: Point) -> None:
        """Play a deed until the point, and note what does not hold afterwards."""
        copy = self.cast.copy(self.folder / "copy")
        try:
            run = self._play(point.deed, copy, point.fault)
            self._judge(point, run, copy)
        except (KnownTrouble, AssertionError, OSError) as wrong:
            self._note(point, f"{type(wrong).__name__}: {wrong}")
        finally:
            shutil.rmtree(copy)

    def _judge(self, point: Point, run: Run, copy: Path) -> None:
        has_ended = "ended" in run.said
        if point.kind in {"killed", "torn"} and run.ended == "failed":
            self._note(point, "raised before it was killed")
        if point.kind in {"full", "broken"} and not (has_ended or any(one.startswith("refused") for one in run.said)):
            self._note(point, f"ended without a sentence: {run.said[-1:]}")
        if point.deed in FILE_DEEDS:
            look = FILE_DEEDS[point.deed].look(copy, self.cast)
            self._compare(point, look, self.untouched[point.deed], has_ended)
            return
        machine = self.cast.open(copy)
        try:
            left = [path.name for path in machine.places.photos.iterdir() if path.suffix != ".sealed"]
            found = inspect(machine.places.store, self.key, sealed_photos(machine.places.photos, self.key))
            if not found.is_whole or found.orphans or left:
                self._note(
                    point, f"not whole: {found.pages[:2]} {found.missing} {found.damaged} {found.orphans} {left}"
                )
            now = content(machine, self.key)
            self._compare(point, now, self.before, has_ended)
            if now == self.before:
                DEEDS[point.deed](machine, self.cast)  # and it can be done now
        finally:
            machine.close()

    def _compare(self, point: Point, now: object, before: object, is_done: bool) -> None:
        """What was said to be done is there; what was not is there wholly or not at all."""
        after = self.after[point.deed]
        if now == after or (now == before and not is_done):
            return
        said = "done, but lost" if now == before else "half done"
        if isinstance(now, dict) and isinstance(after, dict):
            said += " in " + ", ".join(name for name in after if now.get(name) != after[name])
        self._note(point, said)

    def _play(self, deed: str, copy: Path, fault: Fault | None) -> Run:
        def on_machine(begin: Callable[[], None], say: Callable[[str], None]) -> None:
            machine: OpenMachine = self.cast.open(copy)
            begin()
            try:
                with certain():
                    if deed != _NOTHING:
                        DEEDS[deed](machine, self.cast)
            except KnownTrouble as trouble:
                say(f"refused {trouble.code}")
            else:
                say("ended")

        def on_files(begin: Callable[[], None], say: Callable[[str], None]) -> None:
            FILE_DEEDS[deed].prepare(copy, self.cast)
            begin()
            try:
                FILE_DEEDS[deed].do(copy, self.cast)
            except KnownTrouble as trouble:
                say(f"refused {trouble.code}")
            else:
                say("ended")

        return traced.run(on_files if deed in FILE_DEEDS else on_machine, fault)

    def _content(self, folder: Path) -> dict[str, list[str]]:
        copy = Path(shutil.copytree(folder, self.folder / "content"))
        machine = self.cast.open(copy)
        try:
            return content(machine, self.key)
        finally:
            machine.close()
            shutil.rmtree(copy)

    def _note(self, point: Point, what: str) -> None:
        self.found.append(f"{point}: {what}")


def _some(points: list[Point], deed: str, most: int, die: random.Random) -> list[Point]:
    """Return the points of one deed: all of them, or so many by chance."""
    mine = [one for one in points if one.deed == deed]
    return mine if not most else die.sample(mine, min(most, len(mine)))


def main() -> int:
    """Try the points and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--most", type=int, default=0, help="at most so many points of one deed; 0 for every one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="killed,torn")
    parser.add_argument("--only", default="")
    parser.add_argument("--every-step-of", default="", help="one deed, or a bug put in on purpose")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sweep = Sweep(Path(folder))
        if said.only:
            deed, step, kind = said.only.split(":")
            sweep.measure(deed)
            tried = [Point(deed, int(step), kind)]
        elif said.every_step_of:
            deed, kinds = said.every_step_of, said.kinds.split(",")
            if deed in SEEDED_BUGS:
                DEEDS[deed], kind = SEEDED_BUGS[deed]
                kinds = [kind]
            sweep.measure(deed)
            tried = _some(sweep.points(kinds), deed, said.most, random.Random(said.seed))
        else:
            for deed in (*DEEDS, *FILE_DEEDS):
                sweep.measure(deed)
            every = sweep.points(said.kinds.split(","))
            die = random.Random(said.seed)
            every = [one for deed in sweep.after for one in _some(every, deed, said.most, die)]
            # each deed at least once, the rest by chance
            first = [die.choice([one for one in every if one.deed == deed]) for deed in sweep.after]
            rest = [one for one in every if one not in first]
            tried = (first + die.sample(rest, len(rest)))[: said.points]
        for point in tried:
            sweep.try_point(point)
        steps = {deed: len(sweep.steps[deed]) for deed in sweep.after}
        print(json.dumps({"tried": len(tried), "steps": steps, "found": sweep.found}, indent=1))
    return 0 if not sweep.found else 1


if __name__ == "__main__":
    sys.exit(main())
