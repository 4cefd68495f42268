"""Questions about whose readings a file has, which a person has to answer before anything is stored."""

from dataclasses import asdict, dataclass
from typing import Literal

from services.errors import LoadlensError

OnConflict = Literal["replace", "keep", "new"]
"""Readings with other values than the stored ones of their meter replace them, are left out, or are taken for
those of another meter under a new name."""
OnDuplicate = Literal["same", "new", "skip"]
"""Readings that are stored under another name are taken for the same meter's or another's, or left out."""

CONFLICTS = (
    "“{device}” has other values stored at {count} of {common} times: say with --on-conflict replace, keep "
    "or new whether to replace them, to keep them, or that the file's are those of another meter.",
    "“{device}” has other values stored at {count} of {common} times, and {more} more of the file's meters "
    "are like it: say with --on-conflict replace, keep or new whether to replace them, to keep them, or that "
    "the file's are those of other meters.",
)
DUPLICATES = (
    "The readings of “{device}” are those of “{other}”, equal at {count} of {common} times: say with "
    "--on-duplicate same, new or skip whether it is the same meter, another one, or not to be imported.",
    "The readings of “{device}” are those of “{other}”, equal at {count} of {common} times, and {more} more "
    "of the file's meters are stored under other names: say with --on-duplicate same, new or skip whether "
    "they are the same meters, others, or not to be imported.",
)
"""Of one meter, and of the first of several."""


@dataclass(frozen=True)
class Conflict:
    """A meter most of whose stored readings are others than the file's, at ``count`` of ``common`` times."""

    device: str
    count: int
    common: int


@dataclass(frozen=True)
class Duplicate:
    """A meter whose readings are stored as ``other``'s: ``count`` of ``common`` at the same times."""

    device: str
    other: str
    count: int
    common: int


class MeterUnclear(LoadlensError):
    """Nothing tells whose readings these are; ``first`` of the meters in question and how many ``more``."""

    def __init__(self, first: Conflict | Duplicate, more: int) -> None:
        one, several = CONFLICTS if isinstance(first, Conflict) else DUPLICATES
        super().__init__(several if more else one, **asdict(first), more=more)
        self.first = first
        self.more = more
