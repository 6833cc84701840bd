"""A dossier's form, rebuilt from its kept answers."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.procedure import Procedure
from bnhelper.clock import Clock, province_date
from bnhelper.domain.dossier import DossierRow
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.store import dossiers, server_truth


@dataclass(frozen=True, slots=True)
class Editable:
    """What of a dossier may be changed now: everything, nothing, or exactly what the officer asked for."""

    is_everything: bool = False
    fields: frozenset[FieldPath] = frozenset()
    papers: frozenset[PaperId] = frozenset()

    def field(self, path: FieldPath) -> bool:
        return self.is_everything or path in self.fields

    def paper(self, paper: PaperId) -> bool:
        return self.is_everything or paper in self.papers


@dataclass(slots=True)
class OpenForm:
    """One dossier with its form as it stands."""

    row: DossierRow
    procedure: Procedure
    pack: Pack
    instance: FormInstance
    editable: Editable


def open_form(db: Connection, dossier: DossierId, library: Library, clock: Clock) -> OpenForm:
    """Return a dossier with its form. Raises NoSuchDossier, UnknownProcedure, PackDamaged."""
    row = dossiers.get(db, dossier)
    pack = library.pack_or_newest(row.pack_version)
    instance = FormInstance(
        pack.form(row.procedure),
        today=lambda: province_date(clock.now()),
        now=clock.now,
        answers=dossiers.answers_of(db, dossier),
        is_resumed=True,  # every screen asks anew; `resume_draft` says when a person opens it
    )
    return OpenForm(row, pack.procedure(row.procedure), pack, instance, editable_of(db, row))


def editable_of(db: Connection, row: DossierRow) -> Editable:
    """Return what may be changed.

    Custody is with the device until sealed, then with the office; a supplement hands back exactly the named
    fields and papers.
    """
    if row.is_sealed:
        return Editable()
    if row.revision == 1:
        return Editable(is_everything=True)
    truth = server_truth.of_dossier(db, row.id)
    request = json.loads(truth["request"]) if truth is not None and truth["request"] else {}
    return Editable(
        fields=frozenset(FieldPath(one) for one in request.get("fields", ())),
        papers=frozenset(PaperId(one) for one in request.get("papers", ())),
    )
