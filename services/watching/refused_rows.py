"""Refused rows of a file that was imported, for whoever mends them."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from services.errors import LoadlensError
from services.importing import ImportSummary, preview
from services.readings import looks_like_readings
from services.readings.refused_rows import save_refused
from services.scope import Scope


def workbook_of_refused(scope: Scope, source: Path, summary: ImportSummary) -> bytes:
    """The refused rows of the file as a workbook; empty where there are none, or none can be written."""
    if not summary.refused:
        return b""
    # The report names the rows anyway.
    with suppress(LoadlensError), TemporaryDirectory(prefix="loadlens-") as private:
        workbook = Path(private) / "refused.xlsx"
        taken = [(p.sheet, p.plan) for p in preview(scope, source) if looks_like_readings(p.plan)]
        save_refused(scope, workbook, taken, summary.refused, summary.quality)
        return workbook.read_bytes()
    return b""
