"""The home receipt of a locked dossier."""

from bnhelper.clock import to_text
from bnhelper.codes.receipt_code import look_up_url, receipt_text
from bnhelper.domain.receipts import HomeReceipt, masked_name
from bnhelper.ids import DossierId
from bnhelper.queries.dossier_tasks import dossier_tasks
from bnhelper.store.open_machine import OpenMachine


def home_receipt(machine: OpenMachine, dossier: DossierId, language: str) -> HomeReceipt:
    """Return what the slip says; the name is masked and no number stands on it. Raises NoSuchDossier."""
    tasks = dossier_tasks(machine, dossier, language)
    province = machine.profile.province
    url = province.url if province is not None else ""
    row = tasks.row
    return HomeReceipt(
        readable_code=row.readable_code,
        title_vi=row.title_vi,
        title_en=row.title_en,
        procedure=row.procedure,
        applicant_masked=masked_name(row.applicant),
        given_at=to_text(row.sealed_at or row.changed_at),
        papers=tuple((paper.item.name, len(paper.photos)) for paper in tasks.papers if paper.photos),
        shown_papers=tuple(paper.item.name for paper in tasks.papers if paper.is_shown and not paper.photos),
        look_up_url=look_up_url(url, row.look_up_token) if url else "",
        qr_text=receipt_text(url, row.look_up_token, row.readable_code),
        office=province.office if province is not None else "",
        person=machine.profile.person,
    )
