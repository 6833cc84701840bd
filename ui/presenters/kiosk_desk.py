"""What every screen of a kiosk is given: the resident's session, the catalogue, the look-up; no key and no store."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock
from ui.presenters.door import Key
from ui.presenters.kiosk import Misses, Place, Resident
from ui.presenters.work import Work

if TYPE_CHECKING:
    from bnhelper.domain.seen_status import SeenStatus
    from bnhelper.domain.sending import SendingStatus


class SlipBoard(Protocol):
    """Statuses of this machine's dossiers by what is on the slip (`bnhelper.queries.status_board`)."""

    def __len__(self) -> int: ...
    def by_token(self, token: str) -> "SeenStatus | None": ...
    def by_code(self, code: str, phone_end: str) -> "SeenStatus | None": ...


class AskProvince(Protocol):
    """The province's public look-up (`sync.transport.look_up`)."""

    def ask(self, token: str) -> "SeenStatus | None":
        """Raises ProvinceSilent."""
        ...

    def stop(self) -> None: ...


class Printing(Protocol):
    """The kiosk's printer: no dialog stands between a resident and their list."""

    def print_html(self, html: str) -> None: ...


@dataclass(slots=True)
class KioskDesk:
    """Built by `ui/kiosk.py` for one resident; the next one gets another."""

    resident: Resident
    work: Work
    line: Work  #: for what waits on the network, so that the catalogue never waits with it
    library: Library
    clock: Clock
    name: str  #: the office, on the first screen
    board: SlipBoard | None
    province: AskProvince | None
    printing: Printing | None
    misses: Misses
    go: Callable[[Place], object]
    replace: Callable[[Place], object]
    back: Callable[[], object]
    kinds: Callable[[Callable[[list[str]], object], object], object]  #: which keys open this machine
    leave: Callable[[Key, Callable[[BaseException], object]], object]  #: an officer ends the kiosk
    behind: Callable[[], "SendingStatus | None"]  #: how sending stood when the machine was locked
    is_cleared: bool = False  #: somebody was here before, and nothing of them is left
    is_ready: bool = False  #: the catalogue is open
    is_resting: bool = False  #: it cannot be opened
    has_network: bool = True

    @property
    def language(self) -> str:
        return self.resident.language

    @property
    def can_look_up(self) -> bool:
        """Tell whether a slip can be asked about at all here, with a network or without."""
        return self.province is not None or bool(self.board)
