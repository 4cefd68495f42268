"""What was looked at, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.errors import LoadlensError
from services.progress import Progress


class Unwell(LoadlensError):
    """What was looked at is not as it should be."""


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, and what was seen or is to be done."""

    name: str
    ok: bool
    sentence: str
    """A template, like that of a `LoadlensError`, to translate."""
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        """The English sentence."""
        return self.sentence.format(**self.details) if self.details else self.sentence


@dataclass(frozen=True)
class Seen:
    """What a look came to that found nothing wrong: a template with its details."""

    sentence: str
    details: Mapping[str, object] = field(default_factory=dict)


def seen(sentence: str, **details: object) -> Seen:
    """All is well there."""
    return Seen(sentence, details)


class Look(Protocol):
    """Looks at one thing; raises `Unwell`, or whatever else a service refuses with, for what is wrong."""

    def __call__(self, progress: Progress) -> Seen:
        """What was seen. Whatever ``progress`` raises goes through."""
