"""A ward's machine is found by its announcement, and by nothing else."""

import time
import uuid

import pytest

from sync.transport.announce import announced, found

pytestmark = pytest.mark.net
_LOOPBACK = ["127.0.0.1"]


def _is_found(name: str, *, is_wanted: bool) -> bool:
    """Look around until it is as wanted, for a minute at most: on a busy machine an answer may be late."""
    ends = time.monotonic() + 60
    while (is_there := (name, "127.0.0.1", 8760) in found(3.0, _LOOPBACK)) != is_wanted and time.monotonic() < ends:
        pass
    return is_there


def test_what_is_announced_is_found_and_gone_afterwards() -> None:
    name = f"Phường Kinh Bắc {uuid.uuid4().hex[:8]}"  # another run on this machine announces its own
    try:
        with announced(name, ("127.0.0.1",), 8760, _LOOPBACK):
            assert _is_found(name, is_wanted=True)
    except OSError:
        pytest.skip("no multicast on loopback here")
    assert not _is_found(name, is_wanted=False)
