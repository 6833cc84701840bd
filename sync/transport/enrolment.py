"""Exchanges an invitation for a place at a province."""

from typing import Any, Protocol

from bnhelper.errors import KnownTrouble
from sync.engine.orders import Send
from sync.engine.reports import Answered, Report
from sync.engine.verdicts import refusal
from sync.transport.https import HttpsTransport
from sync.wire.enrolment import MOST_KEYS, EnrolmentAnswer, EnrolmentRequest, Invitation, ServerCard
from sync.wire.model import NotTheContract
from sync.wire.receipt_keys import ReceiptKeys


class InvitationNotValid(KnownTrouble):
    """The text is no invitation, or its code was used or has ended."""

    code = "invitation-not-valid"


class SignInNeeded(KnownTrouble):
    """The text is an address where people sign in, not an invitation with a code."""

    code = "sign-in-needed"


class ProvinceSilent(KnownTrouble):
    """The province cannot be reached now."""

    code = "province-silent"


def enrol(text: str, *, device: str, public_key: dict[str, Any], name: str) -> tuple[Invitation, EnrolmentAnswer]:
    """Enrol this device by an invitation's text; return the invitation and the answer.

    Raises InvitationNotValid, ProvinceSilent, and SignInNeeded for an address without a code. The receipt key of the
    invitation must be among the answer's: whoever sits between this machine and the province cannot put in one of his
    own.
    """
    try:
        invitation = Invitation.from_text(text)
    except ValueError as wrong:
        raise InvitationNotValid from wrong
    if not invitation.code:
        raise SignInNeeded
    transport = HttpsTransport(invitation.url, device=device, certificate_sha256=invitation.certificate_sha256)
    try:
        request = EnrolmentRequest(code=invitation.code, device=device, public_key=public_key, name=name)
        report = transport.perform(
            Send("POST", "/v1/enrolments", {"Content-Type": "application/json"}, request.write())
        )
    finally:
        transport.close()
    if not isinstance(report, Answered):
        raise ProvinceSilent
    if report.status != 201:
        raise InvitationNotValid(reason=refusal(report).code)
    try:
        answer = EnrolmentAnswer.read(report.body)
    except NotTheContract as wrong:
        raise ProvinceSilent from wrong
    if not any(key.get("x") == invitation.receipt_key.get("x") for key in answer.receipt_keys):
        raise InvitationNotValid(reason="other-receipt-key")
    return invitation, answer


class Performs(Protocol):
    """What performs orders over one connection."""

    def perform(self, order: Send) -> Report: ...


def receipt_keys(transport: Performs) -> tuple[dict[str, Any], ...]:
    """Return the keys with which a province signs or signed receipts. Raises ProvinceSilent."""
    published = _published(transport)
    if published is None:
        raise ProvinceSilent
    return published.keys[:MOST_KEYS]


def successions(transport: Performs) -> tuple[str, ...]:
    """Return what vouches for the newer of a province's receipt keys; nothing while it cannot be read."""
    published = _published(transport)
    return () if published is None else published.successions


def _published(transport: Performs) -> ReceiptKeys | None:
    report = transport.perform(Send("GET", "/.well-known/jwks.json"))
    if not isinstance(report, Answered) or report.status != 200:
        return None
    try:
        return ReceiptKeys.read(report.body)
    except NotTheContract:
        return None


def fetch_card(url: str, device: str, certificate_sha256: str | None) -> ServerCard:
    """Ask a province who it is and what it takes. Raises ProvinceSilent."""
    transport = HttpsTransport(url, device=device, certificate_sha256=certificate_sha256)
    try:
        report = transport.perform(Send("GET", "/.well-known/bn-intake"))
    finally:
        transport.close()
    if not isinstance(report, Answered) or report.status != 200:
        raise ProvinceSilent
    try:
        return ServerCard.read(report.body)
    except NotTheContract as wrong:
        raise ProvinceSilent from wrong
