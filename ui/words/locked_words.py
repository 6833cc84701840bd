"""What the lock says about sending: how much waits behind it, and nothing of whom."""

from PySide6.QtCore import QCoreApplication

from bnhelper.domain.sending import SendingKind, SendingStatus
from ui.words.formats import counted


def locked_words(status: SendingStatus) -> str:
    """Return the sentence for a status that was counted as the machine was locked; while it is, nothing is sent."""
    said = []
    if status.failed:
        one = QCoreApplication.translate("Locked", "1 dossier could not be sent.")
        said.append(counted(status.failed, one, QCoreApplication.translate("Locked", "%1 dossiers could not be sent.")))
    dossiers = status.waiting - status.visits
    if dossiers:
        one = QCoreApplication.translate("Locked", "1 dossier waits to be sent, locked on this machine.")
        many = QCoreApplication.translate("Locked", "%1 dossiers wait to be sent, locked on this machine.")
        said.append(counted(dossiers, one, many))
    if status.visits:
        one = QCoreApplication.translate("Locked", "1 outcome of a visit waits to be sent, locked on this machine.")
        many = QCoreApplication.translate("Locked", "%1 outcomes of visits wait to be sent, locked on this machine.")
        said.append(counted(status.visits, one, many))
    if not said and status.kind is not SendingKind.NOT_ENROLLED:
        said.append(QCoreApplication.translate("Locked", "Nothing waits to be sent on this machine."))
    return " ".join(said)
