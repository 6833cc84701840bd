"""The publisher's repository of procedure packs, handed out as it lies: signed by others, so nothing here can forge it.

Below the site's folder, `catalogue/` is what `bnhelper-pack publish` made: `metadata/` and `targets/`. Devices read it
by The Update Framework; a target may be asked for from a byte on (RFC 9110 Range), so a broken line costs little.
"""

import re
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.problems import ProblemCode

FOLDER: Final = "catalogue"
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,120}")
_KEPT: Final = {"metadata": "no-cache", "targets": "public, max-age=86400"}


def routes(site: Site) -> list[Mount]:
    """Return the two folders below /v1/catalogue; anybody may read them, as anybody may read the portal."""
    folder = site.folder / FOLDER

    async def file(request: Request) -> Response:
        kind, name = request.path_params["kind"], request.path_params["name"]
        path = folder / kind / name
        if kind not in _KEPT or not _NAME.fullmatch(name) or not await run_in_threadpool(path.is_file):
            raise Refused(404, ProblemCode.NOT_FOUND)
        return FileResponse(path, media_type="application/octet-stream", headers={"Cache-Control": _KEPT[kind]})

    return [Mount(f"/v1/{FOLDER}", routes=[Route("/{kind}/{name}", file, methods=["GET"])])]
