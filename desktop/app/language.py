"""The language that is shown: one catalogue for the windows and for what services say."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from services.messages import gettext, use_locale


class CatalogueTranslator(QTranslator):
    """Translate Qt's ``tr`` by the catalogue of messages; what is not in it Qt's own translators say."""

    def translate(
        self, _context: str, message: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        """Return the message in the language in use, None where the catalogue has none."""
        translated = gettext(message) if message else ""
        return translated if translated != message else None

    def isEmpty(self) -> bool:
        return False


def use_language(app: QCoreApplication, locale: QLocale) -> bool:
    """Say everything in the language of a locale, and write numbers as it does.

    Return whether there is a catalogue of the language; without one everything is said in English.
    """
    for earlier in app.findChildren(QTranslator):
        app.removeTranslator(earlier)
        earlier.deleteLater()
    if not use_locale(locale.name()):
        return False
    of_qt = QTranslator(app)  # its dialogs and standard buttons
    if of_qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(of_qt)
    app.installTranslator(CatalogueTranslator(app))
    return True
