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
    """Write the refused rows beside the file, where all of its readings stand in one sheet."""
    if not summary.refused:
        return
    # The report names the rows anyway.
    with suppress(LoadlensError):
        taken = [sheet for sheet in preview(scope, filed) if looks_like_readings(sheet.plan)]
        if len(taken) == 1:
            beside = filed.with_name(filed.name + REFUSED)
            save_refused(scope, beside, taken[0].sheet, taken[0].plan, summary.refused, summary.quality)
