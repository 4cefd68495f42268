"""Refused rows of a file that was filed away, beside it for whoever mends them."""

from contextlib import suppress
from pathlib import Path

from services.errors import LoadlensError
from services.importing import ImportSummary, preview
from services.readings import looks_like_readings
from services.readings.refused_rows import save_refused
from services.scope import Scope

REFUSED = ".refused.xlsx"


def save_beside(scope: Scope, filed: Path, summary: ImportSummary) -> None:
    """Write the refused rows beside the file."""
    if not summary.refused:
        return
    # The report names the rows anyway.
    with suppress(LoadlensError):
        taken = [(p.sheet, p.plan) for p in preview(scope, filed) if looks_like_readings(p.plan)]
        save_refused(scope, filed.with_name(filed.name + REFUSED), taken, summary.refused, summary.quality)
