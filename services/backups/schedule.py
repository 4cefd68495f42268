"""The schedule of backups of a database: when, where, how many are kept; and the backup that is due."""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from pymongo.database import Database

from services import accounts, audit, database
from services.backups import operations
from services.backups.operations import ITSELF, back_up_database
from services.database import BackupRefused
from services.database.backup.archive import open_archive
from services.errors import LoadlensError
from services.file_names import NOT_TEXT, is_text
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed

Kind = Literal["off", "daily", "weekly"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COLLECTION = "backup_schedules"
KEY = {"_id": "schedule"}
MOST_KEPT = 1000
AHEAD = timedelta(minutes=5)
"""A backup that was made later than that from now on was made by a clock that has been set back since."""


class ScheduleRefused(LoadlensError):
    """Backups cannot be made so."""


@dataclass(frozen=True)
class Schedule:
    """``weekday`` (0 is Monday) and ``at`` are by the clock of the computer that makes the backups."""

    every: Kind
    weekday: int
    at: time
    folder: Path
    keep: int


@dataclass(frozen=True)
class ScheduleStatus:
    """What is scheduled, who does it, and what became of the last one."""

    schedule: Schedule
    host: str
    """The computer that makes them, empty where none does."""
    is_mine: bool
    """Whether it is this one."""
    last_at: datetime | None
    trouble: LoadlensError | None
    """Why the last one was not made; it is tried again."""


def default_schedule(settings: Settings) -> Schedule:
    """Return no schedule, until somebody switches it on: then at noon, when computers are on."""
    return Schedule("off", 0, time(12), settings.backups_dir, 14)


def schedule_of(scope: Scope, settings: Settings) -> ScheduleStatus:
    """Return the schedule of the database. Raises `NotAllowed`."""
    accounts.require_keeper(scope)
    return schedule_status(scope.db, settings)


def schedule_status(db: Database[Document], settings: Settings) -> ScheduleStatus:
    """Return what `schedule_of` does, for what works by itself."""
    found = db[COLLECTION].find_one(KEY)
    if found is None:
        return ScheduleStatus(default_schedule(settings), "", True, None, None)
    trouble = found.get("trouble")
    sentence = trouble["sentence"] if trouble else ""
    return ScheduleStatus(
        Schedule(
            every=found["every"],
            weekday=found["weekday"],
            at=time.fromisoformat(found["at"]),
            folder=Path(found["folder"]),
            keep=found["keep"],
        ),
        host=found["host"],
        is_mine=found["host"] == socket.gethostname(),
        last_at=found.get("lastAt"),
        trouble=ScheduleRefused(sentence, **trouble["details"]) if trouble else None,
    )


@typed
def save_schedule(scope: Scope, settings: Settings, schedule: Schedule) -> None:
    """Make backups so from now on, on this computer. Raises `NotAllowed` and `ScheduleRefused`."""
    accounts.require_keeper(scope)
    if schedule.every != "off":
        _check(schedule, settings)
    fields = {
        "every": schedule.every,
        "weekday": schedule.weekday,
        "at": schedule.at.isoformat("minutes"),
        "folder": str(schedule.folder.absolute()),
        "keep": schedule.keep,
        "host": socket.gethostname(),
        "since": datetime.now(UTC),
        "trouble": None,
    }
    scope.db[COLLECTION].update_one(KEY, {"$set": fields}, upsert=True)
    detail = {name: fields[name] for name in ("every", "at", "folder", "keep")}
    audit.record_for(scope, "settings.changed", "backups", detail)


def is_due(db: Database[Document], now: datetime) -> bool:
    """Return whether this computer has a backup to make; ``now`` is by its clock, without a zone."""
    found = db[COLLECTION].find_one({**KEY, "host": socket.gethostname(), "every": {"$ne": "off"}})
    if found is None:
        return False
    last = max(_local(found["since"]), _local(found.get("lastAt") or found["since"]))
    return last < _last_due(found, now) or last > now + AHEAD


def note_made(db: Database[Document]) -> None:
    """Note that the backup that was due is there."""
    now = datetime.now(UTC)
    # Scheduled by a clock that has been set back, it would be due for ever.
    change = {"$set": {"lastAt": now, "trouble": None}, "$min": {"since": now}}
    db[COLLECTION].update_one(KEY, change)


def note_trouble(db: Database[Document], refusal: LoadlensError) -> None:
    """Note that the backup that was due is not there yet."""
    details = {name: str(value) for name, value in refusal.details.items()}
    trouble = {"sentence": refusal.sentence, "details": details}
    db[COLLECTION].update_one(KEY, {"$set": {"trouble": trouble}})


def require_folder(schedule: Schedule, settings: Settings) -> None:
    """Raise `ScheduleRefused` unless the folder is there; the usual one is made."""
    if schedule.folder == settings.backups_dir.absolute():
        schedule.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not schedule.folder.is_dir():
        raise ScheduleRefused(
            "The folder for backups {folder} is not there. Connect its drive, or choose another folder.",
            folder=schedule.folder,
        )


def _check(schedule: Schedule, settings: Settings) -> None:
    require_folder(schedule, settings)
    if not is_text(schedule.folder):
        raise ScheduleRefused(NOT_TEXT, folder=schedule.folder)
    if not 1 <= schedule.keep <= MOST_KEPT:
        raise ScheduleRefused("Keep at least one backup and at most {most}.", most=MOST_KEPT)
    if schedule.every not in KINDS or not 0 <= schedule.weekday <= 6:
        raise ScheduleRefused("Backups are made daily, weekly or not at all.")


def _last_due(found: dict[str, Any], now: datetime) -> datetime:
    """When the last backup should have been made."""
    turn = datetime.combine(now.date(), time.fromisoformat(found["at"]))
    if found["every"] == "daily":
        return turn if turn <= now else turn - timedelta(days=1)
    turn -= timedelta(days=(now.weekday() - found["weekday"]) % 7)
    return turn if turn <= now else turn - timedelta(days=7)


def _local(moment: datetime) -> datetime:
    return moment.astimezone().replace(tzinfo=None)


LEFT_SECONDS = 24 * 3600
"""What was not written on for so long, nobody writes any more."""


@dataclass(frozen=True)
class Made:
    """What became of the backup that was due."""

    path: Path | None
    refusal: LoadlensError | None
    """Why it was not made; it is tried again."""


def make_due(scope: Scope, settings: Settings, progress: Progress = silent) -> Made | None:
    """Make the backup that is due on this computer, whoever is signed in; None if none is.

    What fell due while no program ran is made once. A restore that a program died in is finished on the way.
    To be called by one program at a time, as `services.jobs` does. Raises whatever ``progress`` raises.
    """
    database.finish_restore(scope.db)
    return _make(scope.db, settings, progress) if is_due(scope.db, datetime.now()) else None


def _make(db: Database[Document], settings: Settings, progress: Progress) -> Made:
    schedule = schedule_status(db, settings).schedule
    try:
        require_folder(schedule, settings)
        path = schedule.folder / operations.scheduled_name(db.name, datetime.now())
        back_up_database(db, settings, path, ITSELF, progress)
    except LoadlensError as refusal:
        note_trouble(db, refusal)
        return Made(None, refusal)
    note_made(db)
    _delete_older(db, settings, schedule, path)
    return Made(path, None)


def _delete_older(db: Database[Document], settings: Settings, schedule: Schedule, newest: Path) -> None:
    """Keep as many as wanted, the one just made among them; what somebody else put there stays."""
    others = [
        path
        for path in schedule.folder.iterdir()
        if operations.is_scheduled_name(path.name, db.name)
        and path != newest
        and _is_ours(path, db, settings)
    ]
    for path in sorted(others, key=lambda path: path.name, reverse=True)[schedule.keep - 1 :]:
        path.unlink(missing_ok=True)
    for path in schedule.folder.iterdir():
        if (
            operations.is_leftover(path.name)
            and datetime.now().timestamp() - path.stat().st_mtime > LEFT_SECONDS
        ):
            path.unlink(missing_ok=True)


def _is_ours(path: Path, db: Database[Document], settings: Settings) -> bool:
    try:
        with open_archive(path, settings.signing_key) as archive:
            return archive.made_here and archive.manifest.database == db.name
    except BackupRefused:
        return False
