"""The papers of one dossier: attach by file, drag or paste; note what was only shown."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bnhelper.actions.answer_question import set_position
from bnhelper.actions.attach_photo import attach_photo, detach_photo, restore_photo, show_paper
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.dossier import PhotoRow
from bnhelper.ids import PaperId, PhotoId
from bnhelper.queries.dossier_tasks import DossierTasks, PaperTask, dossier_tasks, photo_bytes
from bnhelper.vault.sealed_file import SealedFileDamaged
from ui.devices.picture import Offer, offers_of, prepared, read_file, thumbnail
from ui.presenters.desk import Desk
from ui.presenters.routes import TakePhoto
from ui.screens.procedure_words import kind_words, reason_words
from ui.screens.trouble import tell
from ui.theme.look import look
from ui.widgets.page import Page
from ui.widgets.parts import button, clear, label, row
from ui.widgets.toast import Toast
from ui.words import formats


class TakePhotoScreen(Page):
    """One card a paper. What is dropped on a card belongs to it; pasted files go to the paper in hand."""

    def __init__(self, desk: Desk, route: TakePhoto) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._paper: PaperId | None = route.paper
        self._thumbs: dict[PhotoId, QPixmap | None] = {}  #: None for a photo whose file is gone or damaged
        QShortcut(QKeySequence("Ctrl+V"), self).activated.connect(self._paste)
        self.set_title(self.tr("Photos and papers"))
        self._load(is_first=True)

    def _load(self, *, is_first: bool = False) -> None:
        desk, route = self._desk, self._route

        def load() -> tuple[DossierTasks, dict[PhotoId, QImage | None]]:
            if is_first:
                set_position(desk.machine, route.dossier, "tasks", "papers")
            tasks = dossier_tasks(desk.machine, route.dossier, desk.language)
            wanted = [photo for paper in tasks.papers for photo in paper.photos if photo.id not in self._thumbs]
            return tasks, {photo.id: _thumbnail(desk.machine, photo.id) for photo in wanted}

        desk.work.run(load, owner=self).then(lambda found: self._draw(*found)).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _draw(self, tasks: DossierTasks, thumbs: dict[PhotoId, QImage | None]) -> None:
        for photo, image in thumbs.items():
            self._thumbs[photo] = None if image is None else QPixmap.fromImage(image)
        clear(self.content)
        self.set_title(
            self.tr("Photos and papers"), f"{tasks.row.title(self._desk.language)} · {tasks.row.readable_code}"
        )
        ways = self.tr("Drag files on to a paper, paste with Ctrl+V, or choose a file. Originals stay with the family.")
        self.content.addWidget(label(ways, "muted"))
        shown = [paper for paper in tasks.papers if paper.item.kind in {"submit", "form", "present"} or paper.photos]
        if self._paper is None and shown:
            self._paper = next((paper.item.paper for paper in shown if not paper.is_done), shown[0].item.paper)
        for paper in shown:
            self.content.addWidget(self._card(paper))
        if not shown:
            self.content.addWidget(label(self.tr("No papers are needed in this case.")))
        saved = self.tr("Saved %1").replace(
            "%1", formats.when(tasks.row.changed_at, self._desk.clock.now(), self._desk.language)
        )
        self.set_actions(
            back=(self.tr("Back"), self._desk.navigator.back),
            note=saved,
            primary=(self.tr("Done"), self._desk.navigator.back),
        )
        if self._route.paper is not None:
            target = self.findChild(QFrame, f"card_{self._route.paper}")
            if target is not None:
                self.scroller.ensureWidgetVisible(target)

    def _card(self, paper: PaperTask) -> QFrame:
        item = paper.item
        frame = _DropCard(partial(self.attach, item.paper))
        frame.setObjectName(f"card_{item.paper}")
        inside = QVBoxLayout(frame)
        inside.setSpacing(4)
        doubt = (" (" + self.tr("may be needed") + ")") if item.need != "needed" else ""
        inside.addWidget(label(item.name + doubt, "strong"))
        how = " · ".join(
            part for part in (kind_words(item.kind, item.originals, item.copies), reason_words(item)) if part
        )
        inside.addWidget(label(how, "small"))
        if paper.photos:
            strip = QHBoxLayout()
            for photo in paper.photos:
                strip.addWidget(self._thumb(photo, paper.is_editable))
            strip.addStretch(1)
            inside.addLayout(strip)
        if not paper.is_editable:
            inside.addWidget(label(self.tr("Not asked for, so it stays as it was sent."), "small"))
            return frame
        actions: list[QWidget | None] = []
        if item.is_uploaded or item.kind == "present":
            actions.append(
                button(
                    self.tr("Choose a file"),
                    partial(self._choose, item.paper),
                    name=f"attach_{item.paper}",
                    icon="add_photo_alternate",
                )
            )
            actions.append(button(self.tr("Paste"), partial(self._paste, item.paper), name=f"paste_{item.paper}"))
        if item.kind == "present":
            box = QCheckBox(self.tr("The original was shown"))
            box.setObjectName(f"shown_{item.paper}")
            box.setChecked(paper.is_shown)
            box.toggled.connect(partial(self._show_paper, item.paper))
            actions.append(box)
        inside.addLayout(row(*actions, None))
        return frame

    def _thumb(self, photo: PhotoRow, is_editable: bool) -> QWidget:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.setSpacing(2)
        picture = QLabel()
        image = self._thumbs.get(photo.id)
        if image is None:
            picture.setPixmap(look.pixmap("warning", "warn", 64))
        elif image.isNull():
            picture.setPixmap(look.pixmap("picture_as_pdf", "text2", 64))
        else:
            picture.setPixmap(image.scaledToHeight(110))
        picture.setAccessibleName(self.tr("Photo %1").replace("%1", formats.megabytes(photo.size, self._desk.language)))
        inside.addWidget(picture)
        lost = self.tr("The file is gone or damaged: take it again")
        inside.addWidget(label(lost if image is None else formats.megabytes(photo.size, self._desk.language), "small"))
        if is_editable:
            inside.addWidget(
                button(self.tr("Remove"), partial(self._remove, photo.id), kind="link", name=f"remove_{photo.id}")
            )
        return holder

    # --- ways in -------------------------------------------------------------------------------------------

    def _choose(self, paper: PaperId) -> None:
        self._paper = paper
        paths, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Choose a file"), "", "*.jpg *.jpeg *.png *.webp *.bmp *.pdf"
        )
        for path in paths[:20]:
            self.attach(paper, partial(read_file, path))

    def _paste(self, paper: PaperId | None = None) -> None:
        wanted = paper or self._paper
        if wanted is not None:
            for offer in offers_of(QApplication.clipboard().mimeData()):
                self.attach(wanted, offer)

    def attach(self, paper: PaperId, offer: Offer) -> None:
        """Keep a file for a paper; also the way in for the demo and tests."""
        desk, dossier = self._desk, self._route.dossier
        self._paper = paper

        def keep() -> PhotoId:
            return attach_photo(desk.machine, dossier, paper, prepared(offer().content))

        desk.work.run(keep, owner=self).then(lambda _photo: self._load()).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _show_paper(self, paper: PaperId, is_shown: bool) -> None:
        desk, dossier = self._desk, self._route.dossier
        desk.work.run(lambda: show_paper(desk.machine, dossier, paper, is_shown=is_shown), owner=self).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _remove(self, photo: PhotoId) -> None:
        machine = self._desk.machine

        def removed(_nothing: None) -> None:
            self._load()
            Toast(self, self.tr("Photo removed"), self.tr("Undo"), back)

        def back() -> None:
            self._desk.work.run(lambda: restore_photo(machine, photo), owner=self).then(lambda _none: self._load())

        self._desk.work.run(lambda: detach_photo(machine, photo), owner=self).then(removed).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )


def _thumbnail(machine: OpenMachine, photo: PhotoId) -> QImage | None:
    """Return a small picture; None where the file is gone or damaged: the others are still shown."""
    try:
        return thumbnail(photo_bytes(machine, photo), 160)
    except SealedFileDamaged:
        return None


class _DropCard(QFrame):
    """A card that takes what is dropped on it."""

    def __init__(self, take: Callable[[Offer], object]) -> None:
        super().__init__()
        self._take = take
        self.setProperty("part", "card")
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        for offer in offers_of(event.mimeData()):
            self._take(offer)


def make(desk: Desk, route: TakePhoto) -> TakePhotoScreen:
    return TakePhotoScreen(desk, route)
