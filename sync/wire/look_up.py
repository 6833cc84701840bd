"""What the public look-up tells a machine that asks for a slip's code: a state and its date, nothing else."""

from pydantic import Field

from sync.wire.model import Instant, Message


class LookUpAnswer(Message):
    """The body of `GET /t/{token}` for `Accept: application/json`; a 404 is no such dossier."""

    state: str = Field(max_length=40)
    changed_at: Instant
