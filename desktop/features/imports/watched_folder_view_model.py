"""The folder whose files are imported without anybody's doing, and what became of the last ones."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.framework.formatting import moment, number
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.tasks import Task, run
from services import jobs
from services.accounts import Session
from services.progress import Progress
from services.settings import Settings
from services.watching import Outcome, forget_folder, printable, set_folder, watched_folder

LAST = 100
"""Outcomes shown."""

Seen = tuple[int, datetime, Outcome]


class WatchedFolderViewModel(QObject):
    """``imported`` with the summaries of what a look into the folder brought."""

    changed = Signal()
    imported = Signal(list)
    failed = Signal(str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._task: Task | None = None
        self._zone = "UTC"
        self._seen = 0
        self.folder: Path | None = None
        self.trouble = ""
        """Why the folder could not be looked into the last time; empty if it could."""
        self.outcomes: RecordTable[Seen] = RecordTable(self._columns(), lambda seen: seen[0], self)

    @property
    def looking(self) -> bool:
        """Whether files of the folder are being imported."""
        return self._task is not None

    def refresh(self) -> None:
        task = run(self._load, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def watch(self, folder: str) -> None:
        """Watch this folder from now on, and look into it at once."""
        task = run(lambda: set_folder(self._session.scope(), Path(folder)), parent=self)
        task.succeeded.connect(self.refresh)
        task.succeeded.connect(self.look)
        task.failed.connect(self.failed)

    def stop(self) -> None:
        """Watch no folder any more."""
        if self._task is not None:
            self._task.cancel()
        task = run(lambda: forget_folder(self._session.scope()), parent=self)
        task.succeeded.connect(self.refresh)
        task.failed.connect(self.failed)

    def look(self) -> None:
        """Import what is whole in the folder; nothing while a look is under way."""
        if self._task is not None:
            return
        self._task = task = run(self._scan, parent=self, with_progress=True)
        task.succeeded.connect(self._take)
        task.failed.connect(self._note_trouble)
        task.finished.connect(self._rest)

    def _load(self) -> tuple[Path | None, str]:
        scope = self._session.scope()
        return watched_folder(scope), scope.timezone

    def _scan(self, progress: Progress) -> list[Outcome]:
        context = jobs.JobContext(self._session.scope(), self._settings)
        return jobs.run_job(jobs.WATCHED_FOLDER, context, progress) or []

    def _show(self, loaded: tuple[Path | None, str]) -> None:
        self.folder, self._zone = loaded
        if self.folder is None:
            self.trouble = ""
        self.changed.emit()

    def _take(self, found: list[Outcome]) -> None:
        self.trouble = ""
        now = datetime.now(UTC)
        for outcome in found:
            self._seen += 1
            self.outcomes.show([(self._seen, now, outcome), *self.outcomes.records[: LAST - 1]])
        self.changed.emit()
        summaries = [outcome.summary for outcome in found if outcome.summary]
        if summaries:
            self.imported.emit(summaries)

    def _note_trouble(self, sentence: str) -> None:
        self.trouble = sentence
        self.changed.emit()

    def _rest(self) -> None:
        self._task = None

    def _columns(self) -> list[Column[Seen]]:
        return [
            Column(self.tr("When"), lambda seen: moment(seen[1], self._zone), lambda seen: seen[0]),
            Column(self.tr("File"), lambda seen: printable(seen[2].file)),
            Column(self.tr("What became of it"), lambda seen: self._in_words(seen[2])),
        ]

    def _in_words(self, outcome: Outcome) -> str:
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
