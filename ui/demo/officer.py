"""The officer of the demo: a browser without a window, over the officer's own pages."""

import re
from collections.abc import Sequence

import requests

_HIDDEN = re.compile(r'name="(csrf|version)" value="([^"]*)"')


class OfficerBrowser:
    """Logs in and does an officer's deeds by posting the pages' forms."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        page = self._get("/officer/login")
        self._post("/officer/login", {"csrf": _hidden(page)["csrf"], "user": user, "password": password})

    def queue(self) -> list[str]:
        """Return the ids of the dossiers in the queue."""
        return re.findall(r"/officer/dossiers/([0-9a-f-]{36})", self._get("/officer/queue"))

    def act(
        self,
        dossier: str,
        deed: str,
        *,
        note: str = "",
        fields: Sequence[str] = (),
        papers: Sequence[str] = (),
        pdf: bytes | None = None,
    ) -> None:
        """Post one deed's form, as the page has it at this moment."""
        hidden = _hidden(self._get(f"/officer/dossiers/{dossier}"))
        form: list[tuple[str, str]] = [(name, hidden[name]) for name in ("csrf", "version")]
        form += [("note", note)] if note else []
        form += [("fields", one) for one in fields]
        form += [("papers", one) for one in papers]
        files = {"file": ("giay-khai-sinh.pdf", pdf, "application/pdf")} if pdf is not None else None
        self._post(f"/officer/dossiers/{dossier}/{deed}", form, files)

    def page(self, dossier: str) -> str:
        return self._get(f"/officer/dossiers/{dossier}")

    def envelope(self, dossier: str) -> bytes:
        """Return the stored bytes of the newest revision."""
        return self._bytes(f"/officer/dossiers/{dossier}/envelope")

    def file(self, dossier: str, sha256: str) -> bytes:
        """Return one stored file."""
        return self._bytes(f"/officer/dossiers/{dossier}/files/{sha256}")

    def _get(self, path: str) -> str:
        return self._bytes(path).decode("utf-8")

    def _bytes(self, path: str) -> bytes:
        answer = self._session.get(self._url + path, timeout=30)
        answer.raise_for_status()
        return answer.content

    def _post(self, path: str, form: object, files: object = None) -> None:
        answer = self._session.post(self._url + path, data=form, files=files, timeout=60)  # type: ignore[arg-type]
        answer.raise_for_status()


def _hidden(page: str) -> dict[str, str]:
    return dict(_HIDDEN.findall(page))
