"""Begins a dossier on the rule version of today."""

from collections.abc import Mapping

from bnhelper.clock import province_date, to_text
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import DossierId, FieldPath, PaperId, ProcedureCode, look_up_token, uuid7
from bnhelper.store import dossiers, paper_marks, visits
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed


def start_dossier(
    machine: OpenMachine,
    procedure: ProcedureCode,
    case_answers: Mapping[FieldPath, str],
    papers_at_hand: frozenset[PaperId] = frozenset(),
    *,
    visited: tuple[str, str] | None = None,
) -> DossierId:
    """Begin a dossier with the case as answered; it keeps this pack's version until the end.

    `visited` is the list and the home it is begun at.
    Raises MayNotStart for a person who may only finish what was begun, DiskNearlyFull.
    """
    machine.must_be_able_to_start()
    machine.store.ground.want_room()
    pack = machine.library.newest
    facts = pack.procedure(procedure)
    instance = FormInstance(
        pack.form(procedure),
        today=lambda: province_date(machine.clock.now()),
        now=machine.clock.now,
        properties={"deviceid": machine.profile.device, "username": machine.profile.person},
    )
    for path, value in case_answers.items():
        instance.answer(path, value)  # the way of filing decides further facts
    now = machine.clock.now()
    dossier = DossierId(uuid7(now))
    with machine.store.write() as db:
        dossiers.add(
            db,
            {
                "id": dossier,
                "readable_code": dossiers.new_code(db),
                "look_up_token": look_up_token(),
                "procedure": facts.code,
                "title_vi": facts.name_vi,
                "title_en": facts.name_en,
                "pack_version": pack.version,
                "pack_sha256": pack.sha256,
                "revision": 1,
                "applicant": "",
                "id_number": "",
                "search_key": "",
                "begun_at": to_text(now),
                "changed_at": to_text(now),
            },
        )
        changes = [(path, instance.default(path), value) for path, value in instance.answers().items()]
        dossiers.put_answers(db, dossier, changes, origin="case", at=to_text(now))
        if visited is not None:
            visits.link(db, dossier, *visited)
        for paper in papers_at_hand:
            paper_marks.put(db, dossier, paper, is_at_hand=True)
        dossiers.note_event(db, dossier, at=to_text(now), kind="begun", revision=1, by=machine.profile.person)
        machine.note(db, Deed.DOSSIER_BEGUN, dossier)
    machine.resumed.add(dossier)
    return dossier
