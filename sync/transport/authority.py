"""What a request says of its sender: a token of an invitation, or a person's with its proof."""

from collections.abc import Mapping
from typing import Final, Protocol


class Authority(Protocol):
    """Asked for every request, from any thread."""

    def headers(self, method: str, url: str) -> Mapping[str, str]:
        """Return the headers for one request. Raises Stop where there is nothing to say, or not now."""
        ...

    def refused(self, sent: str, answer: Mapping[str, str]) -> bool:
        """Learn from a 401 to `sent`, the Authorization of the request; return whether to ask once more."""
        ...


class Bearer:
    """The token that an invitation was exchanged for; it lasts until the province shuts the device out."""

    def __init__(self, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}

    def headers(self, _method: str, _url: str) -> Mapping[str, str]:
        return self._headers

    def refused(self, _sent: str, _answer: Mapping[str, str]) -> bool:
        return False


class _Anybody:
    def headers(self, _method: str, _url: str) -> Mapping[str, str]:
        return {}

    def refused(self, _sent: str, _answer: Mapping[str, str]) -> bool:
        return False


#: nobody in particular: what may be asked without a name
ANYBODY: Final[Authority] = _Anybody()
