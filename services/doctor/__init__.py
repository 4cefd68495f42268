"""Is this installation well: what `loadlens doctor` looks at."""

from services.doctor.check import Check, Unwell
from services.doctor.examination import examine, examine_installation

__all__ = ["Check", "Unwell", "examine", "examine_installation"]
