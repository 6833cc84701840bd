"""A released, certified OpenID provider in a process of its own, and a person who clicks through its pages."""

import contextlib
import json
import re
import subprocess
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
import requests

from tests import peers

_ACTION = re.compile(r'<form[^>]*action="([^"]+)"')
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


class Person:
    """A browser without a window, in which one person signs in and agrees."""

    def __init__(self, name: str, *, agrees: bool = True) -> None:
        self._name = name
        self._agrees = agrees

    def open(self, url: str) -> None:
        """Follow the provider's pages to the end: back to the program, or "you may close this page"."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(url, allow_redirects=False, timeout=120)
            for _ in range(20):
                if answer.is_redirect:
                    answer = session.get(
                        urljoin(answer.url, answer.headers["Location"]), allow_redirects=False, timeout=120
                    )
                elif (form := _ACTION.search(answer.text)) is not None:
                    place = urljoin(answer.url, form[1].replace("&amp;", "&"))
                    if not self._agrees and 'value="consent"' in answer.text:
                        place = f"{place.rpartition('/')[0] if place.endswith('/confirm') else place}/abort"
                        answer = session.get(place, allow_redirects=False, timeout=120)
                        continue
                    said = dict(_HIDDEN.findall(answer.text)) | {"login": self._name, "password": "any"}
                    answer = session.post(place, said, allow_redirects=False, timeout=120)
                else:
                    assert answer.status_code == 200, (answer.status_code, answer.text[:300])
                    return
            raise AssertionError("the provider's pages go round in circles")


@contextlib.contextmanager
def provider(**said: object) -> Iterator[str]:
    """Run the provider; give its issuer. Settings are those at the top of `oidc_provider.mjs`."""
    if peers.node_peers():
        pytest.skip(peers.node_peers())
    with subprocess.Popen(
        peers.node("oidc_provider.mjs", json.dumps(said)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready, port = process.stdout.readline().split()
        assert ready == "READY"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
