"""What was agreed to, what was asked about the data and by when it is due, and to whom the dossier can go."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from bnhelper.actions.data_rights import (
    answer_request,
    ask_about_data,
    carry_out,
    extend_request,
    release_hold,
    set_hold,
)
from bnhelper.actions.manage_people import hand_over
from bnhelper.domain.data_rights import HoldReason, RequestKind
from bnhelper.ids import PersonId
from bnhelper.queries.data_rights import ConsentRow, DataRights, RequestRow, data_rights
from ui.presenters import routes
from ui.presenters.desk import Desk
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, heading, label, row
from ui.words import formats


class DataRightsScreen(Page):
    """One page for everything the law gives a resident over this dossier."""

    MOST_WIDTH = 840

    def __init__(self, desk: Desk, route: routes.DataRights) -> None:
        super().__init__()
        self._desk = desk
        self._dossier = route.dossier
        self._sure: set[int] = set()  #: requests to erase whose button was pressed once
        self.set_title(self.tr("Data and rights"))
        self.set_actions(back=(self.tr("Back"), desk.navigator.back))
        self._load()

    def _load(self) -> None:
        desk, dossier = self._desk, self._dossier
        desk.work.run(lambda: data_rights(desk.machine, dossier), owner=self).then(self._draw).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _draw(self, view: DataRights) -> None:
        clear(self.content)
        self.set_title(
            self.tr("Data and rights"), " · ".join([view.row.readable_code, view.row.title(self._desk.language)])
        )
        heading(self.content, self.tr("What was agreed to"))
        frame, inside = card()
        for one in view.consents:
            inside.addWidget(label(self._consent(one)))
        if not view.consents:
            inside.addWidget(label(self.tr("Nothing yet."), "muted"))
        self.content.addWidget(frame)
        heading(self.content, self.tr("What the resident asks"))
        for asked in view.requests:
            self.content.addWidget(self._request(asked))
        self.content.addWidget(label(self.tr("Note a new request; its clocks run from today:"), "small"))
        names = self._kinds()
        asking = [button(names[kind], partial(self._ask, kind), name=f"ask_{kind.value}") for kind in RequestKind]
        for first in range(0, len(asking), 2):  # two to a row fit at every text size
            self.add_row(*asking[first : first + 2], None)
        self._keeping(view)
        if view.others:
            heading(self.content, self.tr("Hand over"))
            self.content.addWidget(
                label(
                    self.tr(
                        "The other person sees and goes on with it; you no longer see it. Both names stay on its record."
                    ),
                    "small",
                )
            )
            for person in view.others:
                words = self.tr("Hand over to %1").replace("%1", person.name)
                self.add_row(
                    button(words, partial(self._hand_over, person.id), name=f"to_{person.id}", icon="person"), None
                )

    def _consent(self, one: ConsentRow) -> str:
        givers = {
            "self": self.tr("the person"),
            "representative": self.tr("a representative"),
            "read_aloud": self.tr("the person, read out"),
        }
        purposes = {"file_dossier": self.tr("To file this dossier")}
        who = givers.get(one.given_by, one.given_by)
        if one.representative:
            who = f"{who}: {one.representative}" + (f" ({one.relation})" if one.relation else "")
        text = self.tr("text %1, mark %2").replace("%1", one.text_version).replace("%2", one.text_sha256[:8])
        parts = [purposes.get(one.purpose, one.purpose), who, self._when(one.given_at), text]
        if one.is_for_minor:
            parts.append(self.tr("for a minor"))
        if one.withdrawn_at is not None:
            parts.append(self.tr("ended %1").replace("%1", self._when(one.withdrawn_at)))
        return " · ".join(parts)

    def _when(self, at: dt.datetime) -> str:
        return f"{formats.date(at)} {formats.clock_time(at)}"

    def _kinds(self) -> dict[RequestKind, str]:
        return {
            RequestKind.WITHDRAW: self.tr("Take the consent back"),
            RequestKind.VIEW: self.tr("See the data"),
            RequestKind.CORRECT: self.tr("Correct the data"),
            RequestKind.ERASE: self.tr("Erase the data"),
        }

    def _request(self, one: RequestRow) -> QWidget:
        frame, inside = card("trouble" if one.is_late else "card")
        frame.setObjectName(f"request_{one.id}")
        inside.addWidget(label(f"{self._kinds()[one.kind]} · {self._when(one.asked_at)}", "strong"))
        if one.done_at is not None:
            inside.addWidget(label(self.tr("Done %1").replace("%1", self._when(one.done_at))))
            return frame
        lines = []
        if one.due.answer_by is not None:
            answer = formats.shown_date(one.due.answer_by.isoformat())
            said = self.tr("Answered") if one.answered_at is not None else self.tr("Answer by %1").replace("%1", answer)
            lines.append(said)
        lines.append(self.tr("Do it by %1").replace("%1", formats.shown_date(one.due.done_by.isoformat())))
        if one.is_late:
            lines.append(self.tr("LATE"))
        inside.addWidget(label(" · ".join(lines)))
        go: Callable[[], object] = partial(self._do, carry_out, one.id)
        deeds: list[QWidget]
        if one.kind is not RequestKind.ERASE:
            deeds = [button(self.tr("Do it now"), go, name=f"do_{one.id}")]
        elif one.id not in self._sure:
            deeds = [button(self.tr("Erase it…"), partial(self._ask_sure, one.id), name=f"do_{one.id}")]
        else:
            words = self.tr("Yes, erase answers and photos for good")
            deeds = [button(words, go, kind="danger", name=f"sure_{one.id}")]
        if one.answered_at is None and one.due.answer_by is not None:
            deeds.append(
                button(
                    self.tr("The resident was answered"),
                    partial(self._do, answer_request, one.id),
                    name=f"answered_{one.id}",
                )
            )
        if one.may_extend:
            deeds.append(
                button(
                    self.tr("Extend once"),
                    partial(self._do, extend_request, one.id),
                    kind="link",
                    name=f"extend_{one.id}",
                )
            )
        inside.addLayout(row(*deeds, None))
        return frame

    def _keeping(self, view: DataRights) -> None:
        heading(self.content, self.tr("How long it is kept"))
        reasons = {
            HoldReason.INSPECTION: self.tr("inspection"),
            HoldReason.COMPLAINT: self.tr("complaint"),
            HoldReason.COURT: self.tr("court"),
        }
        if view.holds:
            said = self.tr("It must be kept: %1. Nothing erases it.").replace(
                "%1", ", ".join(reasons[one] for one in view.holds)
            )
            self.content.addWidget(banner("warn", said, name="held"))
            self.add_row(
                button(
                    self.tr("It need not be kept any more"),
                    partial(self._do, release_hold, self._dossier),
                    name="release",
                ),
                None,
            )
            return
        if view.erased_on is not None:
            day = formats.shown_date(view.erased_on.isoformat())
            self.content.addWidget(
                label(
                    self.tr("Erased from this machine by itself on %1. The province keeps its own.").replace("%1", day),
                    name="erasedOn",
                )
            )
        else:
            self.content.addWidget(
                label(self.tr("Kept on this machine until the province is done with it, and 30 days more."))
            )
        self.content.addWidget(label(self.tr("Must it be kept longer? Say why:"), "small"))
        self.add_row(
            *(
                button(words, partial(self._hold, reason), name=f"hold_{reason.value}")
                for reason, words in reasons.items()
            ),
            None,
        )

    def _ask(self, kind: RequestKind) -> None:
        machine, dossier = self._desk.machine, self._dossier
        self._run(lambda: ask_about_data(machine, dossier, kind))

    def _ask_sure(self, request: int) -> None:
        self._sure.add(request)
        self._load()

    def _hold(self, reason: HoldReason) -> None:
        machine, dossier = self._desk.machine, self._dossier
        self._run(lambda: set_hold(machine, dossier, reason))

    def _do(self, deed: Callable[..., object], what: object) -> None:
        machine = self._desk.machine
        self._run(lambda: deed(machine, what))

    def _hand_over(self, person: PersonId) -> None:
        machine, dossier = self._desk.machine, self._dossier
        self._run(lambda: hand_over(machine, dossier, person))

    def _run(self, work: Callable[[], object]) -> None:
        """Do it, and draw anew; a dossier that is gone from here leads to the list."""
        desk, dossier = self._desk, self._dossier

        def both() -> DataRights | None:
            from bnhelper.queries.dossier_list import has_dossier

            work()
            return data_rights(desk.machine, dossier) if has_dossier(desk.machine, dossier) else None

        def done(view: DataRights | None) -> None:
            desk.changed()
            if view is None:
                desk.navigator.replace(routes.DossierList())
            else:
                self._draw(view)

        desk.work.run(both, owner=self).then(done).on_trouble(lambda wrong: tell(self.content, wrong))


def make(desk: Desk, route: routes.DataRights) -> DataRightsScreen:
    return DataRightsScreen(desk, route)
