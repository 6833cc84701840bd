"""New procedures that come by themselves, told once."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.presenters.pack_news import PackNews
from ui.presenters.work import Work
from ui.words.language import language
from ui.words.trouble_words import words_for

if TYPE_CHECKING:
    from bnhelper.catalogue.pack_update import Updated


class PackArrivals(QObject):
    """Asks while the line is open anyway, beside everything else, and says what came."""

    def __init__(self, news: PackNews, work: Work, say: Callable[[str, str], object]) -> None:
        super().__init__()
        self._news = news
        self._work = work
        self._say = say
        self._is_asking = False

    def after_round(self, outcome: str, *, is_paid: bool) -> None:
        """A round of sending has ended so, over a line that may be paid by the byte."""
        if not self._is_asking and self._news.is_due(outcome, is_paid=is_paid):
            self._is_asking = True  # told many times a second, while other long work goes first
            self._work.run(self._news.bring).then(self._came).on_trouble(self._came_not)

    def _came(self, found: "Updated") -> None:
        self._is_asking = False
        if found.is_new:
            said = self.tr("New procedures have come: %1").replace("%1", found.version)
            self._say(said, self.tr("Drafts keep the rules they were begun with; each says what has changed."))

    def _came_not(self, wrong: BaseException) -> None:
        """Nobody asked, so only what is suspicious is said; nothing to fetch is no news."""
        self._is_asking = False
        if getattr(wrong, "code", "bug") in {"update-refused", "bug"}:
            self._say(*words_for(wrong, language.code))
