"""The sample facility: an account whose readings and models show what Loadlens does."""

import secrets
from importlib.resources import as_file, files

from pymongo.database import Database

from services import accounts, alerts, devices, facility, forecasts
from services.database.locks import shared_lock
from services.facility import EVERY_DAY, EVERY_MONTH, Facility, Tariff, TariffPeriod
from services.importing import import_file
from services.progress import Progress, silent
from services.readings import span
from services.scope import Document, Scope
from services.settings import Settings

EMAIL = "demo@loadlens.local"
TIMEZONE = "America/Los_Angeles"
SERVICE_WATTS = 8300
"""What each home of the sample is taken to be connected for; its meter passes it now and then."""

FACILITY = Facility(
    name="Sample homes",
    currency="USD",
    floor_area=1020.0,
    emission_factor=0.2,
    country="US",
    tariff=Tariff(
        base_price=0.31,
        periods=(
            TariffPeriod("Summer evening", frozenset({6, 7, 8, 9}), EVERY_DAY, 16, 21, 0.45),
            TariffPeriod("Evening", EVERY_MONTH, EVERY_DAY, 16, 21, 0.35),
        ),
    ),
    monthly_budget=5500.0,
)
"""What the sample's homes are taken to be and to pay; the sample itself tells only what they used."""

OWNED = (
    "consumption_data",
    "load_blocks",
    "revisions",
    "imports",
    "replaced_readings",
    "implausible_readings",
    "predictions",
    "alerts",
    "alert_rules",
    "normal_events",
    "quiet_hours",
    "mail_settings",
    "outbox",
    "devices",
    "categories",
    "mappings",
    "watched_folders",
    "facilities",
    "views",
    "report_schedules",
)


def prepare(
    settings: Settings, db: Database[Document], progress: Progress = silent, reset: bool = False
) -> str:
    """Make the sample facility unless it is there, or anew with ``reset``; the email of its account.

    Raises whatever ``progress`` raises; what is missing then is made at the next call.
    """
    scope = _account(db)
    if reset:
        with shared_lock(db, progress):
            for collection in OWNED:
                db[collection].delete_many(scope.owned())
    if span(scope) is None:
        with as_file(files("resources") / "sample" / "consumption_data.xlsx") as path:
            import_file(scope, path, timezone=TIMEZONE, progress=progress)
        scope = _account(db)  # whose time zone the first import has set
        _set_service_size(scope)
        facility.save(scope, FACILITY)
        alerts.evaluate(scope)
    if reset or not forecasts.reports(scope, settings):
        for report in forecasts.train(scope, settings, progress):
            forecasts.predict(scope, settings, report.name, progress)
    return EMAIL


def _account(db: Database[Document]) -> Scope:
    try:
        return accounts.scope_of(db, EMAIL)
    except accounts.UnknownUser:
        # Nobody needs the password: whoever can start the demo is signed in by it.
        accounts.register(db, "Demo", "Manager", EMAIL, secrets.token_urlsafe(32))
        return accounts.scope_of(db, EMAIL)


def _set_service_size(scope: Scope) -> None:
    for device in devices.list_devices(scope):
        devices.edit_device(scope, device.id, device.name, device.category_id, SERVICE_WATTS)
