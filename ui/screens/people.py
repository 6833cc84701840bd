"""Who works with this machine, its keys, its log, and a file for support."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bnhelper.actions.export_log import Exported, export_log
from bnhelper.actions.manage_people import (
    add_person,
    change_secret,
    people_here,
    renew_person,
    revoke_person,
    take_over,
)
from bnhelper.actions.recover_machine import set_ward_key
from bnhelper.actions.support_bundle import Bundle, make_support_bundle
from bnhelper.clock import province_date
from bnhelper.domain.people import Person, Role, Standing
from bnhelper.ids import PersonId
from bnhelper.vault.keys import Passphrase, Pin, Secret, has_keyring, recovery_of
from bnhelper.vault.recovery import WardKey
from ui.presenters.desk import Desk
from ui.presenters.routes import PeoplePage
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, heading, label, label_for, row
from ui.words import formats

Result = TypeVar("Result")


class PeopleScreen(Page):
    """Everybody changes their own key here; the keeper of the machine does the rest."""

    MOST_WIDTH = 840

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.set_title(self.tr("People, keys and log"))
        self.set_actions(back=(self.tr("Back"), desk.navigator.back))
        self._load()

    def _load(self, said: str = "", more: str = "") -> None:
        machine = self._desk.machine

        def work() -> tuple[list[tuple[Person, int]], bool, bool]:
            return people_here(machine), recovery_of(machine.places.keys) is not None, has_keyring()

        def draw(found: tuple[list[tuple[Person, int]], bool, bool]) -> None:
            clear(self.content)
            self._draw(*found)
            if said:
                self.content.insertWidget(0, banner("good", said, more, name="done"))
                self.scroller.verticalScrollBar().setValue(0)

        self._desk.work.run(work, owner=self).then(draw).on_trouble(lambda wrong: tell(self.content, wrong))

    def _draw(self, people: list[tuple[Person, int]], has_ward_key: bool, has_pin: bool) -> None:
        me = self._desk.machine.person
        self._has_pin = has_pin
        heading(self.content, self.tr("People"))
        frame, inside = card()
        for one, held in people:
            inside.addLayout(self._person(one, held))
        self.content.addWidget(frame)
        if me.role.manages_people:
            self._adding()
        heading(self.content, self.tr("Your own key"))
        self._mine = self._secret_lines(self.content, "mine")
        self.add_row(button(self.tr("Change my key"), self._change_mine, name="changeMine"), None)
        if me.role.manages_people:
            self._ward(has_ward_key)
            heading(self.content, self.tr("Log of deeds"))
            self.content.addWidget(
                label(
                    self.tr(
                        "Who did what when, signed and chained. Nothing about a resident is in it. An inspector checks it with two files."
                    ),
                    "small",
                )
            )
            self.add_row(button(self.tr("Save the log for an inspector"), self._export, name="exportLog"), None)
        heading(self.content, self.tr("File for support"))
        self.content.addWidget(
            label(
                self.tr("Versions, counts and where the program failed. No name, number, answer or photo of anybody."),
                "small",
            )
        )
        self.add_row(button(self.tr("Make the file for support"), self._bundle, name="supportBundle"), None)

    def _person(self, one: Person, held: int) -> QHBoxLayout:
        me, today = self._desk.machine.person, province_date(self._desk.clock.now())
        roles = {
            Role.KEEPER: self.tr("keeper of the machine"),
            Role.VOLUNTEER: self.tr("volunteer"),
            Role.LEADER: self.tr("team leader, numbers only"),
        }
        standing = one.standing(today)
        words = [roles[one.role]]
        if one.role.sees_content:
            words.append(self.tr("holds %1 dossiers").replace("%1", str(held)))
        if standing is Standing.REVOKED:
            words.append(self.tr("ended: may finish and send, begins nothing new"))
        elif standing is Standing.EXPIRED:
            words.append(self.tr("past the last day: may finish and send, begins nothing new"))
        elif one.valid_until is not None:
            words.append(self.tr("until %1").replace("%1", formats.shown_date(one.valid_until.isoformat())))
        you = self.tr("you")
        name = f"{one.name} · {you}" if one.id == me.id else one.name
        column = label(f"{name}\n{' · '.join(words)}", name=f"person_{one.id}")
        deeds: list[QWidget] = []
        if me.role.manages_people and one.role is not Role.KEEPER:
            if standing is Standing.ACTIVE:
                deeds.append(
                    button(self.tr("End"), partial(self._revoke, one.id), kind="link", name=f"revoke_{one.id}")
                )
            else:
                if held:
                    deeds.append(
                        button(
                            self.tr("Take over dossiers"),
                            partial(self._take, one.id),
                            kind="link",
                            name=f"take_{one.id}",
                        )
                    )
                deeds.append(
                    button(self.tr("Renew"), partial(self._renew, one.id), kind="link", name=f"renew_{one.id}")
                )
        line = row(column, *deeds)
        line.setStretch(0, 1)
        return line

    def _adding(self) -> None:
        heading(self.content, self.tr("Add a person"))
        frame, inside = card()
        self._name = QLineEdit()
        self._name.setObjectName("newName")
        inside.addWidget(label_for(self._name, self.tr("Name")))
        inside.addWidget(self._name)
        self._roles = QButtonGroup(self)
        for role, words in (
            (Role.VOLUNTEER, self.tr("Volunteer: writes and sends their own dossiers")),
            (Role.LEADER, self.tr("Team leader: sees numbers, never what is in a dossier")),
        ):
            one = button(words, lambda: None, kind="choice", name=f"role_{role.value}")
            one.setCheckable(True)
            one.setProperty("role_of", role.value)
            self._roles.addButton(one)
            inside.addWidget(one)
        self._new = self._secret_lines(inside, "new")
        inside.addLayout(row(button(self.tr("Add"), self._add, name="addPerson", icon="person"), None))
        self.content.addWidget(frame)

    def _secret_lines(self, where: QVBoxLayout, name: str) -> tuple[QLineEdit, QLineEdit]:
        hint = self.tr("A PIN of 6 digits") if self._has_pin else self.tr("A passphrase of at least 4 words")
        lines = []
        for suffix, words in (("", hint), ("_again", self.tr("The same once more"))):
            line = QLineEdit()
            line.setObjectName(f"{name}Secret{suffix}")
            line.setEchoMode(QLineEdit.EchoMode.Password)
            where.addWidget(label_for(line, words))
            where.addWidget(line)
            lines.append(line)
        return lines[0], lines[1]

    def _given(self, lines: tuple[QLineEdit, QLineEdit]) -> Secret | None:
        """Return the new secret, or say what is wrong with it."""
        first, second = (line.text() for line in lines)
        if not first or first != second:
            self._wrong(self.tr("The two entries differ"))
            return None
        return Pin(first) if self._has_pin else Passphrase(first)

    def _wrong(self, words: str, more: str = "") -> None:
        old = self.findChild(QWidget, "trouble")
        if old is not None:
            old.setObjectName("")
            old.deleteLater()
        self.content.insertWidget(0, banner("trouble", words, more, name="trouble"))
        self.scroller.verticalScrollBar().setValue(0)

    def _add(self) -> None:
        name, chosen = self._name.text().strip(), self._roles.checkedButton()
        if not name or chosen is None:
            self._wrong(self.tr("Enter the name and choose what the person does"))
            return
        secret = self._given(self._new)
        if secret is None:
            return
        machine, role = self._desk.machine, Role(str(chosen.property("role_of")))
        said = self.tr("%1 can unlock this machine now").replace("%1", name)
        self._do(lambda: add_person(machine, name, role, secret), lambda _person: self._load(said))

    def _change_mine(self) -> None:
        secret = self._given(self._mine)
        if secret is not None:
            machine = self._desk.machine
            self._do(
                lambda: change_secret(machine, secret),
                lambda _none: self._load(self.tr("Your new key holds from now on")),
            )

    def _revoke(self, person: PersonId) -> None:
        machine = self._desk.machine
        self._do(lambda: revoke_person(machine, person), lambda _none: self._load())

    def _renew(self, person: PersonId) -> None:
        machine = self._desk.machine
        self._do(lambda: renew_person(machine, person, None), lambda _none: self._load())

    def _take(self, person: PersonId) -> None:
        machine = self._desk.machine

        def took(count: int) -> None:
            self._desk.changed()
            self._load(self.tr("You hold %1 more dossiers").replace("%1", str(count)))

        self._do(lambda: take_over(machine, person), took)

    def _ward(self, has_ward_key: bool) -> None:
        heading(self.content, self.tr("The ward's recovery key"))
        said = (
            self.tr("Set. Two officers of the ward together can open this machine when a key is forgotten.")
            if has_ward_key
            else self.tr(
                "Not set. When a key is forgotten, only a backup helps. Ask the ward for its public recovery file."
            )
        )
        self.content.addWidget(label(said, name="wardSaid"))
        self.add_row(
            button(self.tr("Choose the ward's file"), self._set_ward, name="setWard", icon="folder_open"), None
        )

    def _set_ward(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose the ward's file"))
        if path:
            machine = self._desk.machine
            self._do(lambda: set_ward_key(machine, Path(path)), self._ward_set)

    def _ward_set(self, ward: WardKey) -> None:
        digits = " ".join(ward.fingerprint[place : place + 4] for place in range(0, 32, 4))
        said = self.tr("The officers of %1 can open this machine together").replace("%1", ward.ward)
        self._load(said, self.tr("Compare with the ward's paper: %1").replace("%1", digits))

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save the log for an inspector"), "bnhelper-log.jsonl")
        if path:
            machine = self._desk.machine
            self._do(lambda: export_log(machine, Path(path)), self._exported)

    def _exported(self, done: Exported) -> None:
        said = self.tr("%1 deeds written").replace("%1", str(done.links))
        self._load(said, f"{done.log.name}, {done.key.name}")

    def _bundle(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Make the file for support"), "bnhelper-support.zip")
        if path:
            machine, clock = self._desk.machine, self._desk.clock
            self._do(lambda: make_support_bundle(Path(path), machine.places, clock, machine), self._bundled)

    def _bundled(self, done: Bundle) -> None:
        self._load(self.tr("Written. It holds:"), ", ".join(name for name, _size in done.entries))

    def _do(self, work: Callable[[], Result], then: Callable[[Result], object]) -> None:
        self._desk.work.run(work, owner=self).then(then).on_trouble(lambda wrong: tell(self.content, wrong))


def make(desk: Desk, _route: PeoplePage) -> PeopleScreen:
    return PeopleScreen(desk)
