"""A report to look at, to save and to print."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPagedPaintDevice

from desktop.notices import in_words
from desktop.tasks import Task, run
from desktop.viewmodels.ordering import by_name
from desktop.viewmodels.report_pages import page_images, print_pages
from desktop.viewmodels.report_wording import ReportWording
from services import readings, reports
from services.accounts import Session
from services.progress import Progress
from services.reports import Contents, Kind, Period, ReportRefused, Subject
from services.settings import Settings

DPI = 144
"""Of the pages on the screen: twice their size on paper is still sharp enough."""


class State(StrEnum):
    LOADING = "loading"
    NO_READINGS = "no readings"
    NOTHING = "nothing"
    """No readings of this subject in this period: `ReportsViewModel.refusal` says so."""
    READY = "ready"


@dataclass(frozen=True)
class Choice:
    """``period`` None is the last one that is whole."""

    subject: Subject = reports.FACILITY
    kind: Kind = "month"
    period: Period | None = None


@dataclass(frozen=True)
class Report:
    """A report and its pages."""

    contents: Contents
    wording: ReportWording
    pdf: bytes
    pages: list[QImage]
    """At `DPI`."""
    summary: str


@dataclass(frozen=True)
class _Loaded:
    choice: Choice
    subjects: list[Subject]
    periods: list[Period]
    report: Report | None
    refusal: str


class ReportsViewModel(QObject):
    """Makes the report anew whenever something else is chosen."""

    loaded = Signal()
    busy_changed = Signal(bool)
    progressed = Signal(str, int, int, float)
    told = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._task: Task | None = None
        self._page = _Loaded(Choice(), [], [], None, "")
        self._wording = ReportWording()
        self.choice = Choice()
        self.state = State.LOADING

    @property
    def report(self) -> Report | None:
        """The one on show."""
        return self._page.report

    @property
    def refusal(self) -> str:
        """Why there is none."""
        return self._page.refusal

    @property
    def letter(self) -> bool:
        """Whether the pages are for Letter rather than A4."""
        return self._page.report is not None and self._page.report.wording.paper == "us-letter"

    @property
    def subjects(self) -> list[tuple[Subject, str]]:
        """All that a report can be about, in words."""
        return [(subject, self.name_of(subject)) for subject in self._page.subjects]

    @property
    def periods(self) -> list[tuple[Period, str]]:
        """Those with readings, the latest first, in words."""
        return [(period, self._in_words(period)) for period in self._page.periods]

    def name_of(self, subject: Subject) -> str:
        """A subject in words."""
        if subject.kind == "facility":
            return self.tr("Whole facility")
        return (
            self.tr("Category: {name}").format(name=subject.name)
            if subject.kind == "category"
            else (subject.name)
        )

    def file_name(self, suffix: str) -> str:
        """What a file of the report on show is best called."""
        report = self._page.report
        return reports.file_name(report.contents, report.wording, suffix) if report else ""

    def choose(self, **changes: object) -> None:
        """Another ``subject``, ``kind`` or ``period``."""
        chosen = replace(self.choice, **changes)  # type: ignore[arg-type]
        if chosen != self.choice:
            self.choice = chosen
            self.refresh()

    def refresh(self) -> None:
        """Make the report of what is chosen; one that is under way is stopped."""
        self.cancel()
        self._run(self._load, self.choice).succeeded.connect(self._show)

    def save(self, path: str) -> None:
        """Write the report on show to a file, .pdf or .xlsx."""
        if report := self._page.report:
            task = run(reports.save, report.contents, report.wording, Path(path), parent=self)
            task.succeeded.connect(lambda: self.told.emit(self.tr("Saved: {path}").format(path=path)))
            task.failed.connect(self.failed)

    def print_on(self, device: QPagedPaintDevice) -> None:
        """Print the report on show."""
        if report := self._page.report:
            task = self._run(print_pages, report.pdf, device)
            task.succeeded.connect(lambda: self.told.emit(self.tr("The report was sent to the printer.")))

    def cancel(self) -> None:
        """Stop what is under way; what was on show stays."""
        if self._task is not None:
            self._task.cancel()

    def _run(self, *work: object) -> Task:
        task = run(*work, parent=self, with_progress=True)  # type: ignore[arg-type]
        task.progressed.connect(self.progressed)
        task.failed.connect(self.failed)
        task.finished.connect(lambda: self._rest(task))
        self._task = task
        self.busy_changed.emit(True)
        return task

    def _rest(self, task: Task) -> None:
        if self._task is task:
            self._task = None
            self.busy_changed.emit(False)

    def _load(self, asked: Choice, progress: Progress) -> _Loaded:
        scope = self._session.scope()
        span = readings.span(scope)
        if span is None:
            return _Loaded(asked, [], [], None, "")
        known = reports.subjects(scope)
        ids = {(subject.kind, subject.id): subject for subject in known}
        subject = ids.get((asked.subject.kind, asked.subject.id), reports.FACILITY)
        periods = _periods(*span, asked.kind)
        period = asked.period if asked.period in periods else _first_choice(periods, *span)
        choice = Choice(subject, asked.kind, period)
        ordered = by_name(known, lambda s: s.name)
        ordered.sort(key=lambda s: ("facility", "category", "device").index(s.kind))
        try:
            return _Loaded(choice, ordered, periods, self._make(choice, progress), "")
        except ReportRefused as refusal:
            return _Loaded(choice, ordered, periods, None, in_words(refusal))

    def _make(self, choice: Choice, progress: Progress) -> Report:
        assert choice.period is not None
        scope = self._session.scope()
        contents = reports.gather(scope, self._settings, choice.subject, choice.period, progress)
        wording = self._wording.at(contents.facility.country)
        pdf = reports.as_pdf(contents, wording)
        summary = "\n".join(reports.summary(contents, wording))
        return Report(contents, wording, pdf, list(page_images(pdf, DPI, progress=progress)), summary)

    def _show(self, page: _Loaded) -> None:
        self._page, self.choice = page, page.choice
        self.state = State.READY if page.report else State.NOTHING if page.periods else State.NO_READINGS
        self.loaded.emit()

    def _in_words(self, period: Period) -> str:
        if period.kind == "month":
            return self._wording.month(period.start)
        return self.tr("{first} – {last}").format(
            first=self._wording.day(period.start), last=self._wording.day(period.end)
        )


def _periods(first: date, last: date, kind: Kind) -> list[Period]:
    """All months or weeks from the first to the last reading, the latest first."""
    period = reports.period_of(last, kind)
    found = [period]
    while period.start > first:
        period = period.previous
        found.append(period)
    return found


def _first_choice(periods: list[Period], first: date, last: date) -> Period:
    """The last period that is whole, or the only one that there is."""
    whole = reports.last_whole(last, periods[0].kind)
    return whole if whole in periods and whole.start >= first else periods[0]
