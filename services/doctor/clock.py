"""This machine's clock, held against the server's and against what was written before."""

from datetime import UTC, datetime, timedelta

from pymongo.database import Database

from services import accounts
from services.doctor.check import Seen, Unwell, seen
from services.machine_zone import ASSUMED, is_zone, machine_zone, why_unknown
from services.scope import Document
from services.settings import Settings

APART = timedelta(minutes=1)
AHEAD = timedelta(minutes=5)
"""As far as entries of other machines may lie in the future before it is told."""
WRITTEN = {"audit_log": "at", "imports": "createdAt", "alerts": "createdAt", "users": "createdAt"}


def look(settings: Settings, db: Database[Document] | None) -> Seen:
    """Raises `Unwell` for a clock that is wrong, as far as that can be seen from here."""
    now = datetime.now(UTC)
    newest = max([*_noted(settings), *(_written(db) if db is not None else [])], default=now)
    if newest > now + AHEAD:
        raise Unwell(
            "It is {now} by this machine's clock, and something was stored at {newest}: the clock was set "
            "back since, or is wrong. Correct date and time in the system's settings.",
            now=_moment(now),
            newest=_moment(newest),
        )
    if db is not None:
        _check_against_server(db)
        _check_zones(db)
    return seen(
        "{now}, in step with the database; time zone {zone}",
        now=_moment(now),
        zone=machine_zone() or f"{ASSUMED} is assumed, as {why_unknown()}",
    )


def _check_against_server(db: Database[Document]) -> None:
    before = datetime.now(UTC)
    there = db.client.admin.command("hello")["localTime"].replace(tzinfo=UTC)
    here = before + (datetime.now(UTC) - before) / 2
    if abs(there - here) > APART:
        raise Unwell(
            "This machine's clock and that of the database server are {seconds} seconds apart. Have both set "
            "by a time server.",
            seconds=round(abs(there - here).total_seconds()),
        )


def _check_zones(db: Database[Document]) -> None:
    for user in accounts.everyone(db):
        if not is_zone(user.timezone):
            raise Unwell(
                "The time zone {zone} of {email} is not known here. Choose one in the settings, or install "
                "Loadlens anew.",
                zone=user.timezone,
                email=user.email,
            )


def _written(db: Database[Document]) -> list[datetime]:
    """When the newest entries of several kinds were stored."""
    newest = (db[name].find_one({}, {field: True}, sort=[(field, -1)]) for name, field in WRITTEN.items())
    return [found[field] for found, field in zip(newest, WRITTEN.values(), strict=True) if found]


def _noted(settings: Settings) -> list[datetime]:
    """When programs last wrote into the data folder."""
    paths = [path for path in settings.data_dir.glob("*") if path.is_file()]
    return [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in paths]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
