"""Keys and first steps, on one page, with no network."""

from ui.presenters.desk import Desk
from ui.presenters.routes import Help, PeoplePage
from ui.widgets.page import Page
from ui.widgets.parts import button, card, heading, label
from ui.widgets.question_field import two_columns


class HelpScreen(Page):
    """What to do first, what is kept where, and every key."""

    MOST_WIDTH = 760  # lines of at most some 75 letters

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.set_title(self.tr("Help"))
        heading(self.content, self.tr("First steps"))
        for number, words in enumerate(
            (
                self.tr("Find the procedure by everyday words, with or without marks."),
                self.tr("Answer the few questions; “Not sure” keeps both ways open."),
                self.tr("Read the list out, print it, or let a phone take it by QR code."),
                self.tr("Start the dossier: scan the card, fill in, add photos, take the consent."),
                self.tr("Check and lock. It is sent by itself when there is a network."),
            ),
            start=1,
        ):
            self.content.addWidget(label(f"{number}. {words}"))
        heading(self.content, self.tr("What is kept where"))
        self.content.addWidget(
            label(
                self.tr(
                    "Everything is saved as you type, encrypted, on this machine only, until the province confirms that it has it."
                )
            )
        )
        heading(self.content, self.tr("Keys"))
        frame, inside = card()
        keys = (
            ("Ctrl+K", self.tr("Find a procedure")),
            ("Ctrl+1 … Ctrl+6", self.tr("Go to a place of the rail")),
            ("Ctrl+N", self.tr("New dossier")),
            ("Ctrl+Enter", self.tr("The one next step of the screen")),
            ("Alt+←", self.tr("Back")),
            ("F2", self.tr("Scan the ID card")),
            ("Ctrl+V", self.tr("Paste a photo")),
            ("Ctrl+Z / Ctrl+Y", self.tr("Undo / redo an answer")),
            ("Ctrl+P", self.tr("Print")),
            ("F6", self.tr("Next region of the window")),
            ("Ctrl+= / Ctrl+- / Ctrl+0", self.tr("Text larger, smaller, normal")),
            ("Ctrl+L", self.tr("Lock the machine")),
        )
        inside.addWidget(two_columns([(key, label(words)) for key, words in keys]))
        self.content.addWidget(frame)
        heading(self.content, self.tr("When something does not work"))
        self.content.addWidget(
            label(self.tr("Make a file for support. It holds versions and counts, and nothing about anybody."))
        )
        self.add_row(
            button(
                self.tr("To the file for support"),
                lambda: desk.navigator.go(PeoplePage()),
                name="toSupport",
                icon="inventory",
            ),
            None,
        )
        self.set_actions(back=(self.tr("Back"), desk.navigator.back))


def make(desk: Desk, _route: Help) -> HelpScreen:
    return HelpScreen(desk)
