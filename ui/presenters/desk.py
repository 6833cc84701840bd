"""What every screen is given: the open machine, the ways to work, to go and to send."""

from collections.abc import Callable
from dataclasses import dataclass

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.clock import Clock
from bnhelper.domain.sending import LinkState
from sync.courier import Courier
from sync.runner import Runner
from sync.session import Session
from sync.ward import Ward
from ui.presenters.backup_care import BackupCare
from ui.presenters.overdue_care import OverdueCare
from ui.presenters.routes import Navigator
from ui.presenters.unsaved import Unsaved
from ui.presenters.ward_relay import WardRelay
from ui.presenters.work import Work


@dataclass(slots=True)
class Desk:
    """Built once by `ui/app.py` after unlocking and handed down; nothing in it is global.

    `changed` is called by a screen after it wrote something that the frame shows: the badge counts the outbox
    again, and the runner wakes for new work.
    """

    machine: OpenMachine
    work: Work
    long_work: Work  #: for what takes minutes, so that answers are kept at once meanwhile
    waiting_work: Work  #: for what waits for a person elsewhere; a screen that goes ends it
    serving_work: Work  #: for taking in from neighbours, which lasts until it is stopped
    courier: Courier
    ward: Ward
    relay: WardRelay
    backups: BackupCare
    overdue: OverdueCare
    unsaved: Unsaved
    navigator: Navigator
    runner: Runner
    session: Session
    clock: Clock
    language: str
    changed: Callable[[], object]
    erase_overdue: Callable[[], object]  #: what was put out of sight just now is erased beside everything else
    tell: Callable[[BaseException], object]  #: says a trouble on whatever screen is there

    @property
    def link(self) -> LinkState:
        """Return what the runner knows of the line now."""
        return self.runner.snapshot().link
