"""What a `procedure.yaml` must hold before anything else can be said of it: its keys, and what each of them is."""

import re
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, StringConstraints, ValidationError

_Text = StrictStr
_Name = Annotated[StrictStr, StringConstraints(min_length=1)]
_Whole = Annotated[StrictInt, Field(ge=0)]
_SENTENCES: Final = {
    "missing": "is missing",
    "string_type": "must be a text",
    "string_too_short": "is blank",
    "string_pattern_mismatch": "is no code of a procedure, such as 1.004194",
    "int_type": "must be a whole number",
    "greater_than_equal": "must not be below 0",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must hold keys of its own",
    "model_type": "must hold keys of its own",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow")


class _Paper(_Part):
    """A paper; which keys it must have is said by the lints, which name the paper."""

    id: _Name = ""
    name_vi: _Name = ""
    name_en: _Text = ""
    kind: _Text = ""
    originals: _Whole = 0
    copies: _Whole = 0
    when: _Text | dict[str, Any] = ""
    when_vi: _Text = ""
    component_code: _Text = ""
    alternatives: list[dict[str, Any]] = []


class _Fee(_Part):
    amount_vnd: _Whole | None = None
    note_vi: _Text = ""
    channel: _Text = ""
    per: _Text = ""


class _Limit(_Part):
    value: _Whole | None = None
    unit: _Text | None = None
    note_vi: _Text = ""
    cutoff_time: _Text = ""


class _Procedure(_Part):
    code: Annotated[StrictStr, StringConstraints(pattern=r"^\d\.\d{6}$")]
    name_vi: _Name
    documents: list[_Paper]
    fees: list[_Fee]
    name_en: _Text | None = ""
    sector_vi: _Text = ""
    level: _Text = ""
    agency_vi: _Text = ""
    online: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None
    steps: list[_Text] = []
    time_limits: list[_Limit] = []
    results: list[_Text | dict[str, Any]] = []
    legal_basis: list[_Text | dict[str, Any]] = []
    unverified: list[_Text] = []
    conditions_reviewed: StrictBool = False
    verified: StrictBool = False


def faults_of(said: object, place: str) -> list[str]:
    """Return what keeps `said` from being a procedure, one sentence each with the file and the key."""
    if not isinstance(said, dict):
        return [f"{place}: there are no keys (code:, name_vi:, documents: ...)"]
    try:
        _Procedure.model_validate(said)
    except ValidationError as wrong:
        return list(dict.fromkeys(f"{place}: {_key(one['loc'])} {_sentence(one)}" for one in wrong.errors()))
    return []


def _key(path: tuple[str | int, ...]) -> str:
    """Return where it stands, as an author counts: documents 2: kind."""
    parts = [part for part in path if not re.search(r"[\[\]]|^(?:str|dict|int|constrained-)", str(part))]
    said = " ".join(str(part + 1) if isinstance(part, int) else f"{part}" for part in parts)
    return re.sub(r"(\d) (?=\D)", r"\1: ", said)


def _sentence(one: Any) -> str:
    said = _SENTENCES.get(one["type"], one["msg"])
    is_bare = one["type"] == "string_type" and not isinstance(one["input"], (str, list, dict, type(None)))
    return f"{said}: write '{one['input']}' in quotes" if is_bare else said
