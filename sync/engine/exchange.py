"""Base of every exchange: a generator of orders fed with reports, so that its state is where it stands.

An exchange is plain code that yields an order and receives its report; no socket, file, clock or sleep inside.
It ends with a verdict. A report out of turn cannot happen: there is one report for one order.
"""

from collections.abc import Generator
from typing import TypeVar

from sync.engine.orders import Send
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.engine.verdicts import Stop, stop_for_stranger

Outcome = TypeVar("Outcome")
Exchange = Generator[Send, Report, Outcome]


def ask(order: Send) -> Generator[Send, Report, Answered]:
    """Yield one order and return the province's own answer. Raises Stop when there is none.

    Network trouble counts against no item: it closes the gate for everybody.
    """
    report = yield order
    match report:
        case Answered():
            return report
        case NotTheProvince():
            raise stop_for_stranger(report)
        case Silent(reason=reason):
            raise Stop.offline(reason)
