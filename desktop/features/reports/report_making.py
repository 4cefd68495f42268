"""From what is chosen to a report with its pages, off the GUI thread."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtGui import QImage

from desktop.features.reports.report_pages import page_images
from desktop.features.reports.report_wording import ReportWording
from desktop.framework.ordering import by_name
from services import readings, reports
from services.progress import Progress
from services.reports import Contents, Kind, Period, ReportRefused, Subject
from services.scope import Scope
from services.settings import Settings

DPI = 144
"""Of the pages on the screen: twice their size on paper is still sharp enough."""
ORDER = ("facility", "category", "device")


@dataclass(frozen=True)
class Choice:
    """``period`` None is the last one that is whole."""

    subject: Subject = reports.FACILITY
    kind: Kind = "month"
    period: Period | None = None


@dataclass(frozen=True, eq=False)
class Report:
    """A report and its pages."""

    contents: Contents
    wording: ReportWording
    pdf: bytes
    pages: list[QImage]
    """At `DPI`."""
    summary: str


@dataclass(frozen=True, eq=False)
class Found:
    """What can be chosen, what is chosen of it, and the report of that."""

    choice: Choice = Choice()
    subjects: tuple[Subject, ...] = ()
    periods: tuple[Period, ...] = ()
    """Those with readings, the latest first."""
    report: Report | None = None
    refusal: str = ""
    """Why there is no report."""


def find(
    scope: Scope, settings: Settings, asked: Choice, wording: ReportWording, progress: Progress
) -> Found:
    """The report that is asked for, or of the nearest to it that there is; empty without readings."""
    span = readings.span(scope)
    if span is None:
        return Found(asked)
    subjects = by_name(reports.subjects(scope), lambda subject: subject.name)
    subjects.sort(key=lambda subject: ORDER.index(subject.kind))
    now = {(subject.kind, subject.id): subject for subject in subjects}
    subject = now.get((asked.subject.kind, asked.subject.id), reports.FACILITY)
    periods = _periods(*span, asked.kind)
    period = asked.period if asked.period in periods else _first_choice(periods, *span)
    choice = Choice(subject, asked.kind, period)
    try:
        report, refusal = _made(scope, settings, subject, period, wording, progress), ""
    except ReportRefused as refused:
        report, refusal = None, str(refused)
    return Found(choice, tuple(subjects), tuple(periods), report, refusal)


def _made(
    scope: Scope,
    settings: Settings,
    subject: Subject,
    period: Period,
    wording: ReportWording,
    progress: Progress,
) -> Report:
    contents = reports.gather(scope, settings, subject, period, progress)
    wording = wording.at(contents.facility.country)
    pdf = reports.as_pdf(contents, wording)
    summary = "\n".join(reports.summary(contents, wording))
    return Report(contents, wording, pdf, list(page_images(pdf, DPI, progress=progress)), summary)


def _periods(first: date, last: date, kind: Kind) -> list[Period]:
    """All months or weeks from the first to the last reading, the latest first."""
    period = reports.period_of(last, kind)
    found = [period]
    while period.start > first:
        period = period.previous
        found.append(period)
    return found


def _first_choice(periods: list[Period], first: date, last: date) -> Period:
    """The last period that is whole, or the latest if none is."""
    whole = reports.last_whole(last, periods[0].kind)
    return whole if whole in periods and whole.start >= first else periods[0]
