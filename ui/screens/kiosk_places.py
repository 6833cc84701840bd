"""Which screen belongs to which place of a kiosk."""

from collections.abc import Callable, Mapping

from ui.presenters.kiosk import Place
from ui.presenters.kiosk_desk import KioskDesk
from ui.screens.kiosk_case import KioskQuestion
from ui.screens.kiosk_find import KioskFind, KioskResults, KioskTopics
from ui.screens.kiosk_help import KioskCall, KioskStaff
from ui.screens.kiosk_look_up import KioskLookUp, KioskPhone, KioskStatus
from ui.screens.kiosk_page import KioskPage
from ui.screens.kiosk_papers import KioskCode, KioskPapers
from ui.screens.kiosk_start import KioskAttract, KioskHome


def makers() -> Mapping[Place, Callable[[KioskDesk], KioskPage]]:
    """Return what makes each screen."""
    return {
        Place.ATTRACT: KioskAttract,
        Place.HOME: KioskHome,
        Place.TOPICS: KioskTopics,
        Place.FIND: KioskFind,
        Place.RESULTS: KioskResults,
        Place.QUESTION: KioskQuestion,
        Place.PAPERS: KioskPapers,
        Place.CODE: KioskCode,
        Place.LOOK_UP: KioskLookUp,
        Place.PHONE: KioskPhone,
        Place.STATUS: KioskStatus,
        Place.CALL: KioskCall,
        Place.STAFF: KioskStaff,
    }
