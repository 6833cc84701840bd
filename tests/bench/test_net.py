"""The bad networks in small: everything arrives over every profile, nothing hangs, nothing false is believed."""

import pytest

from tests.bench import net
from tests.bench.netlab.runs import Profile, Ran, has_link, missing

pytestmark = pytest.mark.net


def _judge(found: list[Ran], profiles: list[Profile]) -> None:
    assert {one.profile for one in found} == {one.name for one in profiles}
    for one in found:
        assert one.intact == one.files, one
        assert not one.hung, one
        assert not one.falsely_believed, one


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_profile_in_small_over_an_emulated_link() -> None:
    if has_link():
        pytest.skip(has_link())
    profiles = [net.quick(one) for one in net.PROFILES.values()]
    found, skipped = net.measure(profiles, ["bnhelper"], 4, is_linked=True)
    assert not skipped
    _judge(found, profiles)
    assert all(one.overhead is not None and one.overhead > 0 for one in found)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_without_root_the_faults_alone_are_played_over_loopback() -> None:
    profiles = [net.quick(one) for one in net.PROFILES.values() if not one.needs_link]
    assert {one.name for one in profiles} == {"portal", "503", "reset", "truncate"}
    found, _ = net.measure(profiles[:2], ["bnhelper"], 1, is_linked=False)
    _judge(found, profiles[:2])


def test_a_client_that_claims_what_is_not_there_is_shown_as_such() -> None:
    """The judge can fail: curl believes a captive portal."""
    if missing("curl"):
        pytest.skip(missing("curl"))
    portal = net.quick(net.PROFILES["portal"])
    (ran,), _ = net.measure([portal], ["curl"], 1, is_linked=False)
    assert ran.falsely_believed > 0
    (row,) = net.rows([ran])
    assert (row["what"], row["intact"]) == ("curl:portal", False)
