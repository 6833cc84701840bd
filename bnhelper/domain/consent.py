"""What a resident may be asked to agree to: one purpose at a time."""

from typing import Final

FILE_DOSSIER: Final = "file_dossier"  #: the purpose without which nothing may be sent
