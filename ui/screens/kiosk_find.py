"""Finding what it is about at a kiosk: by what happened in the family, or typed; no earlier search is ever shown."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from bnhelper.catalogue.pack import Pack, Summary
from bnhelper.catalogue.search_index import Hit, elsewhere, search
from ui.presenters.kiosk import Place
from ui.presenters.kiosk_desk import KioskDesk
from ui.screens.kiosk_page import KioskPage
from ui.screens.kiosk_trouble import tell_at_kiosk
from ui.widgets.kiosk_parts import Pages, Tile, deed
from ui.widgets.on_screen_keyboard import LETTERS, KioskField, OnScreenKeyboard
from ui.widgets.parts import banner, row


class KioskTopics(KioskPage):
    """What is it about? Ten things that happen in families, and the way to type."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say(self.tr("What is it about?"))
        self.pages = Pages(columns=2, tallest=140)
        self.content.addWidget(self.pages, 1)
        typed = self.tr("Type something else")
        self.deeds = [deed(typed, lambda: desk.go(Place.FIND), kind="primary", name="kioskType", icon="search")]

        def names() -> list[str]:
            return [one.name(desk.language) for one in desk.library.newest.life_events()]

        desk.work.run(names, owner=self).then(self._draw).on_trouble(lambda wrong: tell_at_kiosk(self.content, wrong))
        self.changed.emit()

    def _draw(self, names: list[str]) -> None:
        assert self.pages is not None
        self.pages.set_items(
            [Tile(name, partial(self._choose, at), name=f"topic_{at}") for at, name in enumerate(names)]
        )

    def _choose(self, at: int) -> None:
        self.desk.resident.pages.put("topic", str(at))
        self.desk.resident.pages.forget("search")
        self.desk.go(Place.RESULTS)


class KioskFind(KioskPage):
    """One field and its keyboard."""

    IS_ENTRY = True

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say(self.tr("What is it about? Marks are not needed."))
        self.field = KioskField("kioskSearch", self.tr("What is it about?"))
        self.field.setText(desk.resident.pages.get("search"))
        self.field.textChanged.connect(partial(desk.resident.pages.put, "search"))  # another language keeps it
        self.field.returnPressed.connect(self._search)
        go = deed(self.tr("Search"), self._search, kind="primary", name="kioskGo", icon="search")
        self.content.addLayout(row(self.field, go, spacing=24))
        self.content.addWidget(OnScreenKeyboard(self.field, LETTERS, has_space=True))
        self.content.addStretch(1)

    def first_focus(self) -> KioskField:
        return self.field

    def _search(self) -> None:
        if self.field.text().strip():
            self.desk.go(Place.RESULTS)


class KioskResults(KioskPage):
    """What may be meant, page by page."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say(self.tr("Which of these is it?"))
        self._said = QVBoxLayout()
        self.content.addLayout(self._said)
        self.pages = Pages(columns=2, tallest=140)
        self.content.addWidget(self.pages, 1)
        text, topic = desk.resident.pages.get("search").strip(), desk.resident.pages.get("topic")

        def look() -> tuple[list[Hit] | list[Summary], str]:
            pack = desk.library.newest
            if text:
                return search(pack, text), elsewhere(pack, text)
            return _of_topic(pack, int(topic or 0)), ""

        desk.work.run(look, owner=self).then(lambda found: self._draw(*found)).on_trouble(
            lambda wrong: tell_at_kiosk(self._said, wrong)
        )

    def _draw(self, found: list[Hit] | list[Summary], who: str) -> None:
        desk = self.desk
        assert self.pages is not None
        if not found:
            said = self.tr("No procedure matches these words.")
            if who:
                said = self.tr("This is no procedure of this office.")
            more = self.tr("Try other words, or call staff.")
            self._said.addWidget(banner("note", said, more, name="nothingFound"))
        tiles = [
            Tile(
                one.name(desk.language),
                partial(self._choose, one.code),
                detail=(one.sector_en or one.sector_vi) if desk.language == "en" else one.sector_vi,
                name=f"result_{one.code}",
            )
            for one in found
        ]
        self.pages.set_items(tiles)
        first = self.first_focus()
        if first is not None:
            first.setFocus()

    def _choose(self, code: str) -> None:
        pages = self.desk.resident.pages
        pages.put("procedure", code)
        pages.forget("answers")
        pages.forget("at")
        self.desk.go(Place.QUESTION)


def _of_topic(pack: Pack, topic: int) -> list[Summary]:
    events = pack.life_events()
    return pack.summaries(events[topic].codes) if 0 <= topic < len(events) else []
