"""Backups: when they are made by themselves, which there are, and the way back to one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject, Signal

from desktop.framework.formatting import NOTHING, moment, short_moment
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.view_model import JobViewModel
from services import accounts, backups, jobs
from services.accounts import Session, SessionExpired
from services.backups import Backup, Description, Made, Schedule, ScheduleStatus
from services.file_names import as_text
from services.progress import Progress
from services.scope import Scope
from services.settings import Settings

SI = QLocale.DataSizeFormat.DataSizeSIFormat


@dataclass(frozen=True)
class _Loaded:
    standing: ScheduleStatus
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


class BackupViewModel(JobViewModel):
    """``asked`` with a `Question` before a restore; ``made`` and ``refused``, with a title and a sentence,
    tell of the backup that was made by itself or not: the latter once, however often it is tried again."""

    loaded = Signal()
    asked = Signal(object)
    made = Signal(str, str)
    refused = Signal(str, str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, settings, parent)
        self._zone = "UTC"
        self._trouble = ""
        self.may = True
        """Whether this account looks after the database."""
        self.standing: ScheduleStatus | None = None
        self.proposed = ""
        """Where a backup might go that is made now."""
        self.table: RecordTable[Backup] = RecordTable(self._columns(), lambda backup: backup.path, self)

    def refresh(self) -> None:
        self.ask(self._load, self._show)

    def save(self, hour: int, folder: str, **fields: Any) -> None:
        """Make backups so from now on, on this computer; fields of `Schedule`."""
        schedule = Schedule(at=time(hour), folder=Path(folder), **fields)
        off = schedule.every == "off"
        notice = (
            self.tr("No backup is made by itself any more.") if off else self.tr("The schedule is saved.")
        )
        self.ask(
            lambda scope: backups.save_schedule(scope, self._settings, schedule), self.refresh, notice=notice
        )

    def back_up(self, path: str) -> None:
        """Write a backup now."""

        def back_up(scope: Scope, progress: Progress) -> None:
            backups.back_up(scope, self._settings, Path(path), progress)

        self._start(back_up, self.tr("The backup is written and verified: {file}").format(file=path))

    def verify(self, row: int) -> None:
        """Read the backup of this row to its end."""
        path = self.table.record(row).path

        def verify(scope: Scope, progress: Progress) -> None:
            backups.verify(scope, self._settings, path, progress)

        self._start(verify, self.tr("{file} is whole.").format(file=as_text(path.name)))

    def inspect(self, path: str) -> None:
        """Look into a backup, then `asked` whether it should be restored."""
        self.ask(
            lambda scope: backups.describe(scope, self._settings, Path(path)),
            lambda found: self.asked.emit(self._question(found)),
        )

    def path_of(self, row: int) -> str:
        return str(self.table.record(row).path)

    def restore(self, question: Question) -> None:
        """Replace the database by the backup that was asked about; then the user signs in again."""

        def restore(scope: Scope, progress: Progress) -> None:
            backups.restore(
                scope,
                self._settings,
                Path(question.path),
                progress,
                trust_foreign=question.trust_foreign,
            )
            raise SessionExpired("The backup was restored. Sign in with the password that you had then.")

        self._start(restore, "")

    def cancel(self) -> None:
        """Stop what is under way; nothing is left half done."""
        self.cancel_task("backup")

    def make_due(self) -> None:
        """Make the backup that is due on this computer, whoever is signed in."""
        if not self.busy:
            self.run_job(jobs.BACKUPS, self._on_made)

    def _on_made(self, made: Made | None) -> None:
        if made is None:
            return
        sentence = str(made.refusal) if made.refusal else ""
        if made.path is not None:
            self.made.emit(self.tr("A backup was made"), str(made.path))
        elif sentence != self._trouble:
            self.refused.emit(self.tr("A backup was not made"), sentence)
        self._trouble = sentence
        if self.standing is not None:  # the page was visited
            self.refresh()

    def _start(self, work: Callable[[Scope, Progress], None], notice: str) -> None:
        if self.busy:
            return
        task = self.ask(work, name="backup", with_progress=True, busy=True, notice=notice)
        task.cancelled.connect(lambda: self.notified.emit(self.tr("Stopped; nothing was changed.")))
        task.finished.connect(self.refresh)

    def _load(self, scope: Scope) -> _Loaded | None:
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
        """Return what is said of the schedule: who keeps it, when it last did, and what is wrong."""
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
            said.append(self.tr("It is tried again: {reason}").format(reason=standing.trouble))
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
                lambda backup: short_moment(backup.made_at or backup.changed_at, self._zone),
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
