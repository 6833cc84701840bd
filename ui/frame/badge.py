"""The sending badge: prints the one status about sending, and nothing of its own."""

import datetime as dt

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QPushButton

from bnhelper.domain.sending import Gate, SendingKind, SendingStatus
from ui.theme.look import look
from ui.words.formats import clock_time

_LOOK = {
    SendingKind.REFUSED: ("report", "sendfail"),
    SendingKind.SENDING: ("arrow_upward", "sending"),
    SendingKind.OLD: ("warning", "supplement"),
    SendingKind.OFFLINE_WAITING: ("cloud_off", "draft"),
    SendingKind.OFFLINE_CLEAR: ("cloud_off", "draft"),
    SendingKind.WAITING: ("outbox", "ready"),
    SendingKind.CHECKING: ("more_horiz", "sending"),
    SendingKind.ALL_SENT: ("check_circle", "result"),
    SendingKind.NOT_ENROLLED: ("outbox", "draft"),
    SendingKind.PRACTICE: ("info", "draft"),
}


def badge_text(status: SendingStatus, now: dt.datetime) -> str:
    """Return the badge's words (ux.md 2.0, by precedence)."""
    waiting, total = str(status.waiting), str(status.waiting + status.done_today)
    match status.kind:
        case SendingKind.REFUSED if status.is_sending:
            sending = QCoreApplication.translate("Badge", "%1 could not be sent · sending %2 more")
            return sending.replace("%1", str(status.failed)).replace("%2", waiting)
        case SendingKind.REFUSED:
            return QCoreApplication.translate("Badge", "%1 could not be sent").replace("%1", str(status.failed))
        case SendingKind.SENDING:
            said = QCoreApplication.translate("Badge", "Sending %1 of %2")
            return said.replace("%1", str(status.done_today + 1)).replace("%2", total)
        case SendingKind.OLD:
            days = max(1, (now - status.oldest_at).days) if status.oldest_at else 1
            said = QCoreApplication.translate("Badge", "%1 dossiers waiting for %2 days")
            if status.visits:
                said = QCoreApplication.translate("Badge", "%1 waiting for %2 days")
            return said.replace("%1", waiting).replace("%2", str(days))
        case SendingKind.OFFLINE_WAITING:
            return QCoreApplication.translate("Badge", "Offline · %1 waiting").replace("%1", waiting)
        case SendingKind.OFFLINE_CLEAR:
            return QCoreApplication.translate("Badge", "Offline · all sent")
        case SendingKind.WAITING if status.gate is Gate.LOGIN:
            return QCoreApplication.translate("Badge", "%1 waiting · for sign-in").replace("%1", waiting)
        case SendingKind.WAITING:
            return QCoreApplication.translate("Badge", "%1 waiting").replace("%1", waiting)
        case SendingKind.CHECKING:
            return QCoreApplication.translate("Badge", "Checking with the province…")
        case SendingKind.ALL_SENT:
            said = QCoreApplication.translate("Badge", "All sent · %1")
            return said.replace("%1", clock_time(status.acknowledged_at) if status.acknowledged_at else "")
        case SendingKind.NOT_ENROLLED:
            said = QCoreApplication.translate("Badge", "No province yet · %1 on this machine")
            return said.replace("%1", waiting)
        case _:
            return QCoreApplication.translate("Badge", "PRACTICE · nothing is sent")


class Badge(QPushButton):
    """Leads to the sync centre."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("badge")
        self.setIconSize(QSize(18, 18))
        self.kind: SendingKind | None = None
        self._colours = ("", "")

    def show_status(self, status: SendingStatus, now: dt.datetime) -> None:
        """Draw a status that was counted from the outbox a moment ago."""
        icon, role = _LOOK[status.kind]
        text = badge_text(status, now)
        front, back = look.theme[f"{role}Fg"], look.theme[f"{role}Bg"]
        if (self.text(), self._colours) == (f" {text}", (front, back)) and self.kind is status.kind:
            return  # a style sheet of its own is costly to set, and sending tells often
        self.kind, self._colours = status.kind, (front, back)
        self.setText(f" {text}")
        self.setAccessibleName(text)
        self.setIcon(look.icon(icon, f"{role}Fg"))
        self.setStyleSheet(
            f"QPushButton {{ background: {back}; color: {front}; border: 1px solid {front}; border-radius: 14px;"
            " padding: 3px 12px; font-weight: 700; }"
            f" QPushButton:focus {{ border: 3px solid {look.theme['focusIn']}; }}"
        )
