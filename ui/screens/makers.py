"""Says which module makes the screen of a route; imported with the first screen that needs an open machine."""

from collections.abc import Callable
from typing import Any

from ui.presenters import routes
from ui.presenters.desk import Desk
from ui.widgets.page import Page


def makers() -> dict[type[routes.Route], Callable[[Desk, Any], Page]]:
    """Return the maker of every screen that needs an open machine."""
    from ui.screens import (
        carry_by_usb,
        case_question,
        check_answers,
        checklist,
        consent,
        data_rights,
        dossier_history,
        dossier_list,
        dossier_tasks,
        find_procedure,
        guide,
        help_page,
        people,
        procedure,
        question,
        read_chain,
        receipt,
        scan_card,
        send_to_ward,
        show_chain,
        sign_in,
        supplement,
        sync_centre,
        take_in,
        take_photo,
        today,
        visits,
    )

    return {
        routes.Today: today.make,
        routes.FindProcedure: find_procedure.make,
        routes.ProcedurePage: procedure.make,
        routes.GuidePage: guide.make,
        routes.CaseQuestion: case_question.make,
        routes.PersonalChecklist: checklist.make,
        routes.DossierTasks: dossier_tasks.make,
        routes.Question: question.make,
        routes.ScanCard: scan_card.make,
        routes.TakePhoto: take_photo.make,
        routes.Consent: consent.make,
        routes.DataRights: data_rights.make,
        routes.DossierHistoryPage: dossier_history.make,
        routes.CheckAnswers: check_answers.make,
        routes.ReceiptPage: receipt.make,
        routes.DossierList: dossier_list.make,
        routes.SupplementPage: supplement.make,
        routes.Visits: visits.make,
        routes.SyncCentre: sync_centre.make,
        routes.CarryByUsb: carry_by_usb.make,
        routes.ShowChain: show_chain.make,
        routes.ReadChain: read_chain.make,
        routes.SignInPage: sign_in.make,
        routes.TakeIn: take_in.make,
        routes.SendToWard: send_to_ward.make,
        routes.Help: help_page.make,
        routes.PeoplePage: people.make,
    }
