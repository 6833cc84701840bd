"""The kiosk's patience, the way of one resident and the price of guessing: on a clock the test moves."""

from ui.presenters.kiosk import ON_ENTRY_S, ON_MENUS_S, WARNING_S, Misses, Patience, Phase, Place, Resident


class _Now:
    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


def test_it_warns_after_the_wait_counts_thirty_seconds_down_and_is_over() -> None:
    now = _Now()
    patience = Patience(now)
    assert patience.look() == (Phase.QUIET, 0), "a kiosk at rest never resets itself"
    patience.begin(ON_MENUS_S)
    now.s += 59.9
    assert patience.look() == (Phase.QUIET, 0)
    now.s += 0.2
    assert patience.look() == (Phase.WARNING, 30)
    now.s += 28.9
    assert patience.look() == (Phase.WARNING, 1)
    now.s += 1.1
    assert patience.look() == (Phase.OVER, 0)


def test_a_touch_extends_it_without_limit() -> None:
    now = _Now()
    patience = Patience(now)
    patience.begin(ON_ENTRY_S)
    for _ in range(25):  # WCAG 2.2.1 asks for at least ten
        now.s += ON_ENTRY_S + WARNING_S - 1
        assert patience.look()[0] is Phase.WARNING
        patience.touched()
        assert patience.look() == (Phase.QUIET, 0)
    patience.rest()
    now.s += 100_000
    assert patience.look() == (Phase.QUIET, 0)


def test_guessing_costs_and_a_slip_that_is_known_costs_nothing() -> None:
    now = _Now()
    misses = Misses(now)
    for _ in range(5):
        assert misses.wait_s() == 0
        misses.missed()
    assert misses.wait_s() == 30
    now.s += 30
    assert misses.wait_s() == 0
    misses.missed()
    assert misses.wait_s() == 30
    now.s += 3600
    for _ in range(5):
        assert misses.wait_s() == 0
        misses.missed()


def test_the_way_goes_forward_back_and_never_in_circles() -> None:
    one = Resident("vi")
    assert (one.place, one.has_touched) == (Place.ATTRACT, False)
    for place in (Place.HOME, Place.LOOK_UP, Place.PHONE):
        one.go(place)
    assert one.wait_s == ON_ENTRY_S
    one.replace(Place.STATUS)
    assert one.trail == [Place.ATTRACT, Place.HOME, Place.LOOK_UP, Place.STATUS]
    one.go(Place.HOME)
    assert (one.trail, one.wait_s) == ([Place.ATTRACT, Place.HOME], ON_MENUS_S)
    one.pages.put("code", "BN-7K4-M2P")
    one.clear()
    assert (one.place, one.pages.get("code"), one.pages.is_over) == (Place.ATTRACT, "", True)
