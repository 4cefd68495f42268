"""When backups are made by themselves, where, and how many are kept: one schedule a database."""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from pymongo.database import Database

from services import accounts, audit
from services.errors import LoadlensError
from services.file_names import NOT_TEXT, is_text
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
class Standing:
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
    """None, until somebody switches it on: then at noon, when computers are on."""
    return Schedule("off", 0, time(12), settings.backups_dir, 14)


def schedule_of(scope: Scope, settings: Settings) -> Standing:
    """The database's. Raises `NotAllowed`."""
    accounts.require_keeper(scope)
    return standing(scope.db, settings)


def standing(db: Database[Document], settings: Settings) -> Standing:
    """Like `schedule_of`, for what works by itself."""
    found = db[COLLECTION].find_one(KEY)
    if found is None:
        return Standing(default_schedule(settings), "", True, None, None)
    trouble = found.get("trouble")
    return Standing(
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
        trouble=ScheduleRefused(trouble["sentence"], **trouble["details"]) if trouble else None,
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
    """Whether this computer has a backup to make; ``now`` is by its clock, without a zone."""
    found = db[COLLECTION].find_one({**KEY, "host": socket.gethostname(), "every": {"$ne": "off"}})
    if found is None:
        return False
    last = max(_local(found["since"]), _local(found.get("lastAt") or found["since"]))
    return last < _last_turn(found, now) or last > now + AHEAD


def note_made(db: Database[Document]) -> None:
    """The backup that was due is there."""
    now = datetime.now(UTC)
    # Scheduled by a clock that has been set back, it would be due for ever.
    change = {"$set": {"lastAt": now, "trouble": None}, "$min": {"since": now}}
    db[COLLECTION].update_one(KEY, change)


def note_trouble(db: Database[Document], refusal: LoadlensError) -> None:
    """The backup that was due is not there yet."""
    details = {name: str(value) for name, value in refusal.details.items()}
    trouble = {"sentence": refusal.sentence, "details": details}
    db[COLLECTION].update_one(KEY, {"$set": {"trouble": trouble}})


def require_folder(schedule: Schedule, settings: Settings) -> None:
    """Raises `ScheduleRefused` unless the folder is there; the usual one is made."""
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


def _last_turn(found: dict[str, Any], now: datetime) -> datetime:
    """When the last backup should have been made."""
    turn = datetime.combine(now.date(), time.fromisoformat(found["at"]))
    if found["every"] == "daily":
        return turn if turn <= now else turn - timedelta(days=1)
    turn -= timedelta(days=(now.weekday() - found["weekday"]) % 7)
    return turn if turn <= now else turn - timedelta(days=7)


def _local(moment: datetime) -> datetime:
    return moment.astimezone().replace(tzinfo=None)
