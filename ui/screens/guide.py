"""One guide for digital life: what to have at hand, the steps, what to beware of, and where it is from."""

from functools import partial
from html import escape

from PySide6.QtGui import QShortcut

from bnhelper.catalogue.guides import Guide, Said, guide
from bnhelper.catalogue.pack import Summary
from ui import shortcuts
from ui.devices.printer import print_document
from ui.presenters.desk import Desk
from ui.presenters.routes import GuidePage, ProcedurePage
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import RowButton, banner, card, heading, label


class GuideScreen(Page):
    """Read together, printed for the resident; nothing is kept of it."""

    MOST_WIDTH = 840

    def __init__(self, desk: Desk, route: GuidePage) -> None:
        super().__init__()
        self._desk = desk
        self.set_actions(back=(self.tr("Results"), desk.navigator.back))

        def read() -> tuple[Guide, list[Summary]]:
            pack = desk.machine.library.newest
            found = guide(pack, route.guide)
            return found, pack.summaries(found.related)

        desk.work.run(read, owner=self).then(lambda found: self._draw(*found)).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _draw(self, one: Guide, related: list[Summary]) -> None:
        desk, language = self._desk, self._desk.language
        self.set_title(one.name.in_language(language), self.tr("Guide"))
        self.content.addWidget(label(one.summary.in_language(language)))
        for warning in one.warnings:
            self.content.addWidget(banner("warn", warning.in_language(language)))
        self._list(self.tr("Have at hand"), one.before, "•")
        self._list(self.tr("Step by step"), one.steps, "")
        if related:
            heading(self.content, self.tr("Procedures that belong to it"))
            frame, inside = card(margin=0, spacing=0)
            for procedure in related:
                go = partial(desk.navigator.go, ProcedurePage(procedure.code))
                inside.addWidget(RowButton(procedure.name(language), procedure.code, None, go))
            self.content.addWidget(frame)
        heading(self.content, self.tr("Sources"))
        for source in one.sources:
            self.content.addWidget(label(source, "small"))
        for doubt in one.unverified:
            self.content.addWidget(label(self.tr("Not verified: %1").replace("%1", doubt), "small"))
        self.set_actions(
            back=(self.tr("Results"), desk.navigator.back),
            primary=(self.tr("Print for the resident"), partial(self._print, one)),
        )
        QShortcut(shortcuts.PRINT, self).activated.connect(self.do_primary)

    def _list(self, title: str, lines: tuple[Said, ...], mark: str) -> None:
        if not lines:
            return
        heading(self.content, title)
        for number, line in enumerate(lines, start=1):
            self.content.addWidget(label(f"{mark or f'{number}.'} {line.in_language(self._desk.language)}"))

    def _print(self, one: Guide) -> None:
        def items(lines: tuple[Said, ...]) -> str:
            return "".join(f"<li>{escape(line.in_language(self._desk.language))}</li>" for line in lines)

        said = self._desk.language
        print_document(
            self,
            f"<h1>{escape(one.name.in_language(said))}</h1><p>{escape(one.summary.in_language(said))}</p>"
            f"<ul>{items(one.before)}</ul><ol>{items(one.steps)}</ol><ul><b>{items(one.warnings)}</b></ul>",
        )


def make(desk: Desk, route: GuidePage) -> GuideScreen:
    return GuideScreen(desk, route)
