"""The consent screen: who answers is asked in words that stay, and what was agreed to is kept as it was said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget

from bnhelper.queries.data_rights import data_rights
from tests import factories
from tests.ui.door import At
from ui.presenters import routes


@pytest.fixture
def at(tmp_path: Path) -> Iterator[At]:
    factories.machine(tmp_path).close()
    made = At(tmp_path)
    made.enter()
    yield made
    made.close()


def test_a_representative_of_a_minor_agrees_by_fields_with_words_that_stay(at: At) -> None:
    assert at.app.desk is not None
    machine = at.app.desk.machine
    dossier = factories.birth_dossier(machine, has_consent=False)
    at.app.window.go(routes.Consent(dossier))
    at.hands.screen("ConsentScreen")
    assert not any(at.hands.has(name) for name in ("representative", "relation", "isForMinor"))
    at.hands.click("giver_representative")
    labels = {one.buddy(): one for one in at.hands.page.findChildren(QLabel) if one.buddy() is not None}
    for name in ("representative", "relation"):
        field = at.hands.find(name, QLineEdit)
        assert labels[field].isVisibleTo(at.hands.page)
        assert field.accessibleName() == labels[field].text() != ""

    at.hands.click("primaryAction")
    assert at.hands.find("trouble", QWidget).accessibleName() == "Enter the representative's name"
    at.hands.type(at.hands.find("representative", QLineEdit), "Trần Văn A")
    at.hands.type(at.hands.find("relation", QLineEdit), "cha")
    at.hands.find("isForMinor", QCheckBox).setChecked(True)
    at.hands.click("primaryAction")
    at.hands.screen("TodayScreen")
    (given,) = data_rights(machine, dossier).consents
    assert (given.given_by, given.representative, given.relation, given.is_for_minor) == (
        "representative",
        "Trần Văn A",
        "cha",
        True,
    )
