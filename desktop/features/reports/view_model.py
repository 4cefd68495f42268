"""A report to look at, to save and to print."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPagedPaintDevice

from desktop.features.reports.report import DPI, Choice, Found, Report, find, print_pages
from desktop.framework.tasks import Task
from desktop.framework.view_model import SessionViewModel
from services import reports
from services.accounts import Session
from services.messages import formats
from services.reports import Period, Subject
from services.settings import Settings

__all__ = ["DPI", "ReportsViewModel", "State"]


MAKING, PRINTING = "making", "printing"


class State(StrEnum):
    LOADING = "loading"
    NO_READINGS = "no readings"
    NOTHING = "nothing"
    """No readings of this subject in this period: `ReportsViewModel.refusal` says so."""
    READY = "ready"


class ReportsViewModel(SessionViewModel):
    """Makes the report anew whenever something else is chosen."""

    loaded = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._settings = settings
        self._task: Task | None = None
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
        return self.report is not None and self.report.contents.paper == "us-letter"

    @property
    def subjects(self) -> list[tuple[Subject, str]]:
        """All that a report can be about, in words."""
        return [(subject, self._subject_text(subject)) for subject in self._found.subjects]

    @property
    def periods(self) -> list[tuple[Period, str]]:
        """Those with readings, the latest first, in words."""
        return [(period, self._period_text(period)) for period in self._found.periods]

    def file_name(self, suffix: str) -> str:
        """Return what a file of the report on show is best called."""
        report = self.report
        return reports.file_name(report.contents, suffix) if report else ""

    def choose(self, **changes: object) -> None:
        """Choose another ``subject``, ``kind`` or ``period``."""
        chosen = replace(self.choice, **changes)  # type: ignore[arg-type]
        if chosen != self.choice:
            self.choice = chosen
            self.refresh()

    def refresh(self) -> None:
        """Make the report of what is chosen; one that is under way is stopped."""
        asked = self.choice
        self._task = task = self.ask(
            lambda scope, progress: find(scope, self._settings, asked, progress),
            self._show,
            with_progress=True,
            busy=True,
            name=MAKING,
        )
        task.cancelled.connect(lambda: self._go_back(task))

    def save(self, path: str) -> None:
        """Write the report on show to a file, .pdf or .xlsx."""
        if report := self.report:
            notice = self.tr("Saved: {path}").format(path=path)
            self.start(lambda: reports.save(report.contents, Path(path)), notice=notice)

    def print_on(self, device: QPagedPaintDevice) -> None:
        """Print the report on show."""
        if report := self.report:
            self.start(
                lambda progress: print_pages(report.pdf, device, progress),
                with_progress=True,
                busy=True,
                notice=self.tr("The report was sent to the printer."),
                name=PRINTING,
            )

    def cancel(self) -> None:
        """Stop what is under way; what was on show stays."""
        for name in (MAKING, PRINTING):
            self.cancel_task(name)

    def _show(self, found: Found) -> None:
        self._found, self.choice = found, found.choice
        self.state = State.READY if found.report else State.NOTHING if found.periods else State.NO_READINGS
        self.loaded.emit()

    def _go_back(self, task: Task) -> None:
        """Whoever cancelled stays with the report on show, unless another one was asked for."""
        if task is self._task:
            self.choice = self._found.choice
            self.loaded.emit()

    def _subject_text(self, subject: Subject) -> str:
        if subject.kind == "category":
            return self.tr("Category: {name}").format(name=subject.name)
        return subject.name or self.tr("Whole facility")

    def _period_text(self, period: Period) -> str:
        if period.kind == "month":
            return formats().month(period.start)
        first, last = formats().day(period.start), formats().day(period.end)
        return self.tr("{first} – {last}").format(first=first, last=last)
