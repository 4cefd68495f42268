"""From what is chosen to a report with its pages, for the screen and for printers, off the GUI thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPainter

from desktop.framework.record_table import by_name
from services import readings, reports
from services.messages import N_
from services.progress import Progress, silent
from services.reports import Contents, Kind, Period, ReportRefused, Subject
from services.scope import Scope
from services.settings import Settings

DPI = 144
"""Of the pages on the screen: twice their size on paper is still sharp enough."""
POINTS = 72
FINEST = 300
"""Dots an inch: on paper the eye tells no more apart."""
DRAWING, PRINTING = N_("Drawing the pages"), N_("Printing")

_one_at_a_time = Lock()
"""pdfium is not made for several threads."""
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


def find(scope: Scope, settings: Settings, asked: Choice, progress: Progress) -> Found:
    """Make the report that is asked for, or of the nearest to it that there is; empty without readings."""
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
        report, refusal = _make(scope, settings, subject, period, progress), ""
    except ReportRefused as refused:
        report, refusal = None, str(refused)
    return Found(choice, tuple(subjects), tuple(periods), report, refusal)


def _make(scope: Scope, settings: Settings, subject: Subject, period: Period, progress: Progress) -> Report:
    contents = reports.gather(scope, settings, subject, period, progress)
    pdf = reports.as_pdf(contents)
    summary = "\n".join(reports.summary(contents))
    return Report(contents, pdf, list(page_images(pdf, DPI, progress=progress)), summary)


def _periods(first: date, last: date, kind: Kind) -> list[Period]:
    """Return all months or weeks from the first to the last reading, the latest first."""
    period = reports.period_of(last, kind)
    found = [period]
    while period.start > first:
        period = period.previous
        found.append(period)
    return found


def _first_choice(periods: list[Period], first: date, last: date) -> Period:
    """Return the last period that is whole, or the latest if none is."""
    whole = reports.last_whole(last, periods[0].kind)
    return whole if whole in periods and whole.start >= first else periods[0]


def page_images(pdf: bytes, dpi: int, stage: str = DRAWING, progress: Progress = silent) -> Iterator[QImage]:
    """Yield each page at so many dots an inch. Raises whatever ``progress`` raises."""
    import pypdfium2  # not before there is something to show

    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            progress(stage, number, len(document))
            bitmap = document[number].render(scale=dpi / POINTS, rev_byteorder=True)
            form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBX8888
            # The copy outlives pdfium's memory.
            yield QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, form).copy()
        progress(stage, len(document), len(document))


def print_pages(pdf: bytes, device: QPagedPaintDevice, progress: Progress) -> None:
    """Put the pages that were asked for on whole sheets of paper. Raises whatever ``progress`` raises."""
    dots, wanted = device.logicalDpiX(), device.pageRanges()
    painter = QPainter()
    try:
        for number, image in enumerate(page_images(pdf, min(dots, FINEST), PRINTING, progress), start=1):
            if not wanted.isEmpty() and not wanted.contains(number):
                continue
            if not painter.isActive():
                painter.begin(device)
            else:
                device.newPage()
            sheet = device.pageLayout().fullRect(QPageLayout.Unit.Inch)
            painter.drawImage(QRectF(0, 0, sheet.width() * dots, sheet.height() * dots), image)
    finally:
        painter.end()
