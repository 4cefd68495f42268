"""What an import did, in the figures and sentences of its summary."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import moment, number
from desktop.framework.record_table import Column
from services.importing import ImportSummary
from services.readings import Refusal

NAMED_AT_MOST = 6

translate = QCoreApplication.translate


@dataclass(frozen=True)
class ImportOutcome:
    """``figures``: (label, value, what it means); ``notes``: sentences about the period and what is new."""

    headline: str
    figures: list[tuple[str, str, str]]
    notes: list[str]


def outcome(summary: ImportSummary, zone: str) -> ImportOutcome:
    return ImportOutcome(_headline(summary), _figures(summary), _notes(summary, zone))


def refusal_columns(several_sheets: bool) -> list[Column[Refusal]]:
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
    notes = []
    if summary.combined:
        notes.append(
            translate(
                "ImportOutcome", "Rows of the hour that spring skips, added to the reading after it: {count}."
            ).format(count=number(summary.combined))
        )
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


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED_AT_MOST])
    more = len(names) - NAMED_AT_MOST
    return (
        shown
        if more <= 0
        else translate("ImportOutcome", "{names} and {more} more").format(names=shown, more=number(more))
    )
