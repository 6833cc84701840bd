"""Nobody is asked twice: what was said is offered, and fills nothing in by itself."""

from bnhelper.actions.answer_question import answer_questions, undo_answer
from bnhelper.actions.bin_dossier import bin_dossier
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.ids import DossierId, FieldPath
from bnhelper.queries.dossier_tasks import question_page
from bnhelper.queries.earlier_answers import EarlierAnswers, earlier_answers
from bnhelper.queries.where_left import where_left
from bnhelper.store import dossiers
from tests import factories, states

_APPLICANT = {f"/data/applicant/{name}": value for name, value in factories._PERSON.items()}


def _fill(machine: OpenMachine, dossier: DossierId, values: dict[str, str]) -> None:
    answer_questions(machine, dossier, {FieldPath(path): value for path, value in values.items()})


def _offers(machine: OpenMachine, dossier: DossierId, section: str, page: int = 0) -> EarlierAnswers:
    return earlier_answers(machine, dossier, question_page(machine, dossier, section, page, "vi"), "vi")


def test_the_applicant_can_be_the_mother_with_all_that_is_known_of_her(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    _fill(machine, dossier, _APPLICANT)
    (person,) = _offers(machine, dossier, "mother").persons
    assert person.earlier is None
    said = {path.rpartition("/")[2]: value for path, value in person.values.items()}
    assert said == {
        "full_name": "NGUYỄN THỊ HOÀ",
        "birth_date": "1990-09-05",
        "id_number": "027190000002",
        "residence": "Thôn Phúc Long, Xã Tam Đa",
    }
    answer_questions(machine, dossier, person.values, "earlier")
    again = _offers(machine, dossier, "mother")
    assert again.persons == ()
    assert again.fields == ()
    undo_answer(machine, dossier)
    assert _offers(machine, dossier, "mother").persons == (person,)


def test_a_residence_is_offered_from_every_section_that_has_another(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    _fill(machine, dossier, _APPLICANT)
    _fill(
        machine,
        dossier,
        {"/data/declaration/mother/residence": "Thôn Đông, Xã Yên Phong", "/data/declaration/father/is_known": "yes"},
    )
    offered = [(one.value, one.section) for one in _offers(machine, dossier, "father", 1).fields]
    assert offered == [
        ("Thôn Phúc Long, Xã Tam Đa", "Người nộp hồ sơ"),
        ("Thôn Đông, Xã Yên Phong", "Thông tin người mẹ"),
    ]


def test_who_was_here_before_need_not_say_it_again(machine: OpenMachine) -> None:
    before = factories.birth_dossier(machine)
    lock_dossier(machine, before)
    dossier = states.draft(machine)
    assert _offers(machine, dossier, "applicant").persons == ()
    _fill(machine, dossier, {"/data/applicant/id_number": _APPLICANT["/data/applicant/id_number"]})
    (person,) = _offers(machine, dossier, "applicant").persons
    assert person.earlier is not None
    assert person.earlier.id == before
    assert person.values[FieldPath("/data/applicant/full_name")] == "NGUYỄN THỊ HOÀ"
    assert FieldPath("/data/applicant/capacity") not in person.values  # what this visit is about is asked anew


def test_a_dossier_in_the_bin_and_another_person_offer_nothing(machine: OpenMachine) -> None:
    gone = factories.birth_dossier(machine)
    bin_dossier(machine, gone)
    dossier = states.draft(machine)
    _fill(machine, dossier, {"/data/applicant/id_number": _APPLICANT["/data/applicant/id_number"]})
    assert _offers(machine, dossier, "applicant").persons == ()


def test_a_supplement_offers_nothing_for_what_was_not_asked(machine: OpenMachine) -> None:
    dossier = states.asked(machine)
    offers = _offers(machine, dossier, "mother")
    open_paths = {"/data/declaration/mother/residence"}
    assert all(one.path in open_paths for one in offers.fields)
    assert offers.persons == ()


def test_where_a_draft_was_left_is_said_in_words(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    with machine.store.write() as db:
        dossiers.change(db, dossier, screen="question", place="mother/0")
        row = dossiers.get(db, dossier)
    before = where_left(machine, row, "vi")
    assert before.section == "Thông tin người mẹ"
    _fill(machine, dossier, _APPLICANT)
    assert where_left(machine, row, "vi").sections_left == before.sections_left - 1
