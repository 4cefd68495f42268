"""Is this installation well: what `loadlens doctor` looks at."""

from services.doctor.check import Check, Unwell
from services.doctor.examination import examine, examine_for, examine_unexpected_ends, opened
from services.doctor.installation import last_unexpected_end

__all__ = [
    "Check",
    "Unwell",
    "examine",
    "examine_for",
    "examine_unexpected_ends",
    "last_unexpected_end",
    "opened",
]
