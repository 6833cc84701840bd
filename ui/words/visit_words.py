"""How visits are said: reasons, outcomes, where a home stands, who was there when; knows no Qt."""

import datetime as dt
from typing import Final

from bnhelper.clock import PROVINCE_TIME
from bnhelper.domain.visits import Home, Outcome, Reason, Standing, Visit
from bnhelper.queries.visit_list import HomeToVisit
from ui.words import formats

_REASONS: Final = {
    Reason.OVER_70: ("trên 70 tuổi", "over 70"),
    Reason.RESULT: ("trao kết quả", "result to hand over"),
    Reason.SUPPLEMENT: ("cần bổ sung", "supplement needed"),
    Reason.UNKNOWN: ("chưa rõ nhu cầu", "need not known"),
}
_OUTCOMES: Final = {
    Outcome.MET: ("Đã gặp", "Met"),
    Outcome.AWAY: ("Vắng nhà", "Not home"),
    Outcome.LATER: ("Hẹn lại", "Later"),
    Outcome.NO_NEED: ("Không có nhu cầu", "No need"),
    Outcome.UNDONE: ("Bấm nhầm", "Pressed by mistake"),
}
_TODO: Final = ("Cần đến", "To visit")
_NEW: Final = ("mới, chờ đối chiếu", "new, to be compared")
_AGE: Final = ("{} tuổi", "aged {}")
_NUMBER: Final = ("số {}", "no. {}")
_VISITED: Final = ("{who} đã thăm hộ này {when}: {outcome}", "{who} visited this home {when}: {outcome}")


def _in(words: tuple[str, str], language: str) -> str:
    return words[language == "en"]


def reason_word(reason: Reason, language: str) -> str:
    return _in(_REASONS[reason], language)


def outcome_word(outcome: Outcome, language: str) -> str:
    return _in(_OUTCOMES[outcome], language)


def standing_word(standing: Standing, language: str) -> str:
    """Return the word of a tab."""
    return _in(_TODO, language) if standing is Standing.TODO else outcome_word(Outcome(standing.value), language)


def home_name(home: Home, age: int | None, language: str) -> str:
    """Return who lives there, or the house itself: "Nguyễn Thị Hoa, 74 tuổi"."""
    if not home.who:
        return place_words(home, language)
    return home.who if age is None else f"{home.who}, {_in(_AGE, language).format(age)}"


def place_words(home: Home, language: str) -> str:
    """Return "số 12, Ngõ 3"."""
    number = _in(_NUMBER, language).format(home.number) if home.number else ""
    return ", ".join(part for part in (number, home.lane) if part)


def home_detail(one: HomeToVisit, language: str) -> str:
    """Return the smaller line of a row: the house number, why somebody goes there, and what is new about it."""
    number = _in(_NUMBER, language).format(one.home.number) if one.home.number and one.home.who else ""
    reasons = ", ".join(reason_word(reason, language) for reason in one.home.reasons)
    new = _in(_NEW, language) if one.home.is_new else ""
    return " · ".join(part for part in (number, reasons, new) if part)


def visit_sentence(visit: Visit, now: dt.datetime, language: str) -> str:
    """Return "Tuấn đã thăm hộ này lúc 09:10: hẹn lại", with the note."""
    outcome = outcome_word(visit.outcome, language)
    outcome = outcome[:1].lower() + outcome[1:]
    said = _in(_VISITED, language).format(who=visit.by, when=formats.when(visit.at, now, language), outcome=outcome)
    return f"{said}. {visit.note}" if visit.note else said


def code_of(home: Home) -> str:
    """Return the short code that stands for a home on paper: no name, no age, no need."""
    return home.id.replace("-", "")[-6:].upper()


def short_date(instant: dt.datetime) -> str:
    """Return 09/11, in the province."""
    return instant.astimezone(PROVINCE_TIME).strftime("%d/%m")
