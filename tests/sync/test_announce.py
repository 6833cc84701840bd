"""A ward's machine is found by its announcement, and by nothing else."""

import pytest

from sync.transport.announce import announced, found


def test_what_is_announced_is_found_and_gone_afterwards() -> None:
    loopback = ["127.0.0.1"]
    try:
        with announced("Phường Kinh Bắc", ("127.0.0.1",), 8760, loopback):
            assert ("Phường Kinh Bắc", "127.0.0.1", 8760) in found(1.5, loopback)
    except OSError:
        pytest.skip("no multicast on loopback here")
    assert not found(0.5, loopback)
