"""The sections, pages and questions a screen shows, in order, in one language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bnhelper.forms.definition import Control, Group, Range
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.problems import Problem
from bnhelper.forms.rich_text import plain_text
from bnhelper.forms.texts import NO_TEXT
from bnhelper.ids import FieldPath


@dataclass(frozen=True, slots=True)
class LabelMedia:
    """A picture or recording that belongs to a question's or choice's words; `name` is of a file beside the form."""

    kind: str  #: image, audio or video
    name: str


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """One choice in one language."""

    value: str
    label: str
    media: tuple[LabelMedia, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a screen draws it. A screen that does not know a kind draws a text field."""

    path: FieldPath
    kind: str  #: see resources/wire/form-play.schema.json
    label: str
    hint: str
    choices: tuple[ShownChoice, ...]
    is_required: bool
    is_readonly: bool
    value: str
    appearance: str
    problem: Problem | None
    media_type: str = ""  #: of an upload, such as image/*
    guidance: str = ""  #: further words, for who asks for them
    range: Range | None = None
    media: tuple[LabelMedia, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatPlace:
    """What may be done with the instances of a repeat on one page.

    `path` is the repeat without a position of its own, `position` the instance that the page shows, 0 for none.
    """

    path: FieldPath
    label: str
    position: int
    may_add: bool
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Questions that belong on one page."""

    path: FieldPath
    title: str
    questions: tuple[Question, ...]
    repeat: RepeatPlace | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the form: a row of the dossier's task list."""

    id: str
    path: FieldPath
    title: str
    pages: tuple[Page, ...]

    def questions(self) -> Iterator[Question]:
        for page in self.pages:
            yield from page.questions


def question(instance: FormInstance, control: Control, language: str, path: FieldPath | None = None) -> Question:
    """Return one control as a question; `path` says in which instance of a repeat."""
    path = path or control.path
    return Question(
        path=path,
        kind=control.kind,
        label=instance.label(path, language),
        hint=instance.hint(path, language),
        choices=tuple(
            ShownChoice(one.value, _plain(one.label), _media(one.media)) for one in instance.choices(path, language)
        ),
        is_required=instance.is_required(path),
        is_readonly=instance.is_readonly(path),
        value=instance.value(path),
        appearance=control.appearance,
        problem=instance.problem(path),
        media_type=control.media_type,
        guidance=instance.guidance(path, language),
        range=control.range,
        media=_media(control.label.media_in(language)),
    )


def _media(said: Mapping[str, str]) -> tuple[LabelMedia, ...]:
    """Return what belongs to a label, the plain names of jr://images/NAME and the like; a big image is no other one."""
    return tuple(
        LabelMedia(kind, said[kind].rpartition("/")[2]) for kind in ("image", "audio", "video") if kind in said
    )


def _plain(words: str) -> str:
    """Return a label without its marks; most have none, and a list may be long."""
    return plain_text(words) if any(mark in words for mark in "*_#<[\\") else words


def sections(instance: FormInstance, language: str) -> list[Section]:
    """Return the sections that have anything to fill: the applicant, then each group of the declaration.

    The case questions and the documents are not among them: the first are asked before there is a dossier,
    the second are the checklist. A group inside a section is a page of its own, so is a field-list, and so is each
    instance of a repeat; the questions that stand in no such group stand at most six to a page.
    """
    with instance.bounded():
        return _sections(instance, language)


def _sections(instance: FormInstance, language: str) -> list[Section]:
    form = instance.form
    found: list[Section] = []
    loose = [part for part in form.body if isinstance(part, Control)]
    if loose:
        found.append(_section(instance, Group(form.root, NO_TEXT, "", tuple(loose)), language, title=form.title))
    for part in form.body:
        if not isinstance(part, Group) or part.path in {f"{form.root}/case", f"{form.root}/documents"}:
            continue
        groups = [child for child in part.children if isinstance(child, Group)]
        own = tuple(child for child in part.children if isinstance(child, Control))
        if part.is_repeat or _is_field_list(part):
            found.append(_section(instance, part, language))
            continue
        if own or not groups:
            found.append(_section(instance, replace(part, children=own), language))
        found.extend(_section(instance, group, language) for group in groups)
    return [section for section in found if section.pages]


def _section(instance: FormInstance, group: Group, language: str, title: str = "") -> Section:
    title = plain_text(title or _title(instance, group, language))
    pages = _Pages(instance, language)
    pages.add(group, group.path, group.path, title)
    return Section(group.path.rpartition("/")[2], group.path, title, tuple(pages.found))


def _title(instance: FormInstance, group: Group, language: str) -> str:
    """Return a group's label with the values that stand in it; that of a repeat is seen from around it."""
    at = FieldPath(group.path.rpartition("/")[0]) if group.is_repeat else group.path
    return instance.words(group.label, at or group.path, language)


def _is_field_list(group: Group) -> bool:
    return "field-list" in group.appearance.split()


class _Pages:
    """Lays the questions of a group out on pages."""

    def __init__(self, instance: FormInstance, language: str) -> None:
        self._instance = instance
        self._language = language
        self.found: list[Page] = []

    def add(self, group: Group, above: str, at: str, title: str) -> None:
        """Add a group; `at` is where the generic path `above` stands in this instance."""
        place = FieldPath(at + group.path.removeprefix(above))
        if not group.is_repeat:
            self._lay_out(group, place, title)
            return
        may_add = self._instance.may_add(place)
        may_remove = self._instance.repeat_at(place).may_add_remove
        named = _plain(self._instance.words(group.label, FieldPath(place.rpartition("/")[0]), self._language)) or title
        present = self._instance.repeats(place)
        for number, one in enumerate(present, start=1):
            if self._instance.is_relevant(one):
                said = self._instance.label(one, self._language) or title
                offer = RepeatPlace(place, named, number, may_add, may_remove)
                self._lay_out(group, one, _plain(f"{said} {number}".strip()), offer)
        if not present and may_add:  # so that a first one can be added
            self.found.append(Page(place, named, (), RepeatPlace(place, named, 0, may_add, may_remove=False)))

    def _lay_out(self, group: Group, at: FieldPath, title: str, repeat: RepeatPlace | None = None) -> None:
        most = 1_000 if _is_field_list(group) else 6
        begun = len(self.found)
        waiting: list[Question] = []
        for child in _flat(group):
            if isinstance(child, Control):
                path = FieldPath(at + child.path.removeprefix(group.path))
                if self._instance.is_relevant(path):
                    waiting.append(question(self._instance, child, self._language, path))
                continue
            self._break(at, title, waiting, most, repeat)
            named = self._instance.words(child.label, at, self._language)
            self.add(child, group.path, at, _plain(named) or title)
        self._break(at, title, waiting, most, repeat)
        if repeat is not None and (repeat.may_add or repeat.may_remove) and len(self.found) == begun:
            self.found.append(Page(at, title, (), repeat))  # nothing to ask in it now, but it can be taken away

    def _break(self, at: FieldPath, title: str, waiting: list[Question], most: int, repeat: RepeatPlace | None) -> None:
        offer = repeat if repeat is not None and (repeat.may_add or repeat.may_remove) else None
        for start in range(0, len(waiting), most):
            self.found.append(Page(at, title, tuple(waiting[start : start + most]), offer))
        waiting.clear()


def _flat(group: Group) -> Iterator[Control | Group]:
    """Return what stands in a group: plain groups give their own content, repeats and field-lists stay whole."""
    for child in group.children:
        if isinstance(child, Group) and not child.is_repeat and (_is_field_list(group) or not _is_field_list(child)):
            yield from _flat(child)
        else:
            yield child


def case_questions(instance: FormInstance, language: str) -> list[Question]:
    """Return the case questions that can still change something, in the order they are asked."""
    case = f"{instance.form.root}/case"
    with instance.bounded():
        return [
            question(instance, control, language)
            for control in instance.form.controls.values()
            if control.group == case and instance.is_relevant(control.path)
        ]


def next_case_question(instance: FormInstance, language: str, after: FieldPath | None = None) -> Question | None:
    """Return the first unanswered case question, or the one that follows `after` in the order asked."""
    asked = case_questions(instance, language)
    if after is not None:
        paths = [one.path for one in asked]
        rest = asked[paths.index(after) + 1 :] if after in paths else asked
        return rest[0] if rest else None
    return next((one for one in asked if not one.value), None)
