"""Signing in on the device, against the real certified provider and our real intake: both roads, and what may go wrong."""

import contextlib
import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.sending import Gate
from bnhelper.paths import Places
from bnhelper.queries.sending_status import sending_status
from bnhelper.store import installation
from bnhelper.vault.keys import KeyFile
from sync import command_line
from sync.engine.orders import Send
from sync.engine.reports import Answered
from sync.engine.verdicts import Stop, Why
from sync.intake import identity
from sync.intake.oidc import Issuer
from sync.intake.station import address
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from sync.session import Session
from sync.sign_in import NotThisAccount, SignIn, SignInStopped
from sync.transport.enrolment import SignInNeeded, enrol
from sync.transport.https import HttpsTransport
from sync.transport.identity_provider import DeviceCode, SignInRefused
from sync.transport.loopback import ClosingPage
from tests import factories
from tests.fakes.clock import FixedClock
from tests.sync.conftest import RunningIntake, running
from tests.sync.courier_world import locked, states
from tests.sync.provider import Person, provider

pytestmark = pytest.mark.net

_PAGE = ClosingPage("vi", "Đã đăng nhập", "Quay lại bnhelper.")


class World:
    """One provider, one intake that trusts it, one machine."""

    def __init__(self, folder: Path, intake: RunningIntake, issuer: str) -> None:
        self.folder = folder
        self.intake = intake
        self.issuer = issuer
        self.machine = factories.machine(folder / "device", intake.clock)
        self.session = Session(Keeper(self.machine))
        self.address = address(intake.site, intake.url).to_text()

    def by_browser(self, person: Person, *, machine: OpenMachine | None = None, session: Session | None = None) -> None:
        def open_browser(url: str) -> None:
            threading.Thread(target=person.open, args=[url], daemon=True).start()

        machine, session = machine or self.machine, session or self.session
        where = "" if machine.profile.province is not None else self.address
        SignIn(Keeper(machine), session, where).in_browser(open_browser, _PAGE)

    def ask(self, session: Session | None = None) -> Answered:
        """Ask the intake who we are; return what it said. Raises Stop."""
        transport = HttpsTransport(
            self.intake.url, device=self.machine.profile.device, authority=(session or self.session).authority()
        )
        try:
            report = transport.perform(Send("GET", "/v1/me"))
        finally:
            transport.close()
        assert isinstance(report, Answered), report
        return report

    def reopened(self) -> OpenMachine:
        """The machine once more, after its store was shut."""
        folder = self.folder / "device"
        return unlock_machine(
            Places(folder / "data"), KeyFile(folder / "key"), library=Library.shipped(), clock=self.intake.clock
        )

    def restarted(self) -> Session:
        """The program was started anew: nothing but what was kept is known."""
        return Session(Keeper(self.machine))

    def round(self) -> Runner:
        runner = Runner(Keeper(self.machine), Pace(idle_s=60), session=self.session)
        ended = threading.Event()
        runner.subscribe(lambda now: ended.set() if now.round else None)
        runner.start()
        assert ended.wait(60)
        runner.stop()
        return runner

    def secrets(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(Keeper(self.machine).session() or b"{}")
        return found

    def take_back(self) -> None:
        """The provider's own revocation: what an administrator does to a lost laptop."""
        form = {"client_id": "bnhelper", "token": str(self.secrets()["refresh"])}
        requests.post(f"{self.issuer}/token/revocation", form, timeout=30).raise_for_status()


Make = Callable[..., World]


@pytest.fixture(scope="module")
def issuer_with() -> Iterator[Callable[..., str]]:
    """Give the issuer of a provider with these settings, started once."""
    with contextlib.ExitStack() as open_things:
        known: dict[str, str] = {}

        def found(**said: object) -> str:
            name = json.dumps(said, sort_keys=True)
            if name not in known:
                known[name] = open_things.enter_context(provider(**said))
            return known[name]

        yield found


@pytest.fixture
def make(tmp_path: Path, issuer_with: Callable[..., str]) -> Iterator[Make]:
    with contextlib.ExitStack() as open_things:

        def made(**said: object) -> World:
            url = issuer_with(**said)
            issuer = Issuer(url, "urn:bnhelper:intake", must_prove=True)
            intake = open_things.enter_context(running(tmp_path / "intake", issuer=issuer))
            world = World(tmp_path, intake, url)
            open_things.callback(world.machine.close)
            return world

        yield made


def test_a_person_signs_in_in_the_browser_and_a_dossier_is_received(make: Make) -> None:
    world = make()
    locked(world.machine, factories.png(30, extra=b"s" * 400_000))
    with pytest.raises(SignInNeeded):
        enrol(world.address, device=world.machine.profile.device, public_key={}, name="Đạt")
    world.by_browser(Person("dat"))
    state = world.session.state()
    assert state is not None
    assert (state.name, state.has_ended) == ("Người dùng dat", False)
    me = world.ask()
    assert (me.status, json.loads(me.body)["device"]) == (200, world.machine.profile.device)
    assert world.round().snapshot().outcome == "sent"
    assert states(world.machine) == [OutboxState.PROVED]
    # What was kept serves after a restart, without anybody being asked; nothing of it is in clear text on the disk.
    assert world.ask(world.restarted()).status == 200
    refresh = str(world.secrets()["refresh"]).encode()
    for path in (world.folder / "device").rglob("*"):
        assert not path.is_file() or refresh not in path.read_bytes()


def test_a_code_on_another_device_signs_in_and_stopping_stops(make: Make) -> None:
    world = make()
    seen: list[str] = []

    def on_the_phone(whole_url: str) -> None:
        threading.Thread(target=Person("thanh").open, args=[whole_url], daemon=True).start()

    def show(code: object) -> None:
        seen.append(code.user_code)  # type: ignore[attr-defined]
        on_the_phone(code.whole_url)  # type: ignore[attr-defined]

    SignIn(Keeper(world.machine), world.session, world.address).with_code(show)
    assert len(seen[0]) >= 8
    assert world.ask().status == 200
    stopping = SignIn(Keeper(world.machine), world.session)
    with pytest.raises(SignInStopped):
        stopping.with_code(lambda _code: stopping.stop())
    assert world.ask().status == 200, "a try that was stopped takes nothing away"


def test_a_machine_without_a_screen_signs_in_sends_and_signs_out(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make()
    locked(world.machine)
    world.machine.close()
    device = world.folder / "device"
    genuine = command_line._show_code

    def show(code: DeviceCode) -> None:
        genuine(code)
        threading.Thread(target=Person("thanh").open, args=[code.whole_url], daemon=True).start()

    monkeypatch.setattr(command_line, "_show_code", show)

    def run(*words: str) -> int:
        return command_line.main([*words, "--folder", str(device / "data"), "--key-file", str(device / "key")])

    assert run("sign-in") == 2, "no province is known yet"
    assert "nobody-signs-in" in capsys.readouterr().err
    assert run("sign-in", world.address) == 0
    said = capsys.readouterr().out
    assert "on another device and type in" in said
    assert "signed in: Người dùng thanh" in said
    assert run("run") == 0
    assert "waiting 0, held 0" in capsys.readouterr().out
    assert run("sign-out") == 0
    locked_again = world.reopened()
    locked(locked_again)
    locked_again.close()
    assert run("run") == 1
    assert "waiting 1" in capsys.readouterr().out


def test_refresh_tokens_that_rotate_are_followed_and_a_restart_goes_on_with_the_last(make: Make) -> None:
    world = make(rotates=True, accessTtl=20)  # below the reserve: every request renews
    world.by_browser(Person("dat"))
    before = world.secrets()
    for _ in range(3):
        assert world.ask().status == 200
    after = world.secrets()
    assert after["refresh"] != before["refresh"]
    assert after["key"] == before["key"]
    assert world.ask(world.restarted()).status == 200


@pytest.mark.parametrize("hours", [-1, 1, 24 * 400], ids=["an hour slow", "an hour fast", "more than a year fast"])
@pytest.mark.parametrize("nonce", [False, True], ids=["by their date", "by nonce"])
def test_a_wrong_clock_signs_in_and_sends_all_the_same(make: Make, hours: int, nonce: bool) -> None:
    world = make(nonce=nonce, accessTtl=20)
    now = dt.datetime.now(dt.UTC)
    world.machine.clock = FixedClock(now + dt.timedelta(hours=hours))
    world.by_browser(Person("dat"))
    for session in (world.session, world.restarted()):
        assert world.ask(session).status == 200


def test_a_sign_in_that_was_taken_back_stops_sending_and_nothing_else(make: Make) -> None:
    world = make(accessTtl=20)
    world.by_browser(Person("dat"))
    world.take_back()
    locked(world.machine)
    runner = world.round()
    assert runner.snapshot().outcome == "login"
    assert runner.snapshot().link.gate is Gate.LOGIN
    assert states(world.machine) == [OutboxState.QUEUED], "nothing is lost, nothing is held"
    assert sending_status(world.machine, runner.snapshot().link).waiting == 1
    locked(world.machine)  # work goes on
    state = world.session.state()
    assert state is not None
    assert state.has_ended
    assert Keeper(world.machine).session() is None
    with pytest.raises(Stop) as said:
        world.ask(world.restarted())
    assert said.value.why is Why.LOGIN
    world.by_browser(Person("dat"))
    assert world.round().snapshot().outcome == "sent"
    assert states(world.machine) == [OutboxState.PROVED] * 2


def test_a_provider_that_is_away_ends_no_sign_in(make: Make) -> None:
    world = make(accessTtl=20)
    world.by_browser(Person("dat"))
    province = world.machine.profile.province
    assert province is not None
    assert province.sign_in is not None
    with pytest.raises(Stop) as said:
        world.session.headers({**province.sign_in, "issuer": "http://127.0.0.1:9"}, "GET", world.intake.url)
    assert said.value.why is Why.OFFLINE
    assert world.ask().status == 200


def test_who_does_not_agree_or_has_no_role_is_not_signed_in(make: Make) -> None:
    world = make(role="king")
    with pytest.raises(SignInRefused) as no:
        world.by_browser(Person("dat", agrees=False))
    assert no.value.values["reason"] == "access_denied"
    with pytest.raises(NotThisAccount):
        world.by_browser(Person("dat"))
    assert world.session.state() is None
    assert world.machine.profile.province is None


def test_a_machine_changes_hands_by_its_own_word_only_and_not_once_it_was_shut_out(make: Make) -> None:
    world = make()
    world.by_browser(Person("dat"))
    world.by_browser(Person("thanh"))
    state = world.session.state()
    assert state is not None
    assert state.name == "Người dùng thanh"
    assert world.ask().status == 200
    # Another machine that claims to be this one has not its key.
    thief = factories.machine(world.folder / "thief", world.intake.clock)
    with thief.store.write() as db:
        installation.put(db, "device", world.machine.profile.device)
    thief.profile = type(thief.profile)(world.machine.profile.device, "x", None, None)
    with pytest.raises(NotThisAccount):
        world.by_browser(Person("thief"), machine=thief, session=Session(Keeper(thief)))
    thief.close()
    identity.revoke(world.intake.site, world.machine.profile.device)
    with pytest.raises(NotThisAccount):
        world.by_browser(Person("dat"))


def test_signing_out_forgets_here_and_there(make: Make) -> None:
    world = make()
    world.by_browser(Person("dat"))
    refresh = str(world.secrets()["refresh"])
    province = world.machine.profile.province
    assert province is not None
    assert province.sign_in is not None
    world.session.end(province.sign_in)
    assert Keeper(world.machine).session() is None
    form = {"client_id": "bnhelper", "grant_type": "refresh_token", "refresh_token": refresh}
    assert requests.post(f"{world.issuer}/token", form, timeout=30).json()["error"] == "invalid_grant"
