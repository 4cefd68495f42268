"""Checks of what needs no database: data folder, disk, secrets, logs, ends, clock, backups, cluster."""

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import keyring
from pymongo.database import Database

from services import accounts, cluster, database, logs, secret_store
from services.backups import ScheduleStatus, schedule_status
from services.backups.operations import SUFFIX
from services.crash_reports import unexpected_ends
from services.database.backup.archive import open_archive
from services.database.backup.verification import verify
from services.database.team_server import is_local
from services.doctor.check import Context, Unwell, Well, well
from services.machine_zone import ASSUMED, is_zone, machine_zone, why_unknown
from services.messages import N_, formats
from services.scope import Document
from services.secret_store import writable
from services.settings import Settings

OWNERS_ALONE = ("database", "run", "secrets.json", ".env", "backups", "logs", "mongod.log")
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
OTHERS_ANY = stat.S_IRWXG | stat.S_IRWXO


def check_data_folder(context: Context) -> Well:
    """Check that it can be written, and read by nobody else. Raises `DataFolderRefused` and `Unwell`."""
    settings = context.settings
    folder = writable(settings.data_dir)
    if os.name != "nt" and _mode(folder) & OTHERS_ANY:
        open_to_others = [name for name in OWNERS_ALONE if _mode(folder / name) & OTHERS_ANY]
        if open_to_others or _mode(folder) & OTHERS_WRITE:
            raise Unwell(
                "Others on this machine can get at {what}. Take their rights away: chmod -R go= {folder}",
                what=", ".join(open_to_others) or folder,
                folder=folder,
            )
    return well(N_("{folder} can be written, and what is in it is its owner's alone"), folder=folder)


def _mode(path: Path) -> int:
    return path.stat().st_mode if path.exists() else 0


LEAST_FREE_BYTES = 1 << 30


def check_disk(context: Context) -> Well:
    """Check that there is room: for readings, a restore beside what is there, the next backup."""
    db, settings = context.db, context.settings
    size = _database_size(db) if db is not None else 0
    private = not settings.names_a_server and database.place(settings).is_private
    needed = {settings.data_dir: size if private else 0, _backups_folder(settings, db): size}
    for folder, bytes_needed in needed.items():
        free = _free_bytes(folder)
        if free < LEAST_FREE_BYTES:
            raise Unwell(
                "Only {free} MB are free in {folder}. Make room before the next import.",
                free=free >> 20,
                folder=folder,
            )
        if free < bytes_needed:
            raise Unwell(
                "{free} MB are free in {folder}, and the database takes {size} MB: there is no room for a "
                "backup, or to restore one. Make room, or have backups written elsewhere.",
                free=free >> 20,
                size=size >> 20,
                folder=folder,
            )
    return well(
        N_("{free} GB free; the database takes {size} MB"),
        free=_free_bytes(settings.data_dir) >> 30,
        size=size >> 20,
    )


def _backups_folder(settings: Settings, db: Database[Document] | None) -> Path:
    """Where this computer writes them."""
    found = schedule_status(db, settings) if db is not None else None
    return found.schedule.folder if found and found.is_mine else settings.backups_dir


def _database_size(db: Database[Document]) -> int:
    return int(db.command("dbStats")["totalSize"])


def _free_bytes(folder: Path) -> int:
    """Bytes free where the folder is, or will be."""
    return shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free


def check_secrets(context: Context) -> Well:
    """Check that they are there, whole, and only their owner's. Raises `Unwell` and `DataFolderRefused`."""
    settings = context.settings
    path = settings.data_dir / secret_store.FILE
    if not path.exists():
        if (settings.data_dir / "database").exists():
            raise Unwell(
                "{file} is gone: the private database does not open without it. Put it back from a copy of "
                "the data folder.",
                file=path,
            )
        return well(N_("none yet: they are made when they are needed"))
    if os.name != "nt" and path.stat().st_mode & OTHERS_ANY:
        raise Unwell(
            "Others on this machine can read {file}. Let only its owner: chmod 600 {file}", file=path
        )
    secret_store.in_file(settings.data_dir)
    if keyring.get_keyring().priority > 0:
        return well(N_("only their owner's; passwords of other servers are in this system's keyring"))
    return well(N_("only their owner's; this system has no keyring, so they are all in one file"))


def check_logs(context: Context) -> Well:
    """Check that they can be written. Raises `DataFolderRefused`."""
    settings = context.settings
    folder = writable(logs.folder(settings))
    size = sum(path.stat().st_size for path in folder.glob("loadlens.log*"))
    return well(N_("{size} kB in {folder}"), size=size >> 10, folder=folder)


UNEXPECTED_END = {
    (True, True): N_(
        "{program} ended unexpectedly on {day} at {time}, by a fault inside it. Save a bundle for support, "
        "and hand it to whoever helps you with Loadlens."
    ),
    (True, False): N_(
        "{program} ended unexpectedly on {day} at {time}, by a fault inside it. Tell an administrator of "
        "this database."
    ),
    (False, True): N_(
        "{program} ended unexpectedly on {day} at about {time}: it was killed, or this computer went off. "
        "Save a bundle for support, and hand it to whoever helps you with Loadlens."
    ),
    (False, False): N_(
        "{program} ended unexpectedly on {day} at about {time}: it was killed, or this computer went off. "
        "Tell an administrator of this database."
    ),
}
"""By whether it was a fault, and whether it is said to somebody who may save the bundle for support."""


def check_unexpected_ends(context: Context) -> Well:
    """Check that every program ended in order, as far as nobody has acknowledged that one did not."""
    settings = context.settings
    if unwell := last_unexpected_end(settings):
        raise unwell
    return well(N_("none"))


def last_unexpected_end(settings: Settings, may_save: bool = True) -> Unwell | None:
    """Return what to say of the last program that did not end in order, if nobody has acknowledged it.

    ``may_save``: whether it is said to somebody who may save the bundle for support.
    """
    ends = unexpected_ends(settings)
    if not ends:
        return None
    last, at = ends[0], ends[0].at.astimezone()
    return Unwell(
        UNEXPECTED_END[last.is_fault, may_save],
        program="Loadlens" if last.program == "window" else f"loadlens {last.program}",
        day=formats().day(at),
        time=formats().time(at),
    )


MOST_APART = timedelta(minutes=1)
AHEAD = timedelta(minutes=5)
"""How far entries of other machines may lie in the future."""
TIME_FIELDS = {"audit_log": "at", "imports": "createdAt", "alerts": "createdAt", "users": "createdAt"}


def check_clock(context: Context) -> Well:
    """Check the clock against the server's, and against what was written before."""
    db, settings = context.db, context.settings
    now = datetime.now(UTC)
    newest = max([*_file_times(settings), *(_stored_times(db) if db is not None else [])], default=now)
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
    if zone := machine_zone():
        return well(N_("{now}, in step with the database; time zone {zone}"), now=_moment(now), zone=zone)
    return well(
        N_("{now}, in step with the database; time zone {assumed} is assumed, as {reason}"),
        now=_moment(now),
        assumed=ASSUMED,
        reason=why_unknown(),
    )


def _check_against_server(db: Database[Document]) -> None:
    before = datetime.now(UTC)
    there = db.client.admin.command("hello")["localTime"].replace(tzinfo=UTC)
    here = before + (datetime.now(UTC) - before) / 2
    if abs(there - here) > MOST_APART:
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


def _stored_times(db: Database[Document]) -> list[datetime]:
    """When the newest entries of several kinds were stored."""
    newest = (db[name].find_one({}, {field: True}, sort=[(field, -1)]) for name, field in TIME_FIELDS.items())
    return [found[field] for found, field in zip(newest, TIME_FIELDS.values(), strict=True) if found]


def _file_times(settings: Settings) -> list[datetime]:
    """When programs last wrote into the data folder."""
    paths = [path for path in settings.data_dir.glob("*") if path.is_file()]
    return [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in paths]


def _moment(moment: datetime) -> str:
    return formats().moment(moment.astimezone())


LONGEST_GAP = {"daily": timedelta(days=3), "weekly": timedelta(days=15)}
"""Between two backups; computers rest over a weekend."""


def check_backups(context: Context) -> Well:
    """Read the last backup through, and check its age. Raises `BackupRefused` for one that is damaged."""
    db, settings = context.db, context.settings
    wanted = schedule_status(db, settings) if db is not None else None
    if wanted is not None and not wanted.is_mine:
        return well(N_("{host} makes them"), host=wanted.host)
    folder = wanted.schedule.folder if wanted else settings.backups_dir
    written = sorted(folder.glob(f"*{SUFFIX}"), key=_modified)
    if wanted is not None:
        _check_schedule(wanted)
    if not written:
        return well(N_("none yet"))
    last = written[-1]
    with open_archive(last, settings.signing_key) as archive:
        verify(archive, context.progress, distrust=False)
    return well(
        N_("{count} in {folder}; the last is {days} days old, {size} MB, and whole"),
        count=len(written),
        folder=folder,
        days=(datetime.now(UTC) - _modified(last)).days,
        size=last.stat().st_size >> 20,
    )


def _check_schedule(wanted: ScheduleStatus) -> None:
    if wanted.trouble is not None:
        raise wanted.trouble
    longest = LONGEST_GAP.get(wanted.schedule.every)
    if longest and wanted.last_at and datetime.now(UTC) - wanted.last_at > longest:
        raise Unwell(
            "The last backup was made on {day}. Let Loadlens run at {at}, when one is wanted, or choose "
            "another time.",
            day=formats().day(wanted.last_at.astimezone()),
            at=formats().time(datetime.combine(wanted.last_at, wanted.schedule.at)),
        )


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def check_cluster(context: Context) -> Well:
    """Check that the Dask cluster takes meters. Raises `ClusterRefused` where this machine does all."""
    address = context.settings.loadlens_cluster or ""
    with cluster.connected(address) as client:
        fit, refusals = cluster.usable(client)
    for refused in refusals:
        raise refused
    parts = urlsplit(address)
    if parts.scheme != "tls" and not is_local(parts.hostname or ""):
        raise Unwell(
            "What goes to {address} can be read on its way, and who answers there can run programs on this "
            "machine. Set Dask up for TLS, and have the address begin with tls://.",
            address=address,
        )
    if parts.scheme == "tls":
        return well(N_("the workers of {address} take the meters: {count}"), address=address, count=len(fit))
    return well(
        N_(
            "the workers of {address} take the meters: {count}; whoever answers there runs programs as you, "
            "so let no other user of this machine take its place"
        ),
        address=address,
        count=len(fit),
    )
