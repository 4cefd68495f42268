"""The root of every error that a user can be told about."""

from pathlib import Path

from services.file_names import as_text
from services.messages import gettext


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
    """A detail as it may stand in a sentence: a name of a file need not be text."""
    return as_text(detail) if isinstance(detail, str | Path) else detail
