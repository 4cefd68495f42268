"""What became of a file, to read beside it."""

from collections.abc import Iterator

from services.importing import ImportSummary

REFUSALS_TOLD = 1000


def of_import(summary: ImportSummary) -> str:
    """The report of a file that was imported."""
    return "\n".join(_lines(summary)) + "\n"


def _lines(summary: ImportSummary) -> Iterator[str]:
    yield f"{summary.file}: {summary.read} rows read in {summary.seconds:.1f} s."
    yield f"  {summary.added} added"
    yield f"  {summary.already_there} already there"
    yield f"  {summary.changed} changed"
    yield f"  {summary.combined} combined"
    yield f"  {len(summary.refused)} refused"
    for title, names in (("devices", summary.new_devices), ("categories", summary.new_categories)):
        if names:
            yield f"New {title}: {', '.join(names)}."
    if summary.refused:
        yield "Refused rows:"
        yield from (
            f"  Row {r.row}, {r.column} “{r.value}”: {r.reason}" for r in summary.refused[:REFUSALS_TOLD]
        )
    if len(summary.refused) > REFUSALS_TOLD:
        yield f"  … and {len(summary.refused) - REFUSALS_TOLD} more."
    if summary.alerts:
        yield "New alerts, the worst first:"
        yield from (f"  {alert.message}" for alert in summary.alerts)
