"""What can be wrong with a form: the author's faults, each with the place in the form."""

from bnhelper.errors import KnownTrouble


class FormRefused(KnownTrouble):
    """A form we will not run: not XML, too large, too deep, or beyond what the runtime understands.

    `reason` is a short stable word, `place` a path or element name of the form (never an answer).
    """

    code = "form-refused"

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(reason=reason, place=place)


class NoSuchNode(KnownTrouble):
    """An answer for a node this form does not have."""

    code = "no-such-node"

    def __init__(self, path: str) -> None:
        super().__init__(path=path)


class NotARepeat(KnownTrouble):
    """An instance was to be added or removed where the form has no repeat that allows it."""

    code = "not-a-repeat"

    def __init__(self, path: str) -> None:
        super().__init__(path=path)
