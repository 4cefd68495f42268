"""The outcome of an import: figures, notes, the data quality of each meter, refused rows and their export."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.features.imports.files import ImportFile
from desktop.features.imports.plan_settings import duration_text
from desktop.framework.formatting import NOTHING, kwh, moment, number, percent
from desktop.framework.record_table import Column, RecordTable, natural
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.importing import ImportSummary, describe_meters
from services.messages import N_, gettext
from services.readings import Finding, MeterQuality, Refusal, describe_clock, remarks, save_refused
from services.tables import guarded


class ImportSummaryModel(SessionViewModel):
    """``shown`` when another file's outcome is shown; ``saved`` with the path of refused rows."""

    shown = Signal()
    saved = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._file: ImportFile | None = None
        self._zone = "UTC"
        self.outcome: ImportOutcome | None = None
        self.refusals: RecordTable[Refusal] = RecordTable([], id, self)
        self.quality: RecordTable[MeterQuality] = RecordTable([], lambda meter: meter.device, self)

    def show(self, file: ImportFile) -> None:
        """Show the outcome of a file that was imported."""
        if file.summary is None:
            return
        self._file = file
        zone = file.chosen[0].mapping.timezone
        self.outcome = describe_import(file.summary, zone)
        self.refusals.reset(refusal_columns(len(file.chosen) > 1), file.summary.refused)
        self._zone = zone
        worst_first = sorted(
            file.summary.quality, key=lambda meter: (-count_flaws(meter), natural(meter.device))
        )
        self.quality.reset(quality_columns(zone), worst_first)
        self.shown.emit()

    def sentences(self, row: int) -> list[str]:
        """Return the findings about the meter in this row of ``quality``, in sentences."""
        return quality_sentences(self.quality.record(row), self._zone) if row >= 0 else []

    @property
    def proposed_name(self) -> str:
        """Return a name for the spreadsheet of refused rows."""
        stem = self._file.path.stem if self._file else ""
        return self.tr("{file} refused rows.xlsx").format(file=stem)

    def save_refused(self, path: str) -> None:
        """Write the refused rows with their own cells, to be corrected and imported again."""
        if self._file is None or self._file.summary is None:
            return
        sheets, summary = [(at.sheet, at.mapping) for at in self._file.chosen], self._file.summary
        self.ask(
            lambda scope: save_refused(scope, Path(path), sheets, summary.refused, summary.quality),
            lambda _done: self.saved.emit(path),
        )

    def refusals_as_text(self) -> str:
        """Return the refused rows under their headings, tab-separated, to be pasted into a spreadsheet."""
        columns = refusal_columns(self._file is not None and len(self._file.chosen) > 1)
        lines = [[column.title for column in columns]]
        lines += [[column.text(refusal) for column in columns] for refusal in self.refusals.records]
        return "\n".join("\t".join(guarded(" ".join(cell.split())) for cell in line) for line in lines)


NAMED_AT_MOST = 6
SET_ASIDE_SHOWN = 3

translate = QCoreApplication.translate


@dataclass(frozen=True)
class ImportOutcome:
    """``figures``: (label, value, what it means); ``notes``: sentences about the period and what is new."""

    headline: str
    figures: list[tuple[str, str, str]]
    notes: list[str]


def describe_import(summary: ImportSummary, zone: str) -> ImportOutcome:
    """Describe what an import did; ``zone`` is the time zone of its moments."""
    return ImportOutcome(_headline(summary), _figures(summary), _notes(summary, zone))


def refusal_columns(several_sheets: bool) -> list[Column[Refusal]]:
    """Return the columns of refused rows, with their sheet where there are several."""
    sheet = Column[Refusal](translate("ImportOutcome", "Sheet"), lambda refusal: refusal.sheet)
    return [
        *([sheet] if several_sheets else []),
        Column(
            translate("ImportOutcome", "Row"),
            lambda refusal: str(refusal.row),  # as a spreadsheet numbers its rows, without separators
            lambda refusal: refusal.row,
            numeric=True,
        ),
        Column(translate("ImportOutcome", "Column"), lambda refusal: refusal.column),
        Column(translate("ImportOutcome", "Value"), lambda refusal: refusal.value),
        Column(translate("ImportOutcome", "Reason"), lambda refusal: refusal.reason),
    ]


def _figures(summary: ImportSummary) -> list[tuple[str, str, str]]:
    figures = [
        (translate("ImportOutcome", "Read"), summary.read, translate("ImportOutcome", "rows in the file")),
        (translate("ImportOutcome", "Added"), summary.added, translate("ImportOutcome", "new readings")),
        (
            translate("ImportOutcome", "Already there"),
            summary.already_there,
            translate("ImportOutcome", "left as they were"),
        ),
        (translate("ImportOutcome", "Changed"), summary.changed, translate("ImportOutcome", "other values")),
        (
            translate("ImportOutcome", "Kept"),
            summary.kept,
            translate("ImportOutcome", "stored values, against the file's"),
        ),
        (
            translate("ImportOutcome", "Refused"),
            len(summary.refused),
            translate("ImportOutcome", "rows that are no reading"),
        ),
        (
            translate("ImportOutcome", "New alerts"),
            len(summary.alerts),
            translate("ImportOutcome", "found in these readings"),
        ),
    ]
    if summary.implausible:
        aside = translate("ImportOutcome", "not plausible: they count nowhere")
        figures.insert(5, (translate("ImportOutcome", "Set aside"), len(summary.implausible), aside))
    if summary.left_out:
        stored = translate("ImportOutcome", "stored under another name")
        figures.insert(5, (translate("ImportOutcome", "Left out"), summary.left_out, stored))
    return [(label, number(count), meaning) for label, count, meaning in figures]


def _headline(summary: ImportSummary) -> str:
    if summary.added or summary.changed:
        template = translate("ImportOutcome", "{file} was imported in {seconds} s.")
    elif summary.already_there:
        template = translate("ImportOutcome", "Nothing new in {file}: its readings were already there.")
    elif summary.left_out:
        template = translate("ImportOutcome", "Nothing of {file} was imported, as you wished.")
    else:
        template = translate("ImportOutcome", "No row of {file} could be imported.")
    return template.format(file=summary.file, seconds=number(summary.seconds, 1))


def _notes(summary: ImportSummary, zone: str) -> list[str]:
    notes = describe_meters(summary.meters, summary.columns_left)
    if summary.combined:
        notes.append(
            translate(
                "ImportOutcome", "Rows of the hour that spring skips, added to the reading after it: {count}."
            ).format(count=number(summary.combined))
        )
    if summary.implausible:
        notes += _notes_on_implausible(summary, zone)
    if summary.utc_offset_minutes is not None:
        notes.append(describe_clock(summary.utc_offset_minutes))
    if summary.start is not None and summary.end is not None:
        first, last = moment(summary.start, zone), moment(summary.end, zone)
        notes.append(
            translate("ImportOutcome", "Readings from {first} to {last}.").format(first=first, last=last)
        )
    if summary.new_devices:
        notes.append(
            translate("ImportOutcome", "New devices: {names}.").format(names=_names(summary.new_devices))
        )
    if summary.new_categories:
        notes.append(
            translate("ImportOutcome", "New categories: {names}.").format(
                names=_names(summary.new_categories)
            )
        )
    return notes


def _notes_on_implausible(summary: ImportSummary, zone: str) -> list[str]:
    """Return the first readings that were set aside, and where all of them are found."""
    template = translate("ImportOutcome", "Set aside: {device}, {date}, {value}. {reason}")
    notes = [
        template.format(
            device=row.device,
            date=moment(row.start, zone),
            value=NOTHING if row.consumption is None else kwh(row.consumption),
            reason=row.reason,
        )
        for row in summary.implausible[:SET_ASIDE_SHOWN]
    ]
    hint = translate("ImportOutcome", "What was set aside is kept, or left out, on the page of its device.")
    return [*notes, hint]


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED_AT_MOST])
    more = len(names) - NAMED_AT_MOST
    return (
        shown
        if more <= 0
        else translate("ImportOutcome", "{names} and {more} more").format(names=shown, more=number(more))
    )


FLAWS: dict[str, str] = {
    "gaps": N_("Missing"),
    "duplicates": N_("Duplicates"),
    "zero_runs": N_("Zero"),
    "negative": N_("Negative"),
    "stuck_runs": N_("Stuck"),
    "outliers": N_("Outliers"),
    "interval_changes": N_("Interval changes"),
}
"""The findings of `MeterQuality`, and the heading over how many readings each concerns."""


def quality_columns(zone: str) -> list[Column[MeterQuality]]:
    """Return the columns of a table with a row for each meter."""
    found = [
        Column(
            gettext(FLAWS[kind]),
            partial(_shown, kind),
            partial(_readings, kind),
            numeric=True,
        )
        for kind in FLAWS
    ]
    return [
        Column(
            translate("QualityTable", "Meter"),
            lambda meter: meter.device,
            lambda meter: natural(meter.device),
        ),
        Column(
            translate("QualityTable", "Interval"),
            lambda meter: duration_text(meter.interval_minutes) if meter.interval_minutes else NOTHING,
            lambda meter: meter.interval_minutes,
            numeric=True,
        ),
        Column(
            translate("QualityTable", "Complete"),
            lambda meter: percent(meter.completeness, 1),
            lambda meter: meter.completeness,
            numeric=True,
        ),
        *found,
    ]


def quality_sentences(meter: MeterQuality, zone: str) -> list[str]:
    """Return the findings about a meter in sentences, the worst first; or that it is sound."""
    return [
        gettext(remark.sentence, **{name: _written(value, zone) for name, value in remark.details.items()})
        for remark in remarks(meter, zone)
    ]


def count_flaws(meter: MeterQuality) -> int:
    """Count the kinds of flaws that were found."""
    return sum(getattr(meter, kind).count > 0 for kind in FLAWS)


def _readings(kind: str, meter: MeterQuality) -> int:
    found: Finding = getattr(meter, kind)
    return found.readings


def _shown(kind: str, meter: MeterQuality) -> str:
    return number(_readings(kind, meter)) if _readings(kind, meter) else NOTHING


def _written(value: str | int | float | datetime, zone: str) -> str:
    if isinstance(value, datetime):
        return moment(value, zone)
    return value if isinstance(value, str) else number(value, 0 if float(value).is_integer() else 1)
