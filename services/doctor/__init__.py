"""Is this installation well: what `loadlens doctor` looks at."""

from services.doctor.check import Check, Unwell
from services.doctor.examination import examine, examine_for, opened

__all__ = ["Check", "Unwell", "examine", "examine_for", "opened"]
