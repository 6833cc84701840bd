"""The base of every wire model: reading ignores unknown members, writing emits only declared ones."""

import datetime as dt
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError


class NotTheContract(ValueError):
    """Bytes that are not what the contract says; carries where, never what was there."""

    def __init__(self, pointers: list[str]) -> None:
        self.pointers = pointers
        super().__init__(", ".join(pointers))


class Message(BaseModel):
    """One JSON object of the contract."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=False)

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Return the message in `body` (JSON, UTF-8).

        Raises NotTheContract with JSON pointers; the values are left out, since they may be personal.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError as wrong:
            places = [
                "/" + "/".join(str(step) for step in one["loc"])
                for one in wrong.errors(include_input=False, include_url=False, include_context=False)
            ]
            raise NotTheContract(places) from None

    def write(self) -> bytes:
        """Return the message as JSON, absent members left out."""
        return self.model_dump_json(exclude_none=True).encode("utf-8")


def _aware(instant: dt.datetime) -> dt.datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(dt.UTC)


Instant = Annotated[dt.datetime, AfterValidator(_aware)]
Sha256Text = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
UuidText = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
