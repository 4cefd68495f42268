"""What a check is, what it looks at, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pymongo.database import Database

from services.errors import LoadlensError
from services.messages import gettext
from services.progress import Progress, silent
from services.scope import Document
from services.settings import Settings


class Unwell(LoadlensError):
    """What was looked at is not as it should be."""


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, and what was seen or is to be done."""

    name: str
    ok: bool
    sentence: str
    """A message, like that of a `LoadlensError`."""
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        """Return the sentence in the language that is shown."""
        return gettext(self.sentence, **self.details)


@dataclass(frozen=True)
class Well:
    """What a check saw that found nothing wrong: a message with its details."""

    sentence: str
    details: Mapping[str, object] = field(default_factory=dict)


def well(sentence: str, **details: object) -> Well:
    """Return that all is well, and what was seen."""
    return Well(sentence, details)


@dataclass(frozen=True)
class Context:
    """What checks look at."""

    settings: Settings
    db: Database[Document] | None
    """None where it does not open."""
    progress: Progress = silent

    @property
    def database(self) -> Database[Document]:
        """Return the open database, for a check that needs one."""
        assert self.db is not None, "only run with an open database"
        return self.db


@dataclass(frozen=True)
class CheckKind:
    """One entry of the registry."""

    name: str
    run: Callable[[Context], Well]
    """Raises `Unwell`, or whatever else a service refuses with, for what is wrong."""
    needs_database: bool = True
    applies: Callable[[Settings], bool] = lambda _settings: True
