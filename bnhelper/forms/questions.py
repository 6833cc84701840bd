"""The sections, pages and questions a screen shows, in order, in one language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bnhelper.forms.definition import Control, Group
from bnhelper.forms.instance import FormInstance, Problem
from bnhelper.ids import FieldPath


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """One choice in one language."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a screen draws it."""

    path: FieldPath
    kind: str  #: text integer decimal date select_one select_multiple upload note acknowledge
    label: str
    hint: str
    choices: tuple[ShownChoice, ...]
    is_required: bool
    is_readonly: bool
    value: str
    appearance: str
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Page:
    """Questions that belong on one page."""

    path: FieldPath
    title: str
    questions: tuple[Question, ...]


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


def question(instance: FormInstance, control: Control, language: str) -> Question:
    """Return one control as a question."""
    return Question(
        path=control.path,
        kind=control.kind,
        label=control.label.in_language(language),
        hint=control.hint.in_language(language),
        choices=tuple(ShownChoice(choice.value, choice.label.in_language(language)) for choice in control.choices),
        is_required=instance.is_required(control.path),
        is_readonly=instance.is_readonly(control.path),
        value=instance.value(control.path),
        appearance=control.appearance,
        problem=instance.problem(control.path),
    )


def sections(instance: FormInstance, language: str) -> list[Section]:
    """Return the sections that have anything to fill: the applicant, then each group of the declaration.

    The case questions and the documents are not among them: the first are asked before there is a dossier,
    the second are the checklist. A group inside a section is a page of its own; so are the questions that
    stand in no such group, at most six to a page.
    """
    found: list[Section] = []
    root = instance.form.root
    for part in instance.form.body:
        if not isinstance(part, Group) or part.path in {f"{root}/case", f"{root}/documents"}:
            continue
        groups = [child for child in part.children if isinstance(child, Group)]
        own = [child for child in part.children if isinstance(child, Control)]
        if own or not groups:
            found.append(_section(instance, part, own, language))
        found.extend(_section(instance, group, list(_controls(group)), language) for group in groups)
    return [section for section in found if section.pages]


def _section(instance: FormInstance, group: Group, controls: Sequence[Control], language: str) -> Section:
    title = group.label.in_language(language)
    shown = [question(instance, control, language) for control in controls if instance.is_relevant(control.path)]
    most = 6
    pages = tuple(Page(group.path, title, tuple(shown[start : start + most])) for start in range(0, len(shown), most))
    return Section(group.path.rpartition("/")[2], group.path, title, pages)


def _controls(group: Group) -> Iterator[Control]:
    for child in group.children:
        if isinstance(child, Group):
            yield from _controls(child)
        else:
            yield child


def case_questions(instance: FormInstance, language: str) -> list[Question]:
    """Return the case questions that can still change something, in the order they are asked."""
    case = f"{instance.form.root}/case"
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
