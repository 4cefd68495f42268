"""Backups: when they are made by themselves, which there are, and the way back to one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject, Signal

from desktop.framework.formatting import NOTHING, moment
from desktop.framework.messages import in_words
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.tasks import Task, run
from services import accounts, backups, jobs
from services.accounts import Session, SessionExpired
from services.backups import Backup, Description, Made, Schedule, Standing
from services.file_names import as_text
from services.jobs import JobContext
from services.progress import Progress
from services.settings import Settings

SI = QLocale.DataSizeFormat.DataSizeSIFormat


@dataclass(frozen=True)
class _Loaded:
    standing: Standing
    backups: list[Backup]
    proposed: Path
    timezone: str


@dataclass(frozen=True)
class Question:
    """What is asked before a backup replaces the database."""

    path: str
    title: str
    consequence: str
    trust_foreign: bool = False
    """Whether who answers yes trusts a backup that this installation has not written, or not so."""


class BackupViewModel(QObject):
    """``asked`` with a `Question` before a restore; ``made`` and ``refused``, with a title and a sentence,
    tell of the backup that was made by itself or not: the latter once, however often it is tried again."""

    loaded = Signal()
    notified = Signal(str)
    failed = Signal(str)
    busy_changed = Signal(bool)
    progressed = Signal(str, int, int, float)
    asked = Signal(object)
    made = Signal(str, str)
    refused = Signal(str, str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._zone = "UTC"
        self._task: Task | None = None
        self._due: Task | None = None
        self._trouble = ""
        self.may = True
        """Whether this account looks after the database."""
        self.standing: Standing | None = None
        self.proposed = ""
        """Where a backup might go that is made now."""
        self.table: RecordTable[Backup] = RecordTable(self._columns(), lambda backup: backup.path, self)

    @property
    def busy(self) -> bool:
        """Whether a backup is written, read or restored."""
        return self._task is not None

    def refresh(self) -> None:
        task = run(self._load, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def save(self, hour: int, folder: str, **fields: Any) -> None:
        """Make backups so from now on, on this computer; fields of `Schedule`."""
        schedule = Schedule(at=time(hour), folder=Path(folder), **fields)
        task = run(
            lambda: backups.save_schedule(self._session.scope(), self._settings, schedule), parent=self
        )
        off = schedule.every == "off"
        sentence = (
            self.tr("No backup is made by itself any more.") if off else self.tr("The schedule is saved.")
        )
        task.succeeded.connect(lambda: self.notified.emit(sentence))
        task.succeeded.connect(self.refresh)
        task.failed.connect(self.failed)

    def back_up(self, path: str) -> None:
        """Write a backup now."""

        def work(progress: Progress) -> None:
            backups.back_up(self._session.scope(), self._settings, Path(path), progress)

        self._start(work, self.tr("The backup is written and verified: {file}").format(file=path))

    def verify(self, row: int) -> None:
        """Read the backup of this row to its end."""
        path = self.table.record(row).path

        def work(progress: Progress) -> None:
            backups.verify(self._session.scope(), self._settings, path, progress)

        self._start(work, self.tr("{file} is whole.").format(file=as_text(path.name)))

    def ask(self, path: str) -> None:
        """Look into a backup, to ask whether it should be restored."""
        task = run(lambda: backups.describe(self._session.scope(), self._settings, Path(path)), parent=self)
        task.succeeded.connect(lambda found: self.asked.emit(self._question(found)))
        task.failed.connect(self.failed)

    def path_of(self, row: int) -> str:
        return str(self.table.record(row).path)

    def restore(self, question: Question) -> None:
        """Replace the database by the backup that was asked about; then the user signs in again."""

        def work(progress: Progress) -> None:
            backups.restore(
                self._session.scope(),
                self._settings,
                Path(question.path),
                progress,
                trust_foreign=question.trust_foreign,
            )
            raise SessionExpired("The backup was restored. Sign in with the password that you had then.")

        self._start(work, "")

    def cancel(self) -> None:
        """Stop what is under way; nothing is left half done."""
        if self._task is not None:
            self._task.cancel()

    def make_due(self) -> None:
        """Make the backup that is due on this computer, whoever is signed in."""
        if self._due is not None or self.busy:
            return
        self._due = task = run(self._make_due, parent=self, with_progress=True)
        task.succeeded.connect(self._take)
        task.finished.connect(self._rest_due)

    def _make_due(self, progress: Progress) -> Made | None:
        return jobs.run_job(jobs.BACKUPS, JobContext(self._session.scope(), self._settings), progress)

    def _take(self, made: Made | None) -> None:
        if made is None:
            return
        sentence = in_words(made.refusal) if made.refusal else ""
        if made.path is not None:
            self.made.emit(self.tr("A backup was made"), str(made.path))
        elif sentence != self._trouble:
            self.refused.emit(self.tr("A backup was not made"), sentence)
        self._trouble = sentence
        if self.standing is not None:  # the page was visited
            self.refresh()

    def _rest_due(self) -> None:
        self._due = None

    def _start(self, work: Callable[[Progress], None], sentence: str) -> None:
        if self.busy:
            return
        self._task = task = run(work, parent=self, with_progress=True)
        self.busy_changed.emit(True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(lambda: self.notified.emit(sentence))
        task.failed.connect(self.failed)
        task.cancelled.connect(lambda: self.notified.emit(self.tr("Stopped; nothing was changed.")))
        task.finished.connect(self._rest)

    def _rest(self) -> None:
        self._task = None
        self.busy_changed.emit(False)
        self.refresh()

    def _load(self) -> _Loaded | None:
        scope = self._session.scope()
        if not accounts.looks_after(scope):
            return None
        standing = backups.schedule_of(scope, self._settings)
        folders = {standing.schedule.folder.absolute(), self._settings.backups_dir.absolute()}
        found = [
            backup for folder in folders for backup in backups.list_backups(scope, self._settings, folder)
        ]
        found.sort(key=lambda backup: backup.made_at or backup.changed_at, reverse=True)
        return _Loaded(standing, found, backups.proposed_path(scope, self._settings), scope.timezone)

    def _show(self, loaded: _Loaded | None) -> None:
        self.may = loaded is not None
        if loaded is not None:
            self._zone, self.standing = loaded.timezone, loaded.standing
            self.proposed = str(loaded.proposed)
            self.table.show(loaded.backups)
        self.loaded.emit()

    def state(self) -> str:
        """What is said of the schedule: who keeps it, when it last did, and what is wrong."""
        standing = self.standing
        if standing is None or standing.schedule.every == "off":
            return ""
        said = []
        if not standing.is_mine:
            template = self.tr("They are made by the computer {host}; saved here, this one makes them.")
            said.append(template.format(host=standing.host))
        if standing.last_at is not None:
            last = moment(standing.last_at, self._zone)
            said.append(self.tr("The last one was made {when}.").format(when=last))
        if standing.trouble is not None:
            said.append(self.tr("It is tried again:") + " " + in_words(standing.trouble))
        return " ".join(said) or self.tr("None was made yet.")

    def _question(self, found: Description) -> Question:
        backup = found.backup
        when = moment(backup.made_at, self._zone) if backup.made_at else NOTHING
        said = [
            self.tr(
                "Everything in the database is replaced by what was in it then: readings, devices, alerts, "
                "accounts and their passwords. What came later is lost, but for the audit log. Everybody is "
                "signed out."
            )
        ]
        if found.newest_change is not None:
            template = self.tr("It is older than what is here: the database was last changed {when}.")
            said.append(template.format(when=moment(found.newest_change, self._zone)))
        if not backup.made_here:
            origin = (
                self.tr("It was altered since this installation wrote it.")
                if backup.altered
                else self.tr("It was not written by this installation, or was altered since.")
            )
            power = self.tr(
                "Whoever did so decides who may sign in and is an administrator, which mail servers get the "
                "alerts, which folders are watched, and what every reading is. Restore it only if you trust "
                "where it comes from."
            )
            said.append(f"{origin} {power}")
        if found.new_administrators:
            template = self.tr("It makes administrators of: {emails}.")
            said.append(template.format(emails=", ".join(found.new_administrators)))
        title = self.tr("Restore the backup of {when}?").format(when=when)
        return Question(str(backup.path), title, "\n\n".join(said), trust_foreign=not backup.made_here)

    def _columns(self) -> Sequence[Column[Backup]]:
        return [
            Column(
                self.tr("Made"),
                lambda backup: moment(backup.made_at or backup.changed_at, self._zone),
                lambda backup: (backup.made_at or backup.changed_at).timestamp(),
            ),
            Column(
                self.tr("Size"),
                lambda backup: QLocale().formattedDataSize(backup.size, 1, SI),
                lambda backup: backup.size,
                numeric=True,
            ),
            Column(self.tr("Written by"), self._origin),
            Column(self.tr("File"), lambda backup: as_text(backup.path.name)),
        ]

    def _origin(self, backup: Backup) -> str:
        if backup.made_at is None:
            return self.tr("damaged, or no backup")
        if backup.altered:
            return self.tr("this installation, and altered since")
        return self.tr("this installation") if backup.made_here else self.tr("unknown")
