"""One answer -> again later, again after login, or held for a person."""

import email.utils
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, TypeVar

from sync.engine.reports import Answered, NotTheProvince
from sync.wire.model import Message, NotTheContract
from sync.wire.problems import MEDIA_TYPE, Problem, ProblemCode, Retry

Read = TypeVar("Read", bound=Message)


class Why(StrEnum):
    """Why an exchange stopped."""

    OFFLINE = "offline"  #: the line; closes the gate, counts against nothing
    CAPTIVE = "captive"  #: not the province; closes the gate, counts against nothing
    CERTIFICATE = "certificate"  #: a certificate that is not valid today; closes the gate, counts against nothing
    BUSY = "busy"  #: the province asked to wait; closes the gate until then
    LOGIN = "login"  #: the province does not know this device any more
    LATER = "later"  #: this item alone, after a while
    HELD = "held"  #: this item needs a person


class Stop(Exception):
    """An exchange that could not be finished."""

    def __init__(self, why: Why, code: str, *, detail: str = "", after_s: int = 0) -> None:
        self.why = why
        self.code = code
        self.detail = detail
        self.after_s = after_s
        super().__init__(why, code)

    @classmethod
    def offline(cls, reason: str) -> Self:
        return cls(Why.OFFLINE, reason)

    @classmethod
    def captive(cls) -> Self:
        return cls(Why.CAPTIVE, "not-the-province")


#: Refusals that no repetition mends (sync.md 11): a person must look.
_HELD: Final = frozenset({400, 403, 409, 411, 413, 415, 422, 426})
#: What a proxy says of what is behind it (RFC 9110 15.6).
_FRONT_DOOR: Final = frozenset({429, 502, 503, 504})
_CODES: Final = frozenset(code.value for code in ProblemCode)
_MOST_OF_A_STRANGER_S: Final = 120
_MOST_S: Final = 3600  #: nobody can ask us to stay away for longer


#: The line cannot be used, whatever is sent over it.
LINE_LOST: Final = frozenset({Why.OFFLINE, Why.CAPTIVE, Why.CERTIFICATE})


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal as far as it can be understood."""

    code: str
    detail: str
    retry: str
    after_s: int


def refusal(answer: Answered) -> Said:
    """Return what an answer of 400 and over says; a body that is no problem document is read by its status."""
    after_s = seconds_to(answer.headers) or 0
    if answer.headers.get("content-type", "").split(";")[0].strip() == MEDIA_TYPE:
        try:
            problem = Problem.read(answer.body)
        except NotTheContract:
            return Said(f"status-{answer.status}", "", "", after_s)
        places = ", ".join(f"{one.pointer} {one.code}".strip() for one in problem.errors[:5])
        detail = places or (problem.detail or "")
        code = problem.code
        if code not in _CODES:  # logs name codes, so only the contract's: any text of a server may hold a name
            code, detail = f"status-{answer.status}", f"{code} {detail}".strip()
        return Said(code, detail, problem.retry, min(_MOST_S, problem.retry_after or after_s))
    return Said(f"status-{answer.status}", "", "", after_s)


def whole_number(text: str) -> int | None:
    """Return the number in a header, or None; "²" counts as a digit for Python and 5,000 digits are no number here."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def seconds_to(headers: Mapping[str, str]) -> int | None:
    """Return the seconds that `Retry-After` asks for, an hour at most; None where it asks for nothing.

    It is a number or a date (RFC 9110, 10.2.3). A date is judged by the answer's own `Date`: this machine's clock may
    be a year off.
    """
    said = headers.get("retry-after", "")
    seconds = whole_number(said)
    if seconds is None:
        try:
            until, now = (email.utils.parsedate_to_datetime(one) for one in (said, headers.get("date", "")))
            seconds = max(0, math.ceil((until - now).total_seconds()))
        except (ValueError, TypeError, OverflowError):
            return None
    return min(_MOST_S, seconds)


def stop_for(answer: Answered) -> Stop:
    """Return the verdict on a refusal."""
    said = refusal(answer)
    if answer.status in {429, 503}:
        return Stop(Why.BUSY, said.code, after_s=max(1, said.after_s or 5))
    if answer.status == 401 or said.retry == Retry.AFTER_LOGIN:
        return Stop(Why.LOGIN, said.code)
    if said.code == ProblemCode.DIGEST_MISMATCH:
        return Stop(Why.LATER, said.code)  # damaged on the way: the same bytes again
    if answer.status in _HELD:
        return Stop(Why.HELD, said.code, detail=said.detail)
    return Stop(Why.LATER, said.code, detail=said.detail, after_s=said.after_s)


def stop_for_stranger(said: NotTheProvince) -> Stop:
    """Return the verdict on an answer that is not the province's own.

    The proxy before a province that is down or busy answers without the province's mark; when it says when to come
    again, that is kept, though never for long: it may be anybody.
    """
    if said.is_out_of_date:
        return Stop(Why.CERTIFICATE, "certificate-date")
    if said.status in _FRONT_DOOR and said.retry_after_s:
        return Stop(Why.BUSY, "front-door", after_s=min(_MOST_OF_A_STRANGER_S, said.retry_after_s))
    if said.status in _FRONT_DOOR - {429}:
        return Stop.offline("front-door")
    return Stop.captive()


def read_as(answer: Answered, message: type[Read]) -> Read:
    """Return the answer's body as a message of the contract; rubbish counts as an answer that may come right."""
    try:
        return message.read(answer.body)
    except NotTheContract as wrong:
        raise Stop(Why.LATER, "rubbish", detail=str(wrong)[:200]) from None
