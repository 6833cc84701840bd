"""One filled form: answer, what became relevant, what is wrong, what is submitted."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from bnhelper.forms.definition import FormDefinition, Repeat
from bnhelper.forms.dependencies import dependencies_of
from bnhelper.forms.keeping import Keeper
from bnhelper.forms.nodes import Node
from bnhelper.forms.problems import Checker, Problem, holds
from bnhelper.forms.scope import InstanceScope, below
from bnhelper.forms.settling import MOST_INSTANCES, Settler
from bnhelper.forms.texts import Text
from bnhelper.forms.tree import InstanceTree
from bnhelper.forms.trouble import NoSuchNode, NotARepeat
from bnhelper.forms.values import in_xml, of_datetime, to_bool
from bnhelper.ids import FieldPath

_MAX_ANSWER: Final = 10_000
_POSITION: Final = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class OfferedChoice:
    """One choice that a question offers now, in one language."""

    value: str
    label: str
    media: Mapping[str, str]


class FormInstance:
    """One form being filled.

    `today` is asked whenever an expression needs the date. Values are texts as XForms writes them; a blank is
    an empty text. A node that is not relevant keeps its value for coming back, counts as blank in every
    expression, and is left out of `to_xml` and `problems` (ODK XForms, "relevant").

    Paths are concrete: /data/child[2]/name. Without a position the first instance is meant. `new_id` makes UUIDs,
    `properties` says what the device is (deviceid, username ...), `last_saved` is the instance saved last as a
    tree (`submission.last_saved`), `seed` makes `random()` give the same every time,
    `answers` are kept ones that are put back before anything settles: the form is then not opened for the first time,
    so preloads and `odk-instance-first-load` are passed over and `odk-instance-load` happens after them. With
    `is_resumed` not even that: the filling goes on where it was, or what was sent is only looked at. Raises
    FormRefused for a form whose nodes depend on each other in a circle.
    """

    def __init__(
        self,
        form: FormDefinition,
        *,
        today: Callable[[], dt.date],
        now: Callable[[], dt.datetime] | None = None,
        new_id: Callable[[], str] | None = None,
        properties: Mapping[str, str] | None = None,
        last_saved: Node | None = None,
        seed: int | None = None,
        answers: Mapping[FieldPath, str] | None = None,
        is_resumed: bool = False,
    ) -> None:
        self.form = form
        self._tree = InstanceTree(form)
        self._has_ids = new_id is not None
        self._scope = InstanceScope(
            form, self._tree.root, self._tree.single, today, now, new_id, properties or {}, last_saved
        )
        self._scope.chance.seed(seed)
        self._settler = Settler(form, self._tree, self._scope, dependencies_of(form))
        with self.bounded():
            self._open(answers, is_resumed=is_resumed)
        self._checker = Checker(form, self._scope)

    def bounded(self) -> AbstractContextManager[None]:
        """Let everything asked of the form inside have one bound together, as a look at a whole form should.

        What is answered, added or removed has one of its own, if it stands in no other. Past it FormRefused is raised.
        """
        return self._scope.bounded()

    # --- reading -------------------------------------------------------------------------------------------

    def today(self) -> dt.date:
        """Return the day for which this instance is filled."""
        return self._scope.today()

    def has(self, path: FieldPath) -> bool:
        """Tell whether a node stands at `path`; what an answer is kept for may have gone with its repeat instance."""
        return self._tree.find(path) is not None

    def value(self, path: FieldPath) -> str:
        """Return what was answered, relevant or not; blank is an empty text. Raises NoSuchNode."""
        return self._tree.get(path).text

    def seen(self, path: FieldPath) -> str:
        """Return what expressions see: the value, or blank while the node is not relevant."""
        node = self._tree.find(path)
        return node.text if node is not None and node.is_relevant else ""

    def is_relevant(self, path: FieldPath) -> bool:
        node = self._tree.find(path)
        return node is None or node.is_relevant

    def is_required(self, path: FieldPath) -> bool:
        node = self._tree.get(path)
        return holds(self.form.bind(node.path).required, node, self._scope, default=False)

    def is_readonly(self, path: FieldPath) -> bool:
        """Tell whether a node or a group around it is read-only."""
        node = self._tree.get(path)
        rules = self.form.readonly_above.get(node.path, ())
        return any(to_bool(rule.evaluate(node, self._scope)) for rule in rules)

    def is_certain(self, path: FieldPath) -> bool:
        """Tell whether the node is known to be needed; a node without the rule is certain once relevant."""
        return self.is_relevant(path) and self.rule(path, "certain", default=True)

    def rule(self, path: FieldPath, name: str, *, default: bool) -> bool:
        """Return what one of our own rules (certain, certified) says now."""
        node = self._tree.get(path)
        return holds(self.form.bind(node.path).rules.get(name), node, self._scope, default=default)

    def paths(self, *, inner: bool = False) -> list[FieldPath]:
        """Return the concrete path of every leaf in document order, or of every node."""
        if inner:
            return [path for path, _ in self._tree.every()]
        return [path for path, node in self._tree.every() if node.path in self.form.leaves]

    def generic(self, path: FieldPath) -> FieldPath:
        """Return the path as the form has it, without positions. Raises NoSuchNode."""
        return self._tree.get(path).path

    def default(self, path: FieldPath) -> str:
        """Return what the form itself gives a node."""
        return self.form.leaves.get(FieldPath(_POSITION.sub("", path)), "")

    def choices(self, path: FieldPath, language: str = "") -> list[OfferedChoice]:
        """Return what a select, rank or the like offers now, in the form's order."""
        node = self._tree.get(path)
        control = self.form.controls.get(node.path)
        if control is None:
            return []
        words = self._scope.words
        found = [
            OfferedChoice(one.value, words(one.label, node, language), one.label.media_in(language))
            for one in control.choices
        ]
        itemset = control.itemset
        if itemset is not None:
            found.extend(
                OfferedChoice(
                    below(one, itemset.value),
                    self._scope.choice_label(itemset, one, language),
                    self._scope.choice_media(itemset, one, language),
                )
                for one in self._scope.choice_nodes(itemset, node)
            )
        return found

    def label(self, path: FieldPath, language: str) -> str:
        """Return a question's or group's label with the values that stand in it."""
        node = self._tree.get(path)
        asked = self.form.controls.get(node.path) or self.form.groups.get(node.path)
        return "" if asked is None else self._scope.words(asked.label, node, language)

    def words(self, text: Text, path: FieldPath, language: str) -> str:
        """Return any text of the form as seen from `path`."""
        return self._scope.words(text, self._tree.get(path), language)

    def hint(self, path: FieldPath, language: str) -> str:
        """Return a question's hint with the values that stand in it."""
        node = self._tree.get(path)
        control = self.form.controls.get(node.path)
        return "" if control is None else self._scope.words(control.hint, node, language)

    # --- what is wrong -------------------------------------------------------------------------------------

    def problem(self, path: FieldPath) -> Problem | None:
        """Return what is wrong with the answer at `path`, or None. Nothing is wrong with what is not relevant."""
        return self._checker.problem(path, self._tree.get(path))

    def is_offered(self, path: FieldPath) -> bool:
        """Tell whether the answer at `path` is among the choices offered now; anything is where there are none."""
        return self._checker.is_offered(self._tree.get(path))

    def problems(self, under: str = "") -> list[Problem]:
        """Return everything that is wrong below `under`, in document order."""
        with self.bounded():
            found = [self._checker.problem(path, node) for path, node in self._tree.every() if path.startswith(under)]
        found += [
            Problem(FieldPath(f"{self._tree.path(holder)}/{repeat.rpartition('/')[2]}"), "too-many", {})
            for holder, repeat in self._settler.overfull.items()
        ]
        return [problem for problem in found if problem is not None and problem.path.startswith(under)]

    # --- keeping and bringing back -------------------------------------------------------------------------

    def values(self) -> dict[FieldPath, str]:
        """Return every leaf's value and every repeat's number of instances (under `.../@count`)."""
        return self._keeper.values()

    def answers(self) -> dict[FieldPath, str]:
        """Return every value that differs from the form's own start, for keeping.

        Also what loading or a new repeat gave a value, and under `/data/child/@count` how many instances there are.
        """
        return self._keeper.answers()

    def restore(self, answers: Mapping[FieldPath, str]) -> None:
        """Put kept answers back without running value-change actions; nodes the form lacks are passed over."""
        with self.bounded():
            self._keeper.restore(answers)

    # --- writing -------------------------------------------------------------------------------------------

    def answer(self, path: FieldPath, value: str) -> set[FieldPath]:
        """Put `value` at `path` and settle what depends on it; return every node whose value or relevance changed.

        Text is normalised to NFC and trimmed, and what no XML may hold becomes a space: a scanner's or a word
        processor's control characters. A wrong answer is kept: `problem` says what is wrong with it.
        Raises NoSuchNode.
        """
        node = self._tree.get(path)
        if node.path not in self.form.leaves:
            raise NoSuchNode(path)
        value = in_xml(unicodedata.normalize("NFC", value)).strip()[:_MAX_ANSWER]
        if node.text == value:
            return set()
        with self.bounded():
            self._settler.changed.clear()
            self._settler.write(node, value)
            return self._settled()

    def repeats(self, path: FieldPath) -> list[FieldPath]:
        """Return the instances of the repeat at `path` (/data/child). Raises NotARepeat."""
        holder, repeat = self._repeat(path)
        return [self._tree.path(node) for node in holder.named(repeat.rpartition("/")[2])]

    def may_add(self, path: FieldPath) -> bool:
        """Tell whether the person may add an instance to the repeat at `path` now. Raises NotARepeat.

        Not where the form counts them, the repeat is not relevant, or there are as many as there may be.
        """
        holder, repeat = self._repeat(path)
        name = repeat.rpartition("/")[2]
        present = holder.named(name)
        if not self.form.repeats[repeat].may_add_remove or not holder.is_relevant or len(present) >= MOST_INSTANCES:
            return False
        probe = Node(name, path=repeat)
        probe.parent = holder
        return holds(self.form.bind(repeat).relevant, probe, self._scope, default=True)

    def repeat_at(self, path: FieldPath) -> Repeat:
        """Return what the form says of the repeat at `path`. Raises NotARepeat."""
        return self.form.repeats[self._repeat(path)[1]]

    def repeat_paths(self) -> list[FieldPath]:
        """Return where repeats stand, without positions of their own, in document order: /data/child[2]/toy."""
        found: list[FieldPath] = []
        for path, node in self._tree.every():
            for name in self.form.children.get(node.path, ()):
                if f"{node.path}/{name}" in self.form.repeats:
                    found.append(FieldPath(f"{path}/{name}"))  # noqa: PERF401 - reads better than two loops in one
        return found

    def guidance(self, path: FieldPath, language: str) -> str:
        """Return the further guidance of a question's hint."""
        control = self.form.controls.get(self._tree.get(path).path)
        return "" if control is None else control.hint.guidance_in(language)

    def add_repeat(self, path: FieldPath) -> FieldPath:
        """Add an instance behind the last one of the repeat at `path`; return where it stands.

        Raises NotARepeat, also where the form itself says how many there are or the form is full.
        """
        holder, repeat = self._repeat(path)
        if not self.form.repeats[repeat].may_add_remove:
            raise NotARepeat(path)
        with self.bounded():
            self._settler.changed.clear()
            node = self._settler.add(holder, repeat)
            if node is None:
                raise NotARepeat(path)
            self._settler.settle()
        return self._tree.path(node)

    def remove_repeat(self, path: FieldPath, position: int | None = None) -> set[FieldPath]:
        """Remove one instance, `path` with a position or beside it; return what changed. Raises NotARepeat."""
        if position is None:
            found = re.fullmatch(r"(.*)\[([0-9]{1,9})\]", path)
            if found is None:
                raise NotARepeat(path)
            path, position = FieldPath(found.group(1)), int(found.group(2))
        holder, repeat = self._repeat(path)
        present = holder.named(repeat.rpartition("/")[2])
        if not self.form.repeats[repeat].may_add_remove or not 1 <= position <= len(present):
            raise NotARepeat(path)
        with self.bounded():
            self._settler.changed.clear()
            self._settler.remove(present[position - 1])
            return self._settled()

    def _repeat(self, path: FieldPath) -> tuple[Node, FieldPath]:
        above, _, name = path.rpartition("/")
        holder = self._tree.find(above)
        repeat = FieldPath("" if holder is None else f"{holder.path}/{name}")
        if holder is None or repeat not in self.form.repeats:
            raise NotARepeat(path)
        return holder, repeat

    def set_language(self, language: str) -> set[FieldPath]:
        """Say in which language jr:itext and jr:choice-name answer; return what changed."""
        self._scope.language = language
        return self.recompute()

    def recompute(self) -> set[FieldPath]:
        """Settle everything again, when the day has changed; return what changed."""
        with self.bounded():
            self._settler.changed.clear()
            self._settler.load()
            return self._settled()

    def finish(self) -> None:
        """Put in what is known only at the end (jr:preload="timestamp" with "end")."""
        with self.bounded():
            for path, bind in self.form.binds.items():
                if bind.preload == ("timestamp", "end"):
                    for node in self._tree.at(path):
                        self._settler.write(node, of_datetime(self._scope.now()).text)
            self._settler.settle()

    def _settled(self) -> set[FieldPath]:
        self._settler.settle()
        present = {node for _, node in self._tree.every()}
        return {self._tree.path(node) for node in self._settler.changed if node in present}

    # --- loading -------------------------------------------------------------------------------------------

    def _open(self, answers: Mapping[FieldPath, str] | None, *, is_resumed: bool) -> None:
        self._keeper = Keeper(self.form, self._tree, self._settler)
        if answers is None:
            self._preload()
            self._settler.happened("odk-instance-first-load")
            self._settler.happened("odk-instance-load")
            self._settler.load()
            return
        self._keeper.restore(answers)
        if not is_resumed and self.form.happens("odk-instance-load"):
            self._settler.happened("odk-instance-load")
            self._settler.load()

    def _preload(self) -> None:
        """Put in what binds ask for when a form is first opened (jr:preload).

        The instance's own id is given when it is submitted, unless the caller makes the ids.
        """
        for path, bind in self.form.binds.items():
            kind, asked = bind.preload
            if not kind or (kind == "uid" and not self._has_ids and path.endswith("/meta/instanceID")):
                continue
            value = ""
            if kind == "uid":
                value = f"uuid:{self._scope.new_id()}"
            elif kind == "timestamp" and asked == "start":
                value = of_datetime(self._scope.now()).text
            elif kind == "date" and asked == "today":
                value = self._scope.today().isoformat()
            elif kind == "property":
                value = self._scope.device_property(asked)
            for node in self._tree.at(path):
                if value:
                    node.text = value
                    self._settler.given.add(node)
