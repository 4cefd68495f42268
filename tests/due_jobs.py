"""Everything that Loadlens does by itself, made due, and how it is seen to be done."""

import os
import socket
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path

import numpy as np
import pandas as pd

from services import alerts, backups, notifications, reports
from services.backups import Schedule
from services.importing import import_file
from services.notifications import MailSettings
from services.scope import Scope
from services.settings import Settings

EVERY_JOB = {"alerts", "backups", "forecasts", "mail", "reports", "watched folder"}


def make_all_due(scope: Scope, settings: Settings, folder: Path) -> Path:
    """Let every job have something to do; the folder to be watched, with a file."""
    for name in ("inbox", "reports", "backups"):
        (folder / name).mkdir()
    mail = MailSettings(
        enabled=True, host="127.0.0.1", port=_unused_port(), security="none", user="",
        sender="loadlens@example.com", recipients=("ada@example.com",),
    )  # fmt: skip
    notifications.save_mail_settings(scope, settings, mail, "")
    import_file(scope, hourly(folder / "before.csv", "Chiller"))
    alerts.save_rule(scope, alerts.Rule("limit", limit=30.0))
    reports.add_schedule(scope, "month", reports.FACILITY, [".xlsx"], folder / "reports")
    backups.save_schedule(scope, settings, Schedule("daily", 0, clock(0), folder / "backups", 2))
    long_ago = {"$set": {"since": datetime.now(UTC) - timedelta(days=2)}}
    scope.db["backup_schedules"].update_one({}, long_ago)
    hourly(folder / "inbox" / "new.csv", "Pump")
    return folder / "inbox"


def done(scope: Scope, folder: Path) -> set[str]:
    """The names of the jobs that have been run."""
    signs = {
        "alerts": scope.db["alerts"].find_one(scope.owned({"ruleId": {"$ne": None}})),
        "backups": list((folder / "backups").iterdir()),
        "forecasts": scope.db["predictions"].find_one(scope.owned({"heldOut": False})),
        "mail": any(mail.tries for mail in notifications.list_mails(scope)),
        "reports": list((folder / "reports").iterdir()),
        "watched folder": (folder / "inbox" / "done" / "new.csv").exists(),
    }
    return {name for name, sign in signs.items() if sign}


def hourly(path: Path, device: str) -> Path:
    """A file of two months of readings that was there for long."""
    hours = pd.date_range("2024-04-01", "2024-05-31 23:00", freq="h")
    kwh = len(device) + np.sin(hours.hour.to_numpy() / 24 * 2 * np.pi)
    pd.DataFrame({"date": hours, "device": device, "kWh": kwh.round(3)}).to_csv(path, index=False)
    os.utime(path, (time.time() - 3600,) * 2)
    return path


def _unused_port() -> int:
    """Where no mail server listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
