"""A server for clients that speak no tus: PUT /put/NAME and POST /multipart. Keeps the SHA-256 of whole bodies."""

import hashlib
import sys
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_whole: Final[set[str]] = set()


async def _body(request: Request) -> bytes | None:
    """Return the body, or None when it did not come whole."""
    try:
        body = await request.body()
    except ClientDisconnect:
        return None
    said = request.headers.get("content-length")
    return body if said is None or int(said) == len(body) else None


async def put(request: Request) -> Response:
    body = await _body(request)
    if body is None:
        return Response(status_code=400)
    _whole.add(hashlib.sha256(body).hexdigest())
    return Response(status_code=201)


async def multipart(request: Request) -> Response:
    body = await _body(request)
    if body is None:
        return Response(status_code=400)
    boundary = b"\r\n--" + request.headers["content-type"].partition("boundary=")[2].encode()
    for part in (b"\r\n" + body).split(boundary):
        _, found, content = part.partition(b"\r\n\r\n")
        if found:
            _whole.add(hashlib.sha256(content).hexdigest())
    return Response(status_code=201)


async def whole(_request: Request) -> Response:
    return JSONResponse(sorted(_whole))


APP = Starlette(
    routes=[
        Route("/put/{name:path}", put, methods=["PUT"]),
        Route("/multipart", multipart, methods=["POST"]),
        Route("/whole", whole),
    ]
)

if __name__ == "__main__":
    uvicorn.run(APP, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", timeout_keep_alive=75)
