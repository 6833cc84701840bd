"""The home receipt of a locked dossier: what was taken in, what happens next."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QRadioButton, QVBoxLayout

from bnhelper.actions.lock_dossier import unlock_dossier
from bnhelper.codes.code_image import modules_of
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.domain.receipts import HomeReceipt
from bnhelper.queries.dossier_list import dossier
from bnhelper.queries.home_receipt import home_receipt
from ui import shortcuts
from ui.devices.printer import A5, ROLL, document_of, receipt_html, receipt_pdf
from ui.presenters.desk import Desk
from ui.presenters.routes import DossierTasks, ReceiptPage, SupplementPage, Today, Visits
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, label
from ui.widgets.qr_view import QrView
from ui.words import formats


class ReceiptScreen(Page):
    """Says both facts: locked here, and whether the province has it."""

    MOST_WIDTH = 980  # lines of at most some 75 letters

    def __init__(self, desk: Desk, route: ReceiptPage) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._receipt: HomeReceipt | None = None
        self.set_title(self.tr("Home visit record slip"))
        desk.work.run(
            lambda: (
                home_receipt(desk.machine, route.dossier, desk.language),
                dossier(desk.machine, route.dossier),
            ),
            owner=self,
        ).then(lambda found: self._draw(*found)).on_trouble(lambda wrong: tell(self.content, wrong))

    def _draw(self, receipt: HomeReceipt, one: DossierRow) -> None:
        desk = self._desk
        self._receipt = receipt
        self.set_title(self.tr("Home visit record slip"), one.title(desk.language))
        self.content.addWidget(self._truth(one))
        columns = QHBoxLayout()
        columns.setSpacing(24)
        frame, inside = card()
        inside.addWidget(label(self.tr("This is not yet the official receipt."), "strong"))
        inside.addWidget(label(receipt.readable_code, "code", name="readableCode", is_selectable=True))
        inside.addWidget(label(self.tr("Procedure") + f": {one.title(desk.language)}"))
        inside.addWidget(label(self.tr("Submitted by") + f": {receipt.applicant_masked}"))
        given = one.sealed_at or one.changed_at
        inside.addWidget(label(self.tr("Date") + f": {formats.date(given)} {formats.clock_time(given)}"))
        papers = [f"{name} ({count})" for name, count in receipt.papers] + list(receipt.shown_papers)
        inside.addWidget(label(self.tr("Received") + ": " + (", ".join(papers) or self.tr("declaration only"))))
        inside.addWidget(label(self.tr("Originals: you KEEP them"), "strong"))
        inside.addWidget(QrView(modules_of(receipt.qr_text), 190, self.tr("QR code to look up the dossier")))
        columns.addWidget(frame, 3)
        right = QVBoxLayout()
        right.addWidget(label(self.tr("What happens next"), "h2"))
        for number, words in enumerate(
            (
                self.tr("This machine sends the dossier by itself when there is a network."),
                self.tr("The ward's officer checks it and answers."),
                self.tr("When the official receipt comes, the volunteer tells you."),
                self.tr("The day of the result counts from when the office receives it."),
            ),
            start=1,
        ):
            right.addWidget(label(f"{number}. {words}"))
        right.addWidget(label(self.tr("You pay nothing beyond the fee."), "strong"))
        right.addWidget(label(self.tr("Paper"), "muted"))
        self._roll = QRadioButton("80 mm")
        self._sheet = QRadioButton("A5")
        self._sheet.setChecked(True)
        right.addWidget(self._sheet)
        right.addWidget(self._roll)
        right.addStretch(1)
        columns.addLayout(right, 2)
        self.content.addLayout(columns)
        others = [button(self.tr("Save as PDF"), self._save, name="savePdf", icon="picture_as_pdf")]
        if not one.has_left:
            others.insert(0, button(self.tr("Unlock"), self._unlock, name="unlockDossier", icon="edit_note"))
        printing = button(self.tr("Print the slip"), self._print, name="printAction", icon="print")
        printing.setShortcut(shortcuts.PRINT)
        others.append(printing)
        self.set_actions(
            back=(self.tr("Status"), lambda: desk.navigator.replace(SupplementPage(one.id))),
            others=tuple(others),
            primary=self._onwards(),
        )

    def _onwards(self) -> tuple[str, Callable[[], object]]:
        """Return where one goes on: to the home this dossier was begun at, where more may be to do, else to Today."""
        navigator = self._desk.navigator
        home = navigator.came_by(Visits)
        if home is not None and home.home:
            return self.tr("Back to this home"), partial(navigator.go, home)
        return self.tr("Back to Today"), partial(navigator.go, Today())

    def _truth(self, one: DossierRow) -> QFrame:
        if one.proved_at is not None and one.status is not StatusKey.READY:
            said = self.tr("The province received it %1, number %2.")
            when = formats.when(one.proved_at, self._desk.clock.now(), self._desk.language)
            said = said.replace("%1", when).replace("%2", one.office_number or "—")
            return banner("good", said, name="truth")
        return banner(
            "note",
            self.tr("Locked on this machine. Not sent yet."),
            self.tr("It is sent by itself when there is a network."),
            name="truth",
        )

    def pdf(self) -> Callable[[], bytes]:
        """Return what makes the slip as PDF, in the paper size chosen now; it is slow, so for the worker."""
        assert self._receipt is not None
        paper = ROLL if self._roll.isChecked() else A5
        return partial(receipt_pdf, self._receipt, self._desk.language, modules_of(self._receipt.qr_text), paper)

    def _save(self) -> None:
        assert self._receipt is not None
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save as PDF"), f"{self._receipt.readable_code}.pdf", "*.pdf"
        )
        if path:
            made = self.pdf()
            self._desk.work.run(lambda: Path(path).write_bytes(made()), owner=self).on_trouble(
                lambda wrong: tell(self.content, wrong)
            )

    def _print(self) -> None:
        assert self._receipt is not None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        roll = QPageSize(QSizeF(80, 260), QPageSize.Unit.Millimeter)
        printer.setPageSize(roll if self._roll.isChecked() else QPageSize(QPageSize.PageSizeId.A5))
        if QPrintDialog(printer, self).exec():
            html = receipt_html(self._receipt, self._desk.language)
            document_of(html, modules_of(self._receipt.qr_text)).print_(printer)

    def _unlock(self) -> None:
        desk, wanted = self._desk, self._route.dossier

        def opened(_none: None) -> None:
            desk.changed()
            desk.navigator.replace(DossierTasks(wanted))

        desk.work.run(lambda: unlock_dossier(desk.machine, wanted, "by the volunteer"), owner=self).then(
            opened
        ).on_trouble(lambda wrong: tell(self.content, wrong))


def make(desk: Desk, route: ReceiptPage) -> ReceiptScreen:
    return ReceiptScreen(desk, route)
