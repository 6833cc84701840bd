"""How the server says no: an exception that becomes an RFC 9457 problem."""

from sync.wire.problems import FieldProblem, Problem, ProblemCode, Retry


class Refused(Exception):
    """A request that is refused with a problem document."""

    def __init__(
        self,
        status: int,
        code: ProblemCode,
        retry: Retry = Retry.NEVER,
        *,
        title: str = "",
        errors: tuple[FieldProblem, ...] = (),
        retry_after: int | None = None,
        current: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.headers = headers or {}
        self.problem = Problem(
            title=title or code.value,
            status=status,
            code=code.value,
            retry=retry.value,
            errors=errors,
            retry_after=retry_after,
            current=current,
        )
        super().__init__(status, code)
