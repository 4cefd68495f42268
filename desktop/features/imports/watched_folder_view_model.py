"""The watched folder, whose files are imported by themselves, and the outcomes of the last ones."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.framework.formatting import number, short_moment
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.view_model import JobViewModel
from services import jobs
from services.accounts import Session
from services.settings import Settings
from services.watching import Outcome, forget_folder, printable, set_folder, watched_folder

LAST = 100
"""How many outcomes are shown."""

Row = tuple[int, datetime, Outcome]
"""Number, time and outcome of a file."""


class WatchedFolderViewModel(JobViewModel):
    """``imported`` with the summaries of the files that a check of the folder imported."""

    changed = Signal()
    imported = Signal(list)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, settings, parent)
        self._zone = "UTC"
        self._count = 0
        self.folder: Path | None = None
        self.trouble = ""
        """Why the last check of the folder failed; empty if it did not."""
        self.outcomes: RecordTable[Row] = RecordTable(self._columns(), lambda row: row[0], self)

    def refresh(self) -> None:
        self.ask(lambda scope: (watched_folder(scope), scope.timezone), self._show)

    def watch(self, folder: str) -> None:
        """Watch this folder from now on, and check it at once."""

        def check() -> None:
            self.refresh()
            self.check()

        self.ask(lambda scope: set_folder(scope, Path(folder)), check)

    def stop(self) -> None:
        """Watch no folder any more."""
        self.cancel_task(jobs.WATCHED_FOLDER.name)
        self.ask(forget_folder, self.refresh)

    def check(self) -> None:
        """Import the files that are complete, unless a check is running."""
        self.run_job(jobs.WATCHED_FOLDER, self._on_checked, self._on_failed)

    def _show(self, loaded: tuple[Path | None, str]) -> None:
        self.folder, self._zone = loaded
        if self.folder is None:
            self.trouble = ""
        self.changed.emit()

    def _on_checked(self, found: list[Outcome] | None) -> None:
        self.trouble = ""
        now = datetime.now(UTC)
        for outcome in found or []:
            self._count += 1
            self.outcomes.show([(self._count, now, outcome), *self.outcomes.records[: LAST - 1]])
        self.changed.emit()
        summaries = [outcome.summary for outcome in found or [] if outcome.summary]
        if summaries:
            self.imported.emit(summaries)

    def _on_failed(self, sentence: str) -> None:
        self.trouble = sentence
        self.changed.emit()

    def _columns(self) -> list[Column[Row]]:
        return [
            Column(self.tr("When"), lambda row: short_moment(row[1], self._zone), lambda row: row[0]),
            Column(self.tr("File"), lambda row: printable(row[2].file)),
            Column(self.tr("What became of it"), lambda row: self._outcome_text(row[2])),
        ]

    def _outcome_text(self, outcome: Outcome) -> str:
        if outcome.refusal is not None:
            return str(outcome.refusal)
        if outcome.summary is None:
            return ""
        template = self.tr(
            "{added} readings added, {changed} changed, {refused} rows refused, {alerts} alerts"
        )
        if outcome.again:
            template = self.tr(
                "Written since, and read again: {added} readings added, {changed} changed, {refused} rows "
                "refused, {alerts} alerts"
            )
        return template.format(
            added=number(outcome.summary.added),
            changed=number(outcome.summary.changed),
            refused=number(len(outcome.summary.refused)),
            alerts=number(len(outcome.summary.alerts)),
        )
