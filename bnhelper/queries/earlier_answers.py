"""What a person has already said, offered where the same is asked again (WCAG 2.2, 3.3.7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.units import units
from bnhelper.domain.dossier import DossierRow
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import DossierId, FieldPath
from bnhelper.queries.dossier_tasks import QuestionPage
from bnhelper.store import dossiers
from bnhelper.store.open_form import open_form
from bnhelper.store.open_machine import OpenMachine

APPLICANT: Final = FieldPath("/data/applicant")
#: fields of ours that hold a residence in one line; the forms call it either way
_RESIDENCE: Final = ("residence", "address")
#: what one person keeps from one form to the next; never what this visit is about
_OF_A_PERSON: Final = (
    "full_name",
    "id_number",
    "birth_date",
    "sex",
    "ethnicity",
    "phone",
    *_RESIDENCE,
    "address_unit",
    "address_detail",
    "address_old",
)
_FEWEST: Final = 2  #: a button for one field is more to read than the field


@dataclass(frozen=True, slots=True)
class PersonOffer:
    """Answers that would fill several fields of a page as one step."""

    values: Mapping[FieldPath, str]
    earlier: DossierRow | None  #: None: the person is this dossier's own applicant


@dataclass(frozen=True, slots=True)
class FieldOffer:
    """One answer from another section of this dossier that may hold here too."""

    path: FieldPath
    value: str
    section: str  #: the title of the section it stands in


@dataclass(frozen=True, slots=True)
class EarlierAnswers:
    """Everything that can be offered on one page."""

    persons: tuple[PersonOffer, ...] = ()
    fields: tuple[FieldOffer, ...] = ()


def earlier_answers(machine: OpenMachine, dossier: DossierId, page: QuestionPage, language: str) -> EarlierAnswers:
    """Return what may be offered; nothing is filled in before a person says that it holds. Raises NoSuchDossier."""
    with machine.store.read() as db:
        instance = open_form(db, dossier, machine.library, machine.clock).instance
        open_here = {
            _leaf(one.path): one.path
            for one in page.questions
            if page.editable.field(one.path) and not one.is_readonly and _is_untouched(instance, one.path)
        }
        now = {leaf: instance.value(path) for leaf, path in open_here.items()}
        number = instance.value(FieldPath(f"{APPLICANT}/id_number")) if APPLICANT in _groups(page) else ""
        earlier = [row for row in dossiers.of_person(db, number) if row.id != dossier] if number else []
        answers = dossiers.answers_of(db, earlier[0].id) if earlier else {}
    persons = []
    if earlier:
        said = {_leaf(path): value for path, value in answers.items() if path.startswith(f"{APPLICANT}/")}
        persons.append(_person(open_here, now, said, earlier[0]))
    elif APPLICANT not in _groups(page) and "full_name" in open_here:
        persons.append(_person(open_here, now, _applicant(instance), None))
    return EarlierAnswers(
        tuple(one for one in persons if one is not None), tuple(_residences(instance, open_here, language))
    )


def _groups(page: QuestionPage) -> set[str]:
    return {one.path.rpartition("/")[0] for one in page.questions}


def _leaf(path: FieldPath) -> str:
    return path.rpartition("/")[2]


def _is_untouched(instance: FormInstance, path: FieldPath) -> bool:
    """Tell whether a field is empty or still says what the form began it with."""
    value = instance.value(path)
    return not value or value == instance.form.leaves.get(path)


def _person(
    open_here: Mapping[str, FieldPath], now: Mapping[str, str], said: Mapping[str, str], row: DossierRow | None
) -> PersonOffer | None:
    values = {
        path: said[leaf]
        for leaf, path in open_here.items()
        if leaf in _OF_A_PERSON and said.get(leaf) and said[leaf] != now[leaf]
    }
    return PersonOffer(values, row) if len(values) >= _FEWEST else None


def _applicant(instance: FormInstance) -> dict[str, str]:
    said = {
        _leaf(path): value
        for path, value in instance.values().items()
        if path.startswith(f"{APPLICANT}/") and instance.is_relevant(path)
    }
    if not said.get("full_name"):
        return {}
    return said | dict.fromkeys(_RESIDENCE, _in_one_line(said))


def _in_one_line(said: Mapping[str, str]) -> str:
    names = {one.code: one.name for one in units()}
    parts = (said.get("address_detail", ""), names.get(said.get("address_unit", ""), ""))
    return ", ".join(part for part in parts if part) if all(parts) else ""


def _residences(instance: FormInstance, open_here: Mapping[str, FieldPath], language: str) -> Iterable[FieldOffer]:
    wanted = [open_here[leaf] for leaf in _RESIDENCE if leaf in open_here]
    if not wanted:
        return
    said = {_in_one_line(_applicant(instance)): instance.label(APPLICANT, language)}
    for path, value in instance.values().items():
        if _leaf(path) in _RESIDENCE and path not in wanted and instance.is_relevant(path):
            said.setdefault(value, instance.label(FieldPath(path.rpartition("/")[0]), language))
    for path in wanted:
        for value, section in said.items():
            if value:
                yield FieldOffer(path, value, section)
