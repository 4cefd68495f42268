"""Say why a part of a file is not read, as its format told the process that reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.messages import N_, gettext

REASONS = {
    "unit": N_("It is no energy: {unit}."),
    "beside": N_("Other readings of the file are of the same energy."),
    "direction": N_("Nothing says whether it was taken from the grid or fed in."),
    "hidden": N_("The sheet is hidden."),
    "unread": N_("No readings could be read from this file of the archive."),
}
"""By the key that a reader gives."""


@dataclass(frozen=True)
class Part:
    """A part of a file that is not read: a register, a sheet, a file of an archive."""

    name: str
    why: str
    """A sentence."""


def parts_of(told: Iterable[Mapping[str, str]]) -> tuple[Part, ...]:
    """Return the parts that a reader named."""
    return tuple(
        Part(part["name"], gettext(REASONS[part["why"]], unit=part["unit"] or "?"))
        for part in told
        if part["why"] in REASONS
    )
