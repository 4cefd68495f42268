"""Which reports are made by themselves, and what became of the last ones."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.framework.formatting import NOTHING, short_day
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.view_model import JobViewModel
from services import jobs, reports
from services.accounts import Session
from services.reports import Kind, Made, Schedule, Subject
from services.settings import Settings


class ReportSchedulesViewModel(JobViewModel):
    """``made`` with a title and the files of reports that were made, ``refused`` with why one was not: once,
    however often it is tried again."""

    changed = Signal()
    made = Signal(str, str)
    refused = Signal(str, str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, settings, parent)
        self._troubles = jobs.Troubles()
        self.table: RecordTable[Schedule] = RecordTable(self._columns(), lambda schedule: schedule.id, self)

    @property
    def making(self) -> bool:
        """Whether reports are being made."""
        return self.is_running(jobs.REPORTS.name)

    def refresh(self) -> None:
        self.ask(reports.list_schedules, self._show)

    def add(self, weekly: bool, subject: Subject, suffixes: Sequence[str], folder: str) -> None:
        """Make such reports each week or month from now on, the first at once."""
        every: Kind = "week" if weekly else "month"

        def added() -> None:
            self.refresh()
            self.make_due()

        self.ask(
            lambda scope: reports.add_schedule(scope, every, subject, tuple(suffixes), Path(folder)), added
        )

    def remove(self, row: int) -> None:
        """Make the reports of this row no more."""
        schedule = self.table.record(row)
        self.ask(lambda scope: reports.delete_schedule(scope, schedule.id), self.refresh)

    def make_due(self) -> None:
        """Make the reports that are due, unless that is running."""
        if task := self.run_job(jobs.REPORTS, self._on_made, self._on_failed):
            task.finished.connect(self.changed)

    def _show(self, schedules: list[Schedule]) -> None:
        self.table.show(schedules)
        self.changed.emit()

    def _on_made(self, outcomes: list[Made] | None) -> None:
        outcomes = outcomes or []
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

    def _on_failed(self, sentence: str) -> None:
        if self._troubles.is_new(jobs.REPORTS.name, sentence):
            self.failed.emit(sentence)

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
        return short_day(schedule.through) if schedule.through else NOTHING
