"""The desk's own rules: deadlines in working days, what a search finds, roles, the look-up's throttle."""

import datetime as dt
import re
from pathlib import Path

import pytest

from bnhelper.clock import SystemClock, to_text
from sync.intake.console import due_words
from sync.intake.console_routes import PAGES
from sync.intake.deadlines import NO_DATE, after_working_days, due_of, reception_due
from sync.intake.desk_card import card_of, number_word, word_rows
from sync.intake.limits import network_of
from sync.intake.lookup import Throttle
from sync.intake.officers_rights import RIGHTS, Officer, Right, Role
from sync.intake.page_words import LANGUAGES, word, words
from sync.intake.station import open_site

_FRIDAY = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


def test_a_dossier_of_friday_is_to_be_received_on_monday() -> None:
    assert reception_due(_FRIDAY) == "2026-11-23T10:00:00.000Z"
    # 24 November 2026 is a holiday.
    assert after_working_days(_FRIDAY, 2).date() == dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("days", "kind", "left"), [(-3, "overdue", 3), (0, "soon", 0), (3, "soon", 1), (6, "later", 3)]
)
def test_a_deadline_is_told_in_working_days(days: int, kind: str, left: int) -> None:
    due = due_of(to_text(_FRIDAY + dt.timedelta(days=days, hours=1)), _FRIDAY)
    assert due is not None
    assert (due.kind, due.days) == (kind, left)


def test_no_published_term_is_no_deadline() -> None:
    assert due_of(NO_DATE, _FRIDAY) is None
    assert due_of(None, _FRIDAY) is None


def test_a_card_keeps_only_the_end_of_an_id_number_and_words_without_marks() -> None:
    answers = {
        "/data/applicant/full_name": "Trần Văn Đức",
        "/data/applicant/id_number": "027190123456",
        "/data/declaration/child/full_name": "TRẦN MINH AN",
    }
    card = card_of(answers, "BN-7K4-M2P")
    assert card.applicant == "Trần Văn Đức"
    assert card.words == {"tran", "van", "duc", "minh", "an", "~654321", "bn7k4m2p"}
    assert {row["word"] for row in word_rows("d", frozenset(), "H05.27-261124-0001")} == {"261124-0001"}


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("H05.27-261124-0001", "261124-0001"),
        ("h05.27-2611", "2611"),
        ("261124-0001", "261124-0001"),
        ("261124-", "261124-"),
        ("Nguyễn-Văn", "nguyen-van"),
    ],
)
def test_a_number_is_one_word_with_its_office_or_without(typed: str, word: str) -> None:
    assert number_word(typed) == word


def test_each_role_may_do_exactly_what_it_is_for() -> None:
    def officer(role: Role, office: str | None) -> Officer:
        return Officer("x", "X", "", role, office)

    assert not officer(Role.AUDITOR, None).may_act_for("09208")
    assert officer(Role.OFFICER, "09208").may_act_for("09208")
    assert not officer(Role.OFFICER, "09208").may_act_for("07210")
    assert not officer(Role.OFFICER, None).may_act_for(None)
    assert officer(Role.PROVINCE, "24").may_act_for(None)
    assert {role for role in Role if Right.ADMINISTER in RIGHTS[role]} == {Role.PROVINCE}


def test_only_the_doors_are_open_and_every_change_is_a_post_of_somebody_who_may() -> None:
    assert {one.path for one in PAGES if one.right is None} == {"/officer/login", "/officer/join/{code}"}
    assert all(
        one.right in {Right.ACT, Right.ADMINISTER, Right.READ} for one in PAGES if one.method == "POST" and one.right
    )
    reading_posts = {one.path for one in PAGES if one.method == "POST" and one.right is Right.READ}
    assert reading_posts == {"/officer/logout", "/officer/password"}


def test_no_page_asks_for_less_than_it_shows_or_does() -> None:
    """Said a second time, by what an address is about: a weaker right in the table alone would pass its own matrix."""
    wants = (
        (r"/officer/accounts", Right.ADMINISTER),
        (r"/officer/dossiers/\{dossier\}/(hold|release)$", Right.ADMINISTER),
        (r"/officer/audit", Right.AUDIT),
        (r"/officer/bundles|.*/slips/", Right.ACT),
    )
    own = ("/officer/login", "/officer/join", "/officer/logout", "/officer/password")
    for one in PAGES:
        if one.path.startswith(own):
            continue
        plain = Right.ACT if one.method == "POST" else Right.READ
        assert one.right is next((right for about, right in wants if re.match(about, one.path)), plain), one.path


def test_one_network_cannot_take_the_look_up_from_the_others() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0], each=(1, 3), all_=(10, 100))
    assert [throttle.allows("192.0.2.1") for _ in range(4)] == [True, True, True, False]
    assert throttle.allows("192.0.2.2")
    now[0] = 1.0
    assert throttle.allows("192.0.2.1")
    assert not throttle.allows("192.0.2.1")
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff") != network_of("2001:db8:0:1::1")
    assert network_of("not an address") == ""


def test_everybody_together_is_bounded_too() -> None:
    throttle = Throttle(lambda: 0.0, each=(1, 5), all_=(1, 10))
    assert sum(throttle.allows(f"192.0.2.{number}") for number in range(50)) == 10


def test_every_word_is_there_in_both_languages() -> None:
    for table in ("words", "states", "look_up", "audit_words", "givers"):
        both = [words(language, table) for language in LANGUAGES]
        assert both[0].keys() == both[1].keys()
        assert all(said.strip() for one in both for said in one.values())
        assert not set(both[0]) & set(dir(dict)), "a template would find the dictionary's own method"
    assert word("audit_words", "something-new", "vi") == "something-new"


@pytest.mark.parametrize(("state", "said"), [("accepted", "no term published"), ("needs_info", "no date set")])
def test_what_has_no_date_says_what_that_means(tmp_path: Path, state: str, said: str) -> None:
    site, _ = open_site(tmp_path / "site", SystemClock())
    try:
        assert due_words(site, NO_DATE, state, "en") == {"kind": "later", "text": said, "day": ""}
        assert due_words(site, None, state, "en") is None
    finally:
        site.close()
