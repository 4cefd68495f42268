"""Two users in one database, each with everything that Loadlens keeps of one, and an administrator."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from pymongo.database import Database

from ml.parallel import sequential
from services import (
    accounts,
    alerts,
    devices,
    facility,
    forecasts,
    notifications,
    readings,
    reports,
    views,
    watching,
)
from services.accounts import Session
from services.alerts import Rule
from services.database import opened
from services.device_lists import export_devices
from services.facility import EVERY_DAY, EVERY_MONTH, Facility, Tariff, TariffPeriod
from services.forecasts.metered import metered
from services.forecasts.training import train_models
from services.forecasts.versions import store_version
from services.importing import import_file, preview
from services.notifications import MailSettings, QuietHours
from services.progress import silent
from services.readings import SheetMapping
from services.scope import Document, Scope
from services.settings import Settings

HOURS = pd.date_range("2024-01-01", "2024-01-20 23:00", freq="h")
MONTH = pd.Timestamp("2024-01-01").date()
PASSWORD = "correct horse battery"
COLUMNS = ["Date", "Device", "kWh", "Category", "Location", "Notes"]


@dataclass(frozen=True, eq=False)
class Person:
    """A user, whose ``mark`` stands in every text that is theirs."""

    mark: str
    scope: Scope
    settings: Settings
    folder: Path
    user: accounts.User

    @property
    def session(self) -> Session:
        """A new one."""
        return Session.start(self.scope.db, self.settings, self.user)

    @property
    def file(self) -> Path:
        return self.folder / f"{self.mark}.csv"

    @property
    def device_list(self) -> Path:
        return self.folder / f"{self.mark} devices.csv"

    @property
    def mail(self) -> MailSettings:
        return _mail(self.mark)

    @cached_property
    def device(self) -> devices.Device:
        return devices.list_devices(self.scope)[0]

    @cached_property
    def devices(self) -> list[str]:
        return [device.id for device in devices.list_devices(self.scope)]

    @cached_property
    def category(self) -> str:
        return devices.list_categories(self.scope)[0].id

    @cached_property
    def alert(self) -> alerts.Alert:
        """Of a device, found without a rule."""
        return next(a for a in alerts.list_alerts(self.scope) if a.device_id and not a.rule_id)

    @cached_property
    def rule(self) -> Rule:
        return alerts.list_rules(self.scope)[0]

    @cached_property
    def imports(self) -> list[str]:
        """The latest first, which alone can be undone."""
        return [made.id for made in readings.list_imports(self.scope)]

    @cached_property
    def mapping(self) -> SheetMapping:
        return preview(self.scope, self.file)[0].mapping

    @cached_property
    def schedule(self) -> str:
        return reports.list_schedules(self.scope)[0].id

    @cached_property
    def version(self) -> str:
        """The earlier training."""
        return forecasts.versions(self.scope, self.settings)[1].id

    @cached_property
    def sessions(self) -> list[str]:
        found = self.scope.db["sessions"].find({"userId": self.scope.user_id})
        return [session["_id"] for session in found]


@dataclass(frozen=True, eq=False)
class World:
    """``ada`` is not to be seen nor touched by ``eve``; ``root`` is an administrator."""

    db: Database[Document]
    settings: Settings
    ada: Person
    eve: Person
    root: Person


@contextmanager
def two_users(data_dir: Path, folder: Path) -> Iterator[World]:
    """A database with both, for as long as the context lasts."""
    settings = Settings(
        _env_file=None, loadlens_data_dir=data_dir, mongodb_name=f"test_{uuid.uuid4().hex[:12]}"
    )
    with opened(settings) as db:
        # Ada's energy is so much that no figure of Eve's comes near it.
        ada = _person(db, settings, folder, "adacanary", 700_000.0)
        eve = _person(db, settings, folder, "eveown", 1.0)
        # Who looks after the database does so in a data folder of their own.
        elsewhere = Settings(
            _env_file=None, loadlens_data_dir=folder / "data", mongodb_name=settings.mongodb_name
        )
        root = _person(db, elsewhere, folder, "rootmark", 0.0)
        db["users"].update_one({"_id": root.scope.user_id}, {"$set": {"role": "admin"}})
        yield World(db, settings, ada, eve, root)
        db.client.drop_database(db.name)


def _person(db: Database[Document], settings: Settings, folder: Path, mark: str, least: float) -> Person:
    user = accounts.register(db, f"{mark} first", f"{mark} last", f"{mark}@example.com", PASSWORD)
    scope = accounts.set_timezone(accounts.scope_of(db, user.email), "UTC")
    person = Person(mark, scope, settings, folder / mark, user)
    for name in ("reports", "watched"):
        (person.folder / name).mkdir(parents=True)
    Session.start(db, settings, user)
    if least:
        _fill(person, least)
    return person


def _fill(person: Person, least: float) -> None:
    scope, mark = person.scope, person.mark
    facility.save(scope, _facility(mark))
    _write_readings(person.file, mark, least)
    import_file(scope, person.file, timezone="UTC", mappings=[person.mapping])
    second = person.folder / f"{mark} later.csv"
    _write_readings(second, mark, least * 1.5, last=5)
    import_file(scope, second, timezone="UTC")  # which replaces values
    _alert(person)
    _predict(person)
    export_devices(devices.list_devices(scope), person.device_list)
    views.save(scope, f"{mark} view", views.View(device_ids=tuple(person.devices), locations=(mark,)))
    views.remember(scope, views.View(locations=(f"{mark} roof",)))
    reports.add_schedule(
        scope, "month", reports.subject_named(scope, "device", f"{mark} chiller"), [".xlsx"],
        person.folder / "reports",
    )  # fmt: skip
    watching.set_folder(scope, person.folder / "watched")


def _alert(person: Person) -> None:
    """Alerts of rules and without, some of them dealt with, and mail about them."""
    scope, device = person.scope, person.device
    notifications.save_mail_settings(scope, person.settings, person.mail, f"{person.mark} password")
    # So little that it is passed all the time, and what is found lasts as long as the readings.
    devices.edit_device(scope, device.id, device.name, device.category_id, 0.5)
    alerts.evaluate(scope)
    alerts.save_rule(scope, Rule("limit", device_id=device.id, limit=0.5, per="day"))
    alerts.save_rule(scope, Rule("budget"))
    scope.db["alert_rules"].update_many(scope.owned(), {"$set": {"since": "2024-01-01"}})
    alerts.check_rules(scope)
    alerts.acknowledge(scope, [person.alert.id], f"{person.mark} note")
    alerts.mark_normal(scope, [person.alert.id])
    notifications.set_quiet_hours(scope, QuietHours(22, 7))


def _predict(person: Person) -> None:
    matrix = metered(readings.daily_consumption(person.scope)).days
    learnt = train_models(matrix, 2, None, silent, sequential)
    for days_ago in (2, 1):
        told = {"trainedAt": (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()}
        metadata = {name: {**known, **told} for name, known in learnt.metadata.items()}
        store_version(learnt.models.forecasters, metadata, person.scope, person.settings)
    forecasts.predict(person.scope, person.settings)


def _write_readings(path: Path, mark: str, least: float, last: int = len(HOURS)) -> None:
    rng = np.random.default_rng(int(least))
    parts = [
        pd.DataFrame(
            [HOURS[-last:].strftime("%Y-%m-%d %H:%M"), [f"{mark} {name}"] * last,
             (least * rng.uniform(1, 1.5, last)).round(3), [f"{mark} kind"] * last,
             [f"{mark} roof"] * last, [f"{mark} note"] * last],
            COLUMNS,
        ).T
        for name in ("chiller", "lights")
    ]  # fmt: skip
    pd.concat(parts).to_csv(path, index=False)


def _facility(mark: str) -> Facility:
    evening = TariffPeriod(f"{mark} evening", EVERY_MONTH, EVERY_DAY, 16, 21, 0.45)
    return Facility(f"{mark} works", "USD", 100.0, 0.2, "US", Tariff(0.3, (evening,)), 10.0)


def _mail(mark: str) -> MailSettings:
    # Nobody listens there.
    return MailSettings(
        True, "127.0.0.1", 9, "none", "", f"{mark}@example.com", (f"{mark}@example.com",), "low"
    )
