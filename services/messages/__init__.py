"""The catalogue of messages: every sentence a person reads, in the language that was chosen.

A message is a whole English sentence with named places, ``"{count} rows were refused."``, and is its own
key (GNU gettext). `gettext` translates it and fills the places in; `N_` marks one that is translated later,
such as the sentence of a registry's entry or of a `LoadlensError`. `services.messages.extract` lists all of
them for translators, and names what stands in the way.
"""

from services.messages.catalogue import N_, formats, gettext, ngettext, use_locale
from services.messages.formats import ENGLISH, NOT_KNOWN, Formats

__all__ = ["ENGLISH", "NOT_KNOWN", "N_", "Formats", "formats", "gettext", "ngettext", "use_locale"]
