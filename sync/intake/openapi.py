"""The contract as OpenAPI 3.1, made from the operations and the wire's models.

`python -m sync.intake.openapi` writes resources/wire/intake.openapi.json anew. That is a change of the contract.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import resources
from sync.intake.contract import OPERATIONS, Operation
from sync.wire.model import Message
from sync.wire.problems import MEDIA_TYPE, Problem

FILE: Final = "wire/intake.openapi.json"
_REFS: Final = "#/components/schemas/{model}"
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_WORDS: Final = {
    400: "not what the contract says",
    401: "nobody we know, or revoked",
    403: "not allowed",
    404: "not here, or somebody else's",
    409: "another state than the caller thinks",
    412: "another version of tus than `Tus-Version`",
    410: "begin anew without a cursor",
    411: "say how long the body is",
    413: "too large",
    415: "not a kind that is taken",
    422: "refused; errors point at the places",
    426: "the program is too old",
    429: "too much at once",
    460: "the bytes are not what their hash says",
    500: "our fault; the same request may come again",
    503: "away for a moment; the same request may come again",
    507: "no room at the moment",
}
_PATTERNS: Final = {
    "dossier": r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    "device": r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    "name": r"^[0-9a-f]{32,64}$",
    "sha256": r"^[0-9a-f]{64}$",
    "kind": r"^visit$",
    "record": r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
}
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "BN-Schema": {"type": "string", "enum": ["1"]},
    "Upload-Length": {"type": "integer", "minimum": 1, "maximum": 16 * 1024 * 1024},
    "Upload-Offset": {"type": "integer", "minimum": 0},
}


def document() -> dict[str, Any]:
    """Return the whole description."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        if one.in_openapi:
            paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bnhelper intake",
            "version": "1",
            "summary": "Dossiers captured off line, brought to the province",
            "description": "Every answer carries BN-Server: intake/1; one without it is not this server's. Refusals are"
            " RFC 9457 problems whose member `retry` says when the same request may succeed. Uploads are tus 1.0.0.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer", "description": "the token of enrolment"}
            },
        },
    }


def _operation(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    parameters = [_in_path(name) for name in re.findall(r"{(\w+)}", one.path)]
    parameters += [
        {"name": name, "in": "header", "required": name in one.headers, "description": words, "schema": _header(name)}
        for name, words in {**one.headers, **one.optional}.items()
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "description": words, "schema": _query(name)}
        for name, words in one.query.items()
    ]
    made: dict[str, Any] = {
        "operationId": f"{one.method.lower()}_{one.handler}",
        "summary": one.summary,
        "parameters": parameters,
        "responses": {str(status): _answer(one, status, schemas) for status in one.answers} | _refusals(one, schemas),
        "security": [] if one.who is None else [{"device": []}],
        "x-roles": ["anybody"] if one.who is None else sorted(one.who),
    }
    if one.body is not None:
        made["requestBody"] = {"required": True, "content": {one.media: {"schema": _schema(one.body, schemas)}}}
    elif one.media != "application/json":
        made["requestBody"] = {
            "required": one.method == "PATCH",
            "content": {one.media: {"schema": {"type": "string", "format": "binary"}}},
        }
    return made


def _in_path(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 10_000}
    if name != "revision":
        schema = {"type": "string", **({"pattern": _PATTERNS[name]} if name in _PATTERNS else {"minLength": 1})}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _header(name: str) -> dict[str, Any]:
    return dict(_HEADERS.get(name, _TEXT))


def _query(name: str) -> dict[str, Any]:
    return (
        {"type": "integer", "minimum": 1, "maximum": 500} if name == "limit" else {"type": "string", "maxLength": 200}
    )


def _answer(one: Operation, status: int, schemas: dict[str, Any]) -> dict[str, Any]:
    model = one.answers[status]
    said: dict[str, Any] = {"description": "nothing new" if status == 304 else "done"}
    if model is not None:
        said["content"] = {"application/json": {"schema": _schema(model, schemas)}}
    elif status in {200, 206} and one.method == "GET":
        kind = "*/*" if one.handler == "blob" else "application/json"
        said["content"] = {kind: {"schema": {}}}
    if one.says:
        said["headers"] = {name: {"schema": _TEXT} for name in one.says}
    return said


def _refusals(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    usual = {500, 503} | ({401, 403, 429} if one.who is not None else set())
    body = {MEDIA_TYPE: {"schema": _schema(Problem, schemas)}}
    return {
        str(status): {"description": _WORDS[status], **({} if one.method == "HEAD" else {"content": body})}
        for status in sorted({*one.problems, *usual})
    }


def _schema(model: type[Message], schemas: dict[str, Any]) -> dict[str, str]:
    if model.__name__ not in schemas:
        made = model.model_json_schema(ref_template=_REFS, mode="validation", by_alias=True)
        schemas.update(made.pop("$defs", {}))
        schemas[model.__name__] = made
    return {"$ref": _REFS.format(model=model.__name__)}


def text() -> str:
    """Return the description as it is kept and served."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(str(resources.resource(FILE))).write_text(text(), encoding="utf-8")
