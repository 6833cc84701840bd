"""The papers of this family's case, page by page; to print, or to take along on a phone."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from bnhelper.catalogue.checklist import NEEDED, Checklist, ChecklistItem, take_away_text
from bnhelper.catalogue.validity import in_force
from bnhelper.clock import province_date
from bnhelper.codes.code_image import modules_of
from ui.presenters.case import Case
from ui.presenters.kiosk import Place
from ui.presenters.kiosk_desk import KioskDesk
from ui.screens.kiosk_case import case_of
from ui.screens.kiosk_page import KioskPage
from ui.screens.kiosk_trouble import tell_at_kiosk
from ui.screens.procedure_words import fee_line_words, instead_words, limit_words, paper_words, reason_words
from ui.screens.sheets import checklist_sheet
from ui.widgets.kiosk_parts import Pages, deed
from ui.widgets.parts import banner, label
from ui.widgets.qr_view import QrView


class KioskPapers(KioskPage):
    """What is needed, what may be needed, what it costs and how long it takes."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self._said = QVBoxLayout()
        self.content.addLayout(self._said)
        self.pages = Pages(columns=2)
        self.content.addWidget(self.pages, 1)
        desk.work.run(lambda: case_of(desk), owner=self).then(self._draw).on_trouble(
            lambda wrong: tell_at_kiosk(self._said, wrong)
        )

    def first_focus(self) -> QWidget | None:
        return self.deeds[0] if self.deeds else None

    def _draw(self, case: Case) -> None:
        assert self.pages is not None
        name = case.procedure.name(self.desk.language)
        if case.procedure.is_stub:
            self.say(name)
            self._said.addWidget(
                banner(
                    "warn",
                    self.tr("Only the name of this procedure is known here."),
                    self.tr("Please call staff, or ask at the counter."),
                )
            )
            return
        found = case.checklist()
        items: list[QWidget] = []
        if not found.is_reviewed:
            said = self.tr("No officer has reviewed this list yet.")
            items.append(
                _Line(said, [self.tr("Please check it at the counter before you go home for papers.")], "warn")
            )
        if found.eligible == "no":
            said = self.tr("By these answers there may be no entitlement.")
            items.append(_Line(said, [self.tr("The office decides. Please ask at the counter.")], "warn"))
        items += [self._paper(item) for item in found.needed()]
        items += [self._paper(item) for item in found.maybe()]
        if not found.items:
            items.append(_Line(self.tr("No papers are needed. Just bring your ID card."), []))
        items += self._facts(case, found)
        count = len(found.needed())
        self.say(self.tr("Papers in your case: %1").replace("%1", str(count)), name)
        self.pages.set_items(items)
        code = deed(
            self.tr("On to my phone"),
            lambda: self.desk.go(Place.CODE),
            kind="primary",
            name="kioskQr",
            icon="qr_code_2",
        )
        self.deeds = [code]
        if self.desk.printing is not None:
            self.deeds.insert(
                0, deed(self.tr("Print the list"), lambda: self._print(case, found), name="kioskPrint", icon="print")
            )
        self.changed.emit()

    def _paper(self, item: ChecklistItem) -> QWidget:
        more = [paper_words(item), reason_words(item), *instead_words(item)]
        name = item.name if item.need == NEEDED else self.tr("You may also need: %1").replace("%1", item.name)
        return _Line(("✓  " if item.need == NEEDED else "?  ") + name, [part for part in more if part])

    def _facts(self, case: Case, found: Checklist) -> list[QWidget]:
        """Return what is good to know, each fact an item of its own: a low page never leaves one out."""
        none = self.tr("No information yet")
        day = province_date(self.desk.clock.now())
        limits = [limit_words(limit) for limit in in_force(case.procedure.time_limits, day)]
        facts = (
            (self.tr("Where"), [case.procedure.agency_vi]),
            (self.tr("Fee"), [fee_line_words(line) for line in found.fees]),
            (self.tr("Time limit"), limits),
        )
        return [_Line(name, [part for part in said if part] or [none]) for name, said in facts]

    def _print(self, case: Case, found: Checklist) -> None:
        printing = self.desk.printing
        assert printing is not None
        day = province_date(self.desk.clock.now())
        html = checklist_sheet(case.procedure, found, self.desk.language, day)
        self.desk.line.run(lambda: printing.print_html(html), owner=self).then(
            lambda _none: self._said.addWidget(
                banner("good", self.tr("The list was handed to the printer."), name="kioskPrinted")
            )
        ).on_trouble(lambda wrong: tell_at_kiosk(self._said, wrong))


class KioskCode(KioskPage):
    """The list as a QR code: read by a phone's camera, without a network."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say(self.tr("Take the list along on your phone"))
        self._said = QVBoxLayout()
        self.content.addLayout(self._said)
        self._text = ""
        desk.work.run(lambda: case_of(desk), owner=self).then(self._draw).on_trouble(
            lambda wrong: tell_at_kiosk(self._said, wrong)
        )

    def _draw(self, case: Case) -> None:
        text = take_away_text(case.procedure, case.checklist(), self.desk.language)
        self.content.addWidget(label(self.tr("Hold the phone's camera before the square. The list is in it as text.")))
        side = max(260, min(620, self.width() - 48, self.height() - 120))
        view = QrView(modules_of(text), side, self.tr("QR code of the list"))
        view.setObjectName("kioskCode")
        self.content.addWidget(view, 1, Qt.AlignmentFlag.AlignCenter)


class _Line(QFrame):
    """One paper with what is to be known of it; where a page is too low for all of it, its name stays."""

    def __init__(self, title: str, more: list[str], part: str = "card") -> None:
        super().__init__()
        self.setProperty("part", part)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(20, 12, 20, 12)
        inside.setSpacing(2)
        inside.addWidget(label(title, "strong"))
        self._more = [label(said, "small") for said in more]
        for one in self._more:
            inside.addWidget(one)
        self.setAccessibleName(". ".join([title, *more]))

    def show_all(self) -> None:
        """Show every remark again."""
        for one in self._more:
            one.show()

    def fit(self, width: int, room: int) -> None:
        """Hide the last remarks until it fits; they stand on the printed list and at the counter."""
        inside = self.layout()
        assert inside is not None
        for one in reversed(self._more):
            if inside.totalHeightForWidth(width) <= room:
                return
            one.hide()
