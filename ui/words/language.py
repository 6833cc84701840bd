"""Loads a language and keeps its bytes alive."""

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

import resources


class Language:
    """The program's language: Vietnamese by default, English is the source."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None
        self._bytes = b""
        self.code = "en"

    def use(self, code: str) -> None:
        """Switch; widgets made before keep their old words until they are made anew."""
        app = QCoreApplication.instance()
        assert app is not None
        if self._translator is not None:
            app.removeTranslator(self._translator)
            self._translator = None
        if code == "vi":
            # QTranslator does not copy what it is given (measured): the bytes must outlive it.
            self._bytes = resources.read_bytes("i18n/bnhelper_vi.qm")
            self._translator = QTranslator()
            self._translator.load(self._bytes)
            app.installTranslator(self._translator)
        QLocale.setDefault(QLocale("vi_VN" if code == "vi" else "en_GB"))
        self.code = code


language = Language()
