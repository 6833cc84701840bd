"""What every presenter is given: the open machine, the ways to work, to go and to send."""

from collections.abc import Callable
from dataclasses import dataclass

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.clock import Clock
from bnhelper.settings import Settings
from sync.runner import Runner
from ui.presenters.routes import Navigator
from ui.presenters.work import Work


@dataclass(slots=True)
class Desk:
    """Built once by `ui/app.py` after unlocking and handed down; nothing in it is global.

    `language` answers "vi" or "en" at the time of asking. `changed` is called by a presenter after it wrote
    something that the frame shows (the badge counts the outbox again, the runner wakes for new work).
    """

    machine: OpenMachine
    work: Work
    navigator: Navigator
    runner: Runner
    settings: Settings
    clock: Clock
    language: Callable[[], str]
    changed: Callable[[], None]
