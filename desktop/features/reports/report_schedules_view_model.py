"""Which reports are made by themselves, and what became of the last ones."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.features.reports.report_wording import ReportWording
from desktop.framework.formatting import NOTHING, day
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.tasks import Task, run
from services import jobs, reports
from services.accounts import Session
from services.progress import Progress
from services.reports import Kind, Made, Schedule, Subject
from services.settings import Settings


class ReportSchedulesViewModel(QObject):
    """``made`` with a title and a sentence about reports that were made, ``refused`` about one that was
    not: once, however often it is tried again."""

    changed = Signal()
    made = Signal(str, str)
    refused = Signal(str, str)
    failed = Signal(str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._task: Task | None = None
        self._wording = ReportWording()
        self._troubles = jobs.Troubles()
        self.table: RecordTable[Schedule] = RecordTable(self._columns(), lambda schedule: schedule.id, self)

    @property
    def making(self) -> bool:
        """Whether reports are being made."""
        return self._task is not None

    def refresh(self) -> None:
        task = run(lambda: reports.list_schedules(self._session.scope()), parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def add(self, weekly: bool, subject: Subject, suffixes: Sequence[str], folder: str) -> None:
        """Make such reports each week or month from now on, the first at once."""
        task = run(
            self._add, "week" if weekly else "month", subject, tuple(suffixes), Path(folder), parent=self
        )
        task.succeeded.connect(self.refresh)
        task.succeeded.connect(self.make_due)
        task.failed.connect(self.failed)

    def remove(self, row: int) -> None:
        """Make the reports of this row no more."""
        schedule = self.table.record(row)
        task = run(lambda: reports.delete_schedule(self._session.scope(), schedule.id), parent=self)
        task.succeeded.connect(self.refresh)
        task.failed.connect(self.failed)

    def make_due(self) -> None:
        """Make what is due; nothing while that is under way."""
        if self._task is not None:
            return
        self._task = task = run(self._make_due, parent=self, with_progress=True)
        task.succeeded.connect(self._take)
        task.failed.connect(self._take_failure)
        task.finished.connect(self._rest)

    def _add(self, every: Kind, subject: Subject, suffixes: tuple[str, ...], folder: Path) -> None:
        reports.add_schedule(self._session.scope(), every, subject, suffixes, folder)

    def _make_due(self, progress: Progress) -> list[Made]:
        context = jobs.JobContext(self._session.scope(), self._settings, self._wording.at)
        return jobs.run_job(jobs.REPORTS, context, progress) or []

    def _show(self, schedules: list[Schedule]) -> None:
        self.table.show(schedules)
        self.changed.emit()

    def _take(self, outcomes: list[Made]) -> None:
        files = [path for outcome in outcomes for path in outcome.files]
        if files:
            title = self.tr("A report was made") if len(files) == 1 else self.tr("Reports were made")
            self.made.emit(title, "\n".join(str(path) for path in files[-3:]))
        for outcome in outcomes:
            sentence = str(outcome.refusal) if outcome.refusal else ""
            if self._troubles.is_new(outcome.schedule.id, sentence):
                self.refused.emit(self.tr("A report was not made"), sentence)
        self._troubles.is_new(jobs.REPORTS.name, "")
        if outcomes:
            self.refresh()

    def _take_failure(self, sentence: str) -> None:
        if self._troubles.is_new(jobs.REPORTS.name, sentence):
            self.failed.emit(sentence)

    def _rest(self) -> None:
        self._task = None
        self.changed.emit()

    def _columns(self) -> list[Column[Schedule]]:
        return [
            Column(self.tr("Report of"), self._subject),
            Column(self.tr("Every"), self._every),
            Column(self.tr("As"), self._suffixes),
            Column(self.tr("Last one up to"), self._through),
            Column(self.tr("Folder"), lambda schedule: str(schedule.folder)),
            Column(self.tr("Trouble"), lambda schedule: self._troubles.of(schedule.id)),
        ]

    def _subject(self, schedule: Schedule) -> str:
        return schedule.subject.name or self.tr("Whole facility")

    def _every(self, schedule: Schedule) -> str:
        return self.tr("Month") if schedule.every == "month" else self.tr("Week")

    def _suffixes(self, schedule: Schedule) -> str:
        names = {".pdf": self.tr("PDF"), ".xlsx": self.tr("workbook")}
        return ", ".join(names[suffix] for suffix in schedule.suffixes)

    def _through(self, schedule: Schedule) -> str:
        return day(schedule.through) if schedule.through else NOTHING
