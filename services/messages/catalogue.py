"""Translate messages by the compiled catalogues in ``resources/locale``."""

import gettext as gnu
from pathlib import Path

from services.messages.formats import ENGLISH, Formats

DOMAIN = "loadlens"
LOCALE = Path(__file__).parents[2] / "resources" / "locale"

_translations: gnu.NullTranslations = gnu.NullTranslations()
_formats = Formats()


def use_locale(name: str = ENGLISH) -> bool:
    """Translate and write as this locale does (``de_AT``), in English where there is no catalogue.

    Return whether there is one.
    """
    global _translations, _formats
    _formats = Formats(name)
    _translations = gnu.translation(DOMAIN, LOCALE, languages=[name, _formats.language], fallback=True)
    return isinstance(_translations, gnu.GNUTranslations)


def formats() -> Formats:
    """Return how numbers, days and times are written in the locale in use."""
    return _formats


def gettext(message: str, /, **places: object) -> str:
    """Translate a message and fill in its named places."""
    translated = _translations.gettext(message)
    return translated.format(**places) if places else translated


def ngettext(one: str, many: str, count: int, /, **places: object) -> str:
    """Translate the message for that count, whose place is ``{count}``, and fill in the others."""
    return _translations.ngettext(one, many, count).format(count=_formats.number(count), **places)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a message that is translated later; return it as it is."""
    return message
