"""What expressions of one filled form may ask for: the day, ids, lists, words, and what the device is called."""

import datetime as dt
import math
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from bnhelper.clock import PROVINCE_TIME
from bnhelper.forms import expressions
from bnhelper.forms.definition import FormDefinition, Itemset
from bnhelper.forms.expressions import Expression
from bnhelper.forms.nodes import Node
from bnhelper.forms.secondary import LAST_SAVED
from bnhelper.forms.texts import Text
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import to_text
from bnhelper.ids import FieldPath

MOST_WORDS: Final = 100_000  #: letters of one text with the values that stand in it


class InstanceScope:
    """The surroundings of one filled form; `properties` are deviceid, username, email, phonenumber and the like."""

    def __init__(
        self,
        form: FormDefinition,
        root: Node,
        single: Mapping[FieldPath, Node],
        today: Callable[[], dt.date],
        now: Callable[[], dt.datetime] | None,
        new_id: Callable[[], str] | None,
        properties: Mapping[str, str],
        last_saved: Node | None,
    ) -> None:
        self._form = form
        self.root = root
        self.single = single
        self.visits = 0
        self.left = math.inf
        self.language = form.default_language
        self.today = today
        self._now = now
        self.new_id = new_id or (lambda: str(uuid.uuid4()))
        self._properties = properties
        self._last_saved = last_saved
        self.chance = random.Random()

    @property
    def version(self) -> str:
        return self._form.version

    def now(self) -> dt.datetime:
        """Return this instant; the beginning of the day where nobody tells the time."""
        if self._now is not None:
            return self._now()
        return dt.datetime.combine(self.today(), dt.time(), PROVINCE_TIME)

    def random(self) -> float:
        return self.chance.random()

    def device_property(self, name: str) -> str:
        return self._properties.get(name, "")

    def secondary(self, name: str) -> Node | None:
        return self._last_saved if name == LAST_SAVED else self._form.secondary.get(name)

    # --- bounds ----------------------------------------------------------------------------------------------

    def start_counting(self) -> None:
        """Let everything that is evaluated from here on cost `MOST_IN_ALL` together."""
        self.left = expressions.MOST_IN_ALL

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Let all that is evaluated inside cost `MOST_IN_ALL` together; what stands in another counts with that."""
        if self.left != math.inf:
            yield
            return
        self.start_counting()
        try:
            yield
        finally:
            self.left = math.inf

    # --- words -----------------------------------------------------------------------------------------------

    def words(self, text: Text, at: Node, language: str) -> str:
        """Return a text in one language, with the values that stand in it as seen from `at`."""
        if text.value is not None:
            before, self.language = self.language, language
            try:
                return to_text(text.value.evaluate(at, self))
            finally:
                self.language = before
        if not text.parts:
            return text.in_language(language)
        said: list[str] = []
        length = 0
        for one in text.parts_in(language):
            said.append(to_text(one.evaluate(at, self)) if isinstance(one, Expression) else one)
            length += len(said[-1])
            if length > MOST_WORDS:
                raise FormRefused("too-much-text", at.path)
        self.left -= length
        return "".join(said).strip()

    def itext(self, key: str) -> str:
        """Return a text by its id for an expression (jr:itext), which what stands in it counts with."""
        text = self._form.texts.get(key)
        visits = self.visits
        try:
            return "" if text is None else self.words(text, self.root, self.language)
        finally:
            self.visits += visits

    def choice_name(self, path: FieldPath, value: str, at: Node) -> str:
        """Return the label of a choice of the question at `path` (jr:choice-name)."""
        visits = self.visits
        try:
            return self._choice_name(path, value, at)
        finally:
            self.visits += visits

    def _choice_name(self, path: FieldPath, value: str, at: Node) -> str:
        control = self._form.controls.get(path)
        if control is None:
            return ""
        for choice in control.choices:
            if choice.value == value:
                return self.words(choice.label, at, self.language)
        if control.itemset is not None:
            for node in self.choice_nodes(control.itemset, at):
                if below(node, control.itemset.value) == value:
                    return self.choice_label(control.itemset, node, self.language)
        return ""

    # --- choices ---------------------------------------------------------------------------------------------

    def choice_nodes(self, itemset: Itemset, at: Node) -> list[Node]:
        """Return the nodes a question offers now."""
        found = itemset.nodes.evaluate(at, self)
        if not isinstance(found, list):
            return []
        self.left -= 2 * len(found)  # each is a choice with its words, too
        return found

    def choice_label(self, itemset: Itemset, node: Node, language: str) -> str:
        said = below(node, itemset.label)
        if not itemset.is_itext:
            return said
        text = self._form.texts.get(said)
        return "" if text is None else self.words(text, self.root, language)

    def choice_media(self, itemset: Itemset, node: Node, language: str) -> Mapping[str, str]:
        text = self._form.texts.get(below(node, itemset.label)) if itemset.is_itext else None
        return {} if text is None else text.media_in(language)


def below(node: Node, steps: tuple[str, ...]) -> str:
    """Return the text of the node some steps below, blank where there is none."""
    found: Node | None = node
    for step in steps[:-1]:
        found = None if found is None else found.first(step)
    if not steps or found is None:
        return "" if found is None else found.value()
    texts = found.texts(steps[-1])
    return texts[0] if texts else ""
