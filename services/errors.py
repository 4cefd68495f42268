"""The root of every error that a user can be told about."""

from datetime import date, datetime
from pathlib import Path

from services.file_names import as_text
from services.messages import formats, gettext


class LoadlensError(Exception):
    """A sentence for the user: what is wrong, where, and what to do.

    ``sentence`` is a message of the catalogue with named places, which ``details`` fill in; ``str(error)`` is
    the sentence in the language that is shown.
    """

    def __init__(self, sentence: str, **details: object) -> None:
        details = {name: _readable(detail) for name, detail in details.items()}
        super().__init__(sentence, details)
        self.sentence = sentence
        self.details = details

    def __str__(self) -> str:
        return gettext(self.sentence, **self.details)


def _readable(detail: object) -> object:
    """A detail as it may stand in a sentence: a name of a file need not be text, and days are written."""
    if isinstance(detail, str | Path):
        return as_text(detail)
    if isinstance(detail, datetime):
        return formats().moment(detail)
    return formats().day(detail) if isinstance(detail, date) else detail
