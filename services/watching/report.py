"""What became of a file, to read beside it."""

from collections.abc import Iterator, Sequence

from services.importing import ImportSummary
from services.readings.quality import remarks
from services.scope import Scope
from services.watching.listing import printable

TOLD = 1000
"""Refused rows, and meters with flaws, in one report."""


def of_import(scope: Scope, summary: ImportSummary, notes: Sequence[str] = ()) -> str:
    """The report of a file that was imported, after notes of how; its times are the facility's."""
    lines = [*notes, *_counts(summary), *_refused(summary), *_quality(scope, summary), *_alerts(summary)]
    return "\n".join(lines) + "\n"


def _counts(summary: ImportSummary) -> Iterator[str]:
    yield f"{printable(summary.file)}: {summary.read:,} rows read in {summary.seconds:.1f} s."
    yield f"  {summary.added:,} added"
    yield f"  {summary.already_there:,} already there"
    yield f"  {summary.changed:,} changed"
    yield f"  {summary.combined:,} combined"
    yield f"  {len(summary.refused):,} refused"
    for title, names in (("devices", summary.new_devices), ("categories", summary.new_categories)):
        if names:
            yield f"New {title}: {', '.join(names)}."


def _refused(summary: ImportSummary) -> Iterator[str]:
    if summary.refused:
        yield "Refused rows:"
        for r in summary.refused[:TOLD]:
            yield f"  {r.sheet}, row {r.row}, {r.column} “{r.value}”: {r.reason}"
    if len(summary.refused) > TOLD:
        yield f"  … and {len(summary.refused) - TOLD:,} more."


def _quality(scope: Scope, summary: ImportSummary) -> Iterator[str]:
    if summary.quality:
        yield "Data quality:"
        for meter in summary.quality[:TOLD]:
            yield from (f"  {remark}" for remark in remarks(meter, scope.timezone))
    if len(summary.quality) > TOLD:
        yield f"  … and {len(summary.quality) - TOLD:,} more meters."


def _alerts(summary: ImportSummary) -> Iterator[str]:
    if summary.alerts:
        yield "New alerts, the worst first:"
        yield from (f"  {alert.message}" for alert in summary.alerts)
