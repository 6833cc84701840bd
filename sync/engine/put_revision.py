"""Sends one envelope and learns what is missing."""

from sync.engine.exchange import Exchange, ask
from sync.engine.orders import Send
from sync.engine.verdicts import Stop, Why, read_as, stop_for
from sync.wire.coding import UNSUPPORTED, ZSTD, packed
from sync.wire.dossiers import RevisionVerdict, content_digest
from sync.wire.version import DIGEST_HEADER, ENVELOPE_SCHEMA, SCHEMA_HEADER, SIGNATURE_HEADER


def put_revision(
    *, dossier: str, revision: int, body: bytes, signature: str, kind: str = ""
) -> Exchange[RevisionVerdict]:
    """Send the sealed bytes of a dossier, or of a record of some `kind`; again is harmless, and asks what is missing.

    Ends with the province's verdict. Raises Stop.
    """
    headers = {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: signature,
        SCHEMA_HEADER: str(ENVELOPE_SCHEMA),
    }
    what = f"records/{kind}" if kind else "dossiers"
    path = f"/v1/{what}/{dossier}/revisions/{revision}"
    plain = Send("PUT", path, {**headers, DIGEST_HEADER: content_digest(body)}, body)
    small = packed(body)
    if small is not None:
        said = {**headers, DIGEST_HEADER: content_digest(small), "Content-Encoding": ZSTD}
        answer = yield from ask(Send("PUT", path, said, small))
        if answer.status == UNSUPPORTED:
            answer = yield from ask(plain)
    else:
        answer = yield from ask(plain)
    if answer.status not in {200, 201}:
        raise stop_for(answer)
    verdict = read_as(answer, RevisionVerdict)
    if (verdict.id, verdict.rev) != (dossier, revision):
        raise Stop(Why.LATER, "about-something-else")
    return verdict
