"""A report to look at, to save and to print."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPagedPaintDevice

from desktop.features.reports.report_making import DPI, Choice, Found, Report, find
from desktop.features.reports.report_pages import print_pages
from desktop.features.reports.report_wording import ReportWording
from desktop.framework.tasks import Task, run
from services import reports
from services.accounts import Session
from services.progress import Progress
from services.reports import Period, Subject
from services.settings import Settings

__all__ = ["DPI", "ReportsViewModel", "State"]


class State(StrEnum):
    LOADING = "loading"
    NO_READINGS = "no readings"
    NOTHING = "nothing"
    """No readings of this subject in this period: `ReportsViewModel.refusal` says so."""
    READY = "ready"


class ReportsViewModel(QObject):
    """Makes the report anew whenever something else is chosen."""

    loaded = Signal()
    busy_changed = Signal(bool)
    progressed = Signal(str, int, int, float)
    notified = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._task: Task | None = None
        self._wording = ReportWording()
        self._found = Found()
        self.choice = Choice()
        self.state = State.LOADING

    @property
    def report(self) -> Report | None:
        """The one on show."""
        return self._found.report

    @property
    def refusal(self) -> str:
        """Why there is none."""
        return self._found.refusal

    @property
    def letter(self) -> bool:
        """Whether its pages are for Letter rather than A4."""
        return self.report is not None and self.report.wording.paper == "us-letter"

    @property
    def subjects(self) -> list[tuple[Subject, str]]:
        """All that a report can be about, in words."""
        return [(subject, self._name_of(subject)) for subject in self._found.subjects]

    @property
    def periods(self) -> list[tuple[Period, str]]:
        """Those with readings, the latest first, in words."""
        return [(period, self._in_words(period)) for period in self._found.periods]

    def file_name(self, suffix: str) -> str:
        """What a file of the report on show is best called."""
        report = self.report
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
        task = self._follow(run(self._find, self.choice, parent=self, with_progress=True))
        task.succeeded.connect(self._show)
        task.cancelled.connect(lambda: self._go_back(task))

    def save(self, path: str) -> None:
        """Write the report on show to a file, .pdf or .xlsx."""
        if report := self.report:
            task = run(reports.save, report.contents, report.wording, Path(path), parent=self)
            task.succeeded.connect(lambda: self.notified.emit(self.tr("Saved: {path}").format(path=path)))
            task.failed.connect(self.failed)

    def print_on(self, device: QPagedPaintDevice) -> None:
        """Print the report on show."""
        if report := self.report:
            task = self._follow(run(print_pages, report.pdf, device, parent=self, with_progress=True))
            task.succeeded.connect(lambda: self.notified.emit(self.tr("The report was sent to the printer.")))

    def cancel(self) -> None:
        """Stop what is under way; what was on show stays."""
        if self._task is not None:
            self._task.cancel()

    def _follow(self, task: Task) -> Task:
        """Tell how far it is, as it is what goes on now."""
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

    def _find(self, asked: Choice, progress: Progress) -> Found:
        return find(self._session.scope(), self._settings, asked, self._wording, progress)

    def _show(self, found: Found) -> None:
        self._found, self.choice = found, found.choice
        self.state = State.READY if found.report else State.NOTHING if found.periods else State.NO_READINGS
        self.loaded.emit()

    def _go_back(self, task: Task) -> None:
        """Whoever cancelled stays with the report on show, unless another one was asked for."""
        if task is self._task:
            self.choice = self._found.choice
            self.loaded.emit()

    def _name_of(self, subject: Subject) -> str:
        if subject.kind == "category":
            return self.tr("Category: {name}").format(name=subject.name)
        return subject.name or self.tr("Whole facility")

    def _in_words(self, period: Period) -> str:
        if period.kind == "month":
            return self._wording.month(period.start)
        first, last = self._wording.day(period.start), self._wording.day(period.end)
        return self.tr("{first} – {last}").format(first=first, last=last)
