"""Judges a revision before it is kept: whose it is, whether it is whole, and whether its form allows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.catalogue.library import PackMissing
from bnhelper.catalogue.pack import Pack, UnknownProcedure
from bnhelper.clock import province_date
from bnhelper.domain.attachments import MEDIA_TYPES
from bnhelper.forms.judging import Judge
from bnhelper.forms.submission import read_xml
from bnhelper.forms.trouble import FormRefused
from bnhelper.vault.signatures import SignatureDoesNotHold, verify_detached
from sync.intake import packs
from sync.intake.bodies import Body
from sync.intake.desk_card import Card, card_of
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.dossiers import Envelope, File
from sync.wire.model import NotTheContract
from sync.wire.problems import FieldProblem, ProblemCode, Retry
from sync.wire.version import ENVELOPE_SCHEMAS_READ, MAX_BLOBS_PER_DOSSIER

_MOST_ERRORS: Final = 50
_STILL_READ: Final = frozenset(str(one) for one in ENVELOPE_SCHEMAS_READ)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A revision that may be kept."""

    who: Caller
    envelope: Envelope
    body: Body
    signature: str
    remark: str | None  #: of `packs`: the form was not the dossier's own
    card: Card  #: what officers find it by


def still_read(schema: str) -> None:
    """Raise Refused (426) for a schema that is not read any more, or not yet."""
    if schema not in _STILL_READ:
        raise Refused(426, ProblemCode.CLIENT_TOO_OLD)


def judge(site: Site, who: Caller, dossier: str, revision: int, body: Body, signature: str) -> Arrival:
    """Decode a revision once and check it wholly. Raises Refused."""
    return judged(site, who, opened(who, dossier, revision, body.signed, signature), body, signature)


def opened(who: Caller, dossier: str, revision: int, body: bytes, signature: str) -> Envelope:
    """Return the envelope that a device signed and that is the one it says. Raises Refused."""
    try:
        verify_detached(signature, body, [who.public_key])
    except SignatureDoesNotHold as wrong:
        raise Refused(403, ProblemCode.BAD_SIGNATURE) from wrong
    try:
        envelope = Envelope.read(body)
    except NotTheContract as wrong:
        errors = tuple(FieldProblem(pointer=one[:300], code="invalid") for one in wrong.pointers[:_MOST_ERRORS])
        raise Refused(422, ProblemCode.INVALID, Retry.AFTER_EDIT, errors=errors) from wrong
    if (envelope.dossier, envelope.revision, envelope.device) != (dossier, revision, who.device):
        raise Refused(422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/dossier", code="differs"),))
    _files_that_can_be(envelope)
    return envelope


def _files_that_can_be(envelope: Envelope) -> None:
    """Refuse a file of a kind nobody takes, one file that is said to be two, and too many of them. Raises Refused."""
    said: dict[str, File] = {}
    wrong = [
        FieldProblem(pointer=f"/papers/{paper.paper}", code="media-type" if said[file.sha256] == file else "differs")
        for paper in envelope.papers
        for file in paper.files
        if said.setdefault(file.sha256, file) != file or file.media_type not in MEDIA_TYPES
    ]
    if len(said) > MAX_BLOBS_PER_DOSSIER:
        beyond = set(list(said)[MAX_BLOBS_PER_DOSSIER:])
        over = [paper.paper for paper in envelope.papers if beyond & {file.sha256 for file in paper.files}]
        wrong += [FieldProblem(pointer=f"/papers/{name}", code="too-many") for name in over]
    if wrong:
        raise Refused(422, ProblemCode.INVALID, Retry.AFTER_EDIT, errors=tuple(wrong[:_MOST_ERRORS]))


def is_at_hand(site: Site, envelope: Envelope) -> bool:
    """Tell whether the form of an envelope is read already, so that judging it takes well under a millisecond."""
    try:
        return site.library.pack(envelope.pack.version).has_read(envelope.procedure)
    except PackMissing:
        return False


def judged(site: Site, who: Caller, envelope: Envelope, body: Body, signature: str) -> Arrival:
    """Check what an envelope says against its form. Raises Refused."""
    remark, answers = _checked(site, envelope)
    return Arrival(who, envelope, body, signature, remark, card_of(answers, envelope.readable_code))


def _checked(site: Site, envelope: Envelope) -> tuple[str | None, dict[Any, str]]:
    """Check the answers against the very form they were given in, so that a client cannot lie.

    Returns a remark when that form is gone here and the newest one stood in, and the answers. Raises Refused with a
    pointer for each wrong field, or for a pack that this site never published.
    """
    try:
        pack, remark = packs.pack_for(site, envelope.pack.version)
    except PackMissing as wrong:
        raise _unknown_pack(FieldProblem(pointer="/pack/version", code="unknown")) from wrong
    try:
        return remark, _judged_by(site, pack, envelope)
    except Refused as wrong:
        if remark is None:
            raise
        # Its own form is gone. That it does not fit a newer one proves no lie: it waits until this site has its pack.
        raise _unknown_pack(*wrong.problem.errors) from wrong


def _unknown_pack(*errors: FieldProblem) -> Refused:
    """Return what a device keeps a dossier for until the site has its pack: the same bytes may be taken then."""
    return Refused(422, ProblemCode.PACK_UNKNOWN, Retry.LATER, errors=errors)


def _judged_by(site: Site, pack: Pack, envelope: Envelope) -> dict[Any, str]:
    try:
        judge = pack.judge(envelope.procedure)
    except UnknownProcedure as wrong:
        raise Refused(422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/procedure", code="unknown"),)) from wrong
    answers = _answers(envelope, judge)
    day = province_date(site.clock.now())
    try:
        problems = judge.problems(answers, today=lambda: day)
    except FormRefused as wrong:  # more steps than a form may take: nothing to try again, and nobody else's trouble
        said = FieldProblem(pointer="/instance", code="too-complex")
        raise Refused(422, ProblemCode.INVALID, Retry.AFTER_EDIT, errors=(said,)) from wrong
    if problems:
        errors = tuple(FieldProblem(pointer=one.path, code=one.kind) for one in problems[:_MOST_ERRORS])
        raise Refused(422, ProblemCode.INVALID, Retry.AFTER_EDIT, errors=errors)
    return answers


def _answers(envelope: Envelope, judge: Judge) -> dict[Any, str]:
    try:
        return judge.answers(envelope.instance)
    except FormRefused as wrong:
        raise Refused(
            422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/instance", code="not-a-submission"),)
        ) from wrong


def only_what_was_asked(state: str, request: str | None, last: bytes, envelope: Envelope) -> None:
    """Refuse an answer to nothing, and an answer that changes more than the officer asked for.

    `request` is the officer's SupplementRequest as JSON, `last` the envelope that is to be mended.
    """
    asked: Mapping[str, Any] | None = json.loads(request) if request else None
    if state != "needs_info" or asked is None or envelope.answers_request != asked["id"]:
        raise Refused(409, ProblemCode.NOT_ASKED)
    _only(Envelope.read(last), envelope, set(asked["fields"]), set(asked["papers"]))


def may_take_the_place(given_up: bytes, whole: bytes | None, envelope: Envelope) -> None:
    """Refuse a revision in the place of the one before it, of which files never came, if it may not be.

    Its device lost a photo before it went. Where nothing of the dossier was ever whole nobody has seen it; an answer to
    an officer stays one to the same request, and changes no more since the `whole` one than the one given up.
    """
    before = Envelope.read(given_up)
    if envelope.answers_request != before.answers_request:
        raise Refused(409, ProblemCode.NOT_ASKED)
    if whole is not None:
        seen = Envelope.read(whole)
        _only(seen, envelope, *_changes(seen, before))


def _only(before: Envelope, now: Envelope, fields: set[str], papers: set[str]) -> None:
    """Raise Refused where anything else differs."""
    changed, others = _changes(before, now)
    changed, others = changed - fields, others - papers
    if changed or others:
        wrong = [FieldProblem(pointer=path, code="not-asked") for path in sorted(changed)[:_MOST_ERRORS]]
        wrong += [FieldProblem(pointer=f"/papers/{name}", code="not-asked") for name in sorted(others)[:_MOST_ERRORS]]
        raise Refused(422, ProblemCode.NOT_ASKED, errors=tuple(wrong))


def _changes(before: Envelope, now: Envelope) -> tuple[set[str], set[str]]:
    """Return the paths of the answers and the names of the papers that differ."""
    old, new = read_xml(before.instance)[2], read_xml(now.instance)[2]
    papers_before = {paper.paper: paper for paper in before.papers}
    papers_now = {paper.paper: paper for paper in now.papers}
    return (
        {path for path in old | new if old.get(path, "") != new.get(path, "")},
        {name for name in papers_before | papers_now if papers_before.get(name) != papers_now.get(name)},
    )
