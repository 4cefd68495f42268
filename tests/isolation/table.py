"""How every function of the services is called that takes a `Scope` or a `Session`.

Each line gives the arguments beside those that are always the same (`ALWAYS`). ``own`` is who calls, and
whose all plain values are; ``whose`` is whose things are named, so that ``(eve, ada)`` is an attack.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pandas as pd
from bson import ObjectId

from isolation.world import HOURS, MONTH, PASSWORD, Person
from services import backups, reports, views
from services.administration import AuditFilter
from services.audit import Entry
from services.dashboard import Filter
from services.database import TeamServer
from services.device_lists import Change, ListPlan
from services.devices import CreatedDevices, Device, DeviceMatch, new_id
from services.facility import EVERY_DAY, EVERY_MONTH, Facility, Tariff, TariffPeriod
from services.notifications import QuietHours
from services.readings import Answers, ColumnMap, Readings, open_sheets
from services.readings.parse_result import Refusal

Arguments = dict[str, Any]
Call = Callable[[Person, Person], Arguments]

SOON = datetime(2030, 1, 1, tzinfo=UTC)
DAY = date(2024, 1, 5)
NOWHERE = TeamServer("127.0.0.1:port", "nowhere", "nobody")
NOON = datetime(2024, 1, 5, 12, tzinfo=UTC)


def _nothing(_own: Person, _whose: Person) -> Arguments:
    return {}


def _devices(_own: Person, whose: Person) -> Arguments:
    return {"device_ids": whose.devices}


def _alerts(_own: Person, whose: Person) -> Arguments:
    return {"alert_ids": [whose.alert.id]}


def _new_device(own: Person, whose: Person) -> Device:
    """One to be made, under an id that is another's device already."""
    taken = new_id() if whose is own else whose.devices[0]
    category = own.category if whose is own else whose.category
    return replace(whose.device, id=taken, name=f"{own.mark} new", category_id=category)


def _list_plan(own: Person, whose: Person) -> Arguments:
    category = new_id() if whose is own else whose.category
    changed = Change(whose.device, replace(whose.device, name=f"{own.mark} other"))
    new = replace(_new_device(own, whose), category_id=category)
    return {"plan": ListPlan("list.csv", [new], [changed], 0, {f"{own.mark} group": category})}


def _known(own: Person, whose: Person) -> Arguments:
    owned = {"userId": whose.scope.user_id, "createdAt": NOON}
    category = {"_id": ObjectId(), "name": f"{own.mark} made", **owned}
    device = {
        "_id": ObjectId(), "name": f"{own.mark} made", "categoryId": category["_id"], "ratedPower": None,
        "avgUsageHours": None, "status": "active", **owned,
    }  # fmt: skip
    return {"match": DeviceMatch({f"{own.mark} made": device["_id"]}, [device], [category])}


def _created(_own: Person, whose: Person) -> Arguments:
    return {"created": CreatedDevices([ObjectId(i) for i in whose.devices], [ObjectId(whose.category)])}


def _readings(own: Person, _whose: Person) -> Arguments:
    frame = pd.DataFrame(
        {
            "device": f"{own.mark} stored", "date": HOURS[:3].tz_localize("UTC"), "consumption": 1.0,
            "category": "", "location": "", "notes": "", "row": [2, 3, 4], "seconds": 3600,
        }
    )  # fmt: skip
    return {"readings": Readings(frame, [], 3, 0, 0), "file": "stored.csv", "on_conflict": "replace"}


def _subject(own: Person, whose: Person) -> Arguments:
    subject = reports.Subject("device", whose.devices[0], own.device.name)
    return {"subject": subject, "period": reports.period_of(MONTH, "month")}


def _schedule(own: Person, whose: Person) -> Arguments:
    subject = reports.Subject("device", whose.devices[0], own.device.name)
    return {"every": "month", "subject": subject, "suffixes": [".pdf"], "folder": own.folder / "reports"}


def _facility(own: Person, _whose: Person) -> Arguments:
    night = TariffPeriod(f"{own.mark} night", EVERY_MONTH, EVERY_DAY, 22, 6, 0.1)
    return {"facility": Facility(own.mark, "EUR", 10.0, 0.3, "DE", Tariff(0.2, (night,), 1.0), 50.0)}


def _refused(own: Person, _whose: Person) -> Arguments:
    [sheet] = open_sheets(own.file)
    refused = [Refusal(sheet.name, 3, "kWh", "x", "No number.")]
    return {
        "path": own.folder / "refused.xlsx",
        "sheets": [(sheet, own.mapping)],
        "refused": refused,
        "meters": [],
    }


def _audit(_own: Person, whose: Person) -> AuditFilter:
    return AuditFilter("imports", str(whose.scope.user_id), None, None, "")


TABLE: dict[str, Call] = {
    "accounts.own_account.change_email": lambda own, _: {
        "password": PASSWORD, "email": f"{own.mark}@example.org"},
    "accounts.own_account.change_name": lambda own, _: {"first_name": own.mark, "last_name": own.mark},
    "accounts.own_account.change_password": lambda own, _: {
        "old": PASSWORD, "new": "another horse's battery"},
    "accounts.own_account.end_other_sessions": _nothing,
    "accounts.own_account.end_session": lambda own, whose: {"session_id": whose.sessions[0]},
    "accounts.own_account.list_sessions": _nothing,
    "accounts.own_account.sign_out_everywhere": _nothing,
    "accounts.users.looks_after": _nothing,
    "accounts.users.require_admin": _nothing,
    "accounts.users.require_keeper": _nothing,
    "accounts.users.set_timezone": lambda own, _: {"timezone": "Europe/Berlin"},
    "administration.audit_log.export_audit_log": lambda own, whose: {
        "path": own.folder / "log.csv", "wanted": _audit(own, whose)},
    "administration.audit_log.audit_entries": lambda own, whose: {
        "wanted": _audit(own, whose), "limit": 10,
        "older_than": Entry(new_id(), SOON, "import.done", "", "")},
    "administration.listings.all_devices": lambda own, _: {"text": ""},
    "administration.listings.all_imports": lambda own, _: {"text": ""},
    "administration.users.create_user": lambda own, _: {
        "first_name": own.mark, "last_name": own.mark, "email": f"{own.mark}.new@example.com",
        "password": "a horse with a battery", "role": "user"},
    "administration.users.list_users": lambda own, _: {"text": ""},
    "administration.users.reset_password": lambda own, whose: {
        "user_id": str(whose.scope.user_id), "password": "a horse with a battery"},
    "administration.users.set_role": lambda own, whose: {
        "user_id": str(whose.scope.user_id), "role": "admin"},
    "administration.users.set_status": lambda own, whose: {
        "user_id": str(whose.scope.user_id), "status": "active"},
    "alerts.detection.prefetch": lambda own, _: {"readings": _readings(own, own)["readings"].frame},
    "alerts.detection.evaluate": lambda own, whose: {
        "device_ids": whose.devices, "found": {whose.devices[0]: []}},
    "alerts.actions.acknowledge": lambda own, whose: {**_alerts(own, whose), "note": own.mark},
    "alerts.actions.mark_normal": lambda own, whose: {**_alerts(own, whose), "normal": True},
    "alerts.actions.mute": lambda own, whose: {**_devices(own, whose), "muted": True},
    "alerts.actions.muted_devices": _nothing,
    "alerts.actions.normal_events": _devices,
    "alerts.actions.snooze": lambda own, whose: {**_alerts(own, whose), "until": SOON},
    "alerts.actions.snooze_device": lambda own, whose: {**_devices(own, whose), "until": SOON},
    "alerts.actions.get_alert": lambda own, whose: {"alert_id": whose.alert.id},
    "alerts.actions.list_alerts": lambda own, whose: {
        "type": "threshold", "severity": "high", "unread_only": False, "device_id": whose.devices[0],
        "state": None, "reason": "day"},
    "alerts.actions.mark": lambda own, whose: {**_alerts(own, whose), "read": True},
    "alerts.actions.mark_all_read": _nothing,
    "alerts.actions.unread_count": _nothing,
    "alerts.reconciliation.price_anew": _nothing,
    "alerts.rules.check_rules": _nothing,
    "alerts.rules.delete_rule": lambda own, whose: {"rule_id": whose.rule.id},
    "alerts.rules.list_rules": _nothing,
    "alerts.rules.save_rule": lambda own, whose: {
        "rule": replace(whose.rule, limit=2.0, id="" if whose is own else whose.rule.id)},
    "alerts.rules.snooze_rule": lambda own, whose: {"rule_id": whose.rule.id, "until": SOON},
    "alerts.unwatched.unwatched_meters": _nothing,
    "alerts.silence.silent_meters": lambda own, whose: {
        "start": None, "end": None, "device_ids": whose.devices},
    "alerts.context.alert_context": lambda own, whose: {"alert": whose.alert},
    "alerts.notification.due": lambda own, _: {"after": NOON, "until": SOON},
    "alerts.notification.post": _nothing,
    "audit.record_changes": lambda own, _: {
        "subject": own.mark, "before": {"name": own.mark}, "after": None},
    "audit.record_for": lambda own, _: {
        "action": "import.done", "subject": own.mark, "detail": {"name": own.mark}, "entry_id": ObjectId()},
    "backups.schedule.make_due": _nothing,
    "backups.catalog.describe": lambda own, _: {"path": own.folder / "no.backup"},
    "backups.catalog.list_backups": lambda own, _: {"folder": own.folder},
    "backups.catalog.verify": lambda own, _: {"path": own.folder / "no.backup"},
    "backups.operations.back_up": lambda own, _: {"path": own.folder / "made.backup"},
    "backups.operations.proposed_path": _nothing,
    "backups.operations.restore": lambda own, _: {
        "path": own.folder / "no.backup", "trust_foreign": True},
    "backups.schedule.save_schedule": lambda own, _: {
        "schedule": backups.Schedule("off", 0, time(12), own.folder, 14)},
    "backups.schedule.schedule_of": _nothing,
    "dashboard.overview.device_overview": lambda own, whose: {
        "device_id": whose.devices[0], "start": DAY, "end": DAY},
    "dashboard.overview.overview": lambda own, whose: {
        "filter": Filter(DAY, DAY, tuple(whose.devices), (whose.category,), (f"{whose.mark} roof",)),
        "resolution": "day"},
    "dashboard.stats.stats": lambda own, whose: {
        "filter": Filter(DAY, DAY, tuple(whose.devices), (whose.category,), (f"{whose.mark} roof",))},
    "doctor.examination.examine_for": _nothing,
    "devices.categories.add_category": lambda own, _: {"name": f"{own.mark} group"},
    "devices.categories.delete_category": lambda own, whose: {"category_id": whose.category},
    "devices.categories.list_categories": _nothing,
    "devices.categories.rename_category": lambda own, whose: {
        "category_id": whose.category, "name": f"{own.mark} group"},
    "devices.deletion.delete_devices": _devices,
    "devices.deletion.deletion_effect": _devices,
    "devices.devices.find_device": lambda own, whose: {"device_id": whose.devices[0]},
    "devices.devices.list_devices": _nothing,
    "devices.tree.counted_devices": lambda own, whose: {
        "chosen": None, "utility": "electricity", "direction": "consumption"},
    "devices.devices.add_device": lambda own, whose: {
        "name": f"{own.mark} new", "category_id": whose.category, "rated_power": 10.0,
        "avg_usage_hours": 4.0, "status": "active", "meter_number": own.mark, "utility": "electricity",
        "direction": "generation", "unit": "MWh", "parent_id": whose.devices[0], "counts_in_total": True},
    "devices.devices.add_devices": lambda own, whose: {"devices": [_new_device(own, whose)]},
    "devices.devices.edit_device": lambda own, whose: {
        "device_id": whose.devices[0], "name": f"{own.mark} other", "category_id": whose.category,
        "rated_power": 10.0, "avg_usage_hours": 4.0, "status": "inactive", "meter_number": own.mark},
    "devices.devices.edit_devices": lambda own, whose: {
        "devices": [replace(whose.device, name=f"{own.mark} other")]},
    "devices.devices.remove_unused": lambda own, whose: {
        "device_ids": [new_id()] if whose is own else whose.devices, "category_ids": [whose.category]},
    "device_lists.plan_list": lambda own, _: {"path": own.device_list},
    "device_lists.import_list": _list_plan,
    "device_lists.undo_list": _list_plan,
    "nameplate.measure": _devices,
    "sub_meters.propose_parents": _nothing,
    "sub_meters.decline": lambda own, whose: {"parent_id": whose.devices[0], "child_ids": own.devices},
    "devices.new_devices.create_new_devices": _known,
    "devices.new_devices.match_devices": lambda own, _: {
        "categories": {f"{own.mark} new": f"{own.mark} group"}, "numbers": {f"{own.mark} new": own.mark},
        "measured": {f"{own.mark} new": {"utility": "gas"}}},
    "devices.new_devices.remove_created": _created,
    "facility.facility.facility_of": _nothing,
    "facility.facility.save": _facility,
    "holidays.holiday_country": _nothing,
    "forecasts.predictions.fill_actuals": _nothing,
    "forecasts.hourly.hourly_forecast": lambda own, whose: {**_devices(own, whose), "days": 7},
    "forecasts.predictions.list_predictions": lambda own, whose: {
        "period": "daily", "device_id": whose.devices[0], "model": "combination"},
    "forecasts.made_ahead.made_ahead": lambda own, whose: {
        "period": "monthly",
        "start": date(2024, 3, 1),
        **_devices(own, whose),
    },
    "forecasts.metered.ends": _nothing,
    "forecasts.outlook.daily_forecast": lambda own, whose: {**_devices(own, whose), "days": 7},
    "forecasts.outlook.next_month": _devices,
    "forecasts.outlook.next_month_interval": _devices,
    "forecasts.outlook.outlook": lambda own, whose: {"device_id": whose.devices[0], "model": None},
    "forecasts.renewal.predict": lambda own, _: {"model": "seasonal_naive"},
    "forecasts.renewal.claim_import": _nothing,
    "forecasts.renewal.forget_import": lambda own, whose: {"import_id": whose.imports[0]},
    "forecasts.renewal.models_are_old": _nothing,
    "forecasts.renewal.outdated": _nothing,
    "forecasts.renewal.renew": _nothing,
    "forecasts.renewal.retrain_after_imports": lambda own, _: {"wanted": True},
    "forecasts.renewal.retrains_after_imports": _nothing,
    "forecasts.sums.prediction_times": _nothing,
    "forecasts.training.train": _nothing,
    "forecasts.versions.refused_models": _nothing,
    "forecasts.versions.reports": _nothing,
    "forecasts.versions.use_version": lambda own, whose: {"version_id": whose.version},
    "forecasts.versions.versions": _nothing,
    "importing.import_file": lambda own, _: {
        "path": own.file, "column_map": ColumnMap(location="Location"), "timezone": "UTC",
        "day_first": None, "clock": None, "answers": Answers(unit="kWh"),
        "keep_implausible": False, "mappings": [own.mapping], "on_conflict": "keep", "on_duplicate": "new",
        "calorific_value": 40.0},
    "importing.preview": lambda own, _: {"path": own.file},
    "importing.decide_implausible": lambda own, whose: {"reading_ids": whose.devices, "keep": True},
    "importing.undo_import": lambda own, whose: {"import_id": whose.imports[0]},
    "server_migration.migration.drop_copy": lambda own, _: {"server": NOWHERE, "password": own.mark},
    "server_migration.migration.move": lambda own, _: {"server": NOWHERE, "password": own.mark},
    "server_migration.migration.try_server": lambda own, _: {"server": NOWHERE, "password": own.mark},
    "server_migration.migration.use_private": _nothing,
    "server_migration.migration.use_server": lambda own, _: {"server": NOWHERE, "password": own.mark},
    "notifications.mail_settings.default_mail_settings": _nothing,
    "notifications.mail_settings.has_password": lambda own, whose: {"mail": whose.mail},
    "notifications.mail_settings.mail_settings": _nothing,
    "notifications.mail_settings.mailed_from": _nothing,
    "notifications.mail_settings.save_mail_settings": lambda own, _: {
        "mail": replace(own.mail, port=25), "password": f"{own.mark} secret"},
    "notifications.mail_settings.password_of": lambda own, whose: {"mail": whose.mail},
    "notifications.outbox.enqueue": lambda own, whose: {
        "about": [ObjectId(whose.alert.id)], "subject": own.mark, "text": own.mark},
    "notifications.outbox.list_mails": lambda own, _: {"limit": 10},
    "notifications.outbox.posted": lambda own, whose: {"about": [ObjectId(whose.alert.id)]},
    "notifications.outbox.retry": _nothing,
    "notifications.quiet_hours.is_quiet": _nothing,
    "notifications.quiet_hours.quiet_hours_of": _nothing,
    "notifications.quiet_hours.set_quiet_hours": lambda own, _: {"hours": QuietHours(20, 6)},
    "notifications.sending.send_due": lambda own, _: {"although_quiet": True},
    "notifications.sending.send_test": lambda own, _: {"mail": own.mail, "password": ""},
    "readings.load_cache.load_profile_of": _nothing,
    "readings.previews.remember_mapping": lambda own, _: {"layout": own.mark, "mapping": own.mapping},
    "readings.previews.preview_readings": lambda own, _: {
        "sheets": open_sheets(own.file), "column_map": ColumnMap(location="Location"), "timezone": "UTC",
        "day_first": None, "clock": None, "answers": Answers(unit="kWh")},
    "readings.previews.preview_sheet": lambda own, _: {
        "sheet": open_sheets(own.file)[0], "timezone": "UTC"},
    "readings.query.daily_consumption": lambda own, whose: {
        **_devices(own, whose), "start": DAY, "end": DAY, "locations": [f"{whose.mark} roof"]},
    "readings.calorific.convert_volumes": _nothing,
    "readings.calorific.fill_kwh": lambda own, whose: {"readings": _readings(own, whose)["readings"]},
    "readings.calorific.set_calorific_value": lambda own, _: {
        "since": DAY, "mj_per_m3": 40.0, "correction": 1.0},
    "readings.query.interval_data": lambda own, whose: {
        **_devices(own, whose), "start": NOON, "end": SOON, "locations": [f"{whose.mark} roof"]},
    "readings.query.locations": _nothing,
    "readings.query.span": _nothing,
    "readings.refused_rows.save_refused": _refused,
    "readings.storage.consistency_check.is_consistent": _nothing,
    "readings.storage.history.finalize_import": lambda own, whose: {"import_id": whose.imports[0]},
    "readings.storage.history.list_imports": _nothing,
    "readings.storage.implausible.list_implausible": _devices,
    "readings.storage.implausible.set_implausible_aside": lambda own, whose: {
        "readings": _readings(own, whose)["readings"]},
    "readings.storage.implausible.set_implausible_state": lambda own, whose: {
        "reading_ids": whose.devices, "state": "kept"},
    "readings.storage.meter_identity.identify": lambda own, whose: {
        "readings": _readings(own, whose)["readings"], "stem": own.mark, "on_conflict": "new",
        "on_duplicate": "same"},
    "readings.storage.store.store": _readings,
    "readings.storage.rollback.undo": lambda own, whose: {"import_id": whose.imports[0]},
    "reports.contents.gather": _subject,
    "reports.schedules.make_due": _nothing,
    "reports.schedules.add_schedule": _schedule,
    "reports.schedules.delete_schedule": lambda own, whose: {"schedule_id": whose.schedule},
    "reports.schedules.list_schedules": _nothing,
    "reports.subject.subject_named": lambda own, whose: {"kind": "device", "name": whose.device.name},
    "reports.subject.subjects": _nothing,
    "revision.changing": _nothing,
    "revision.current": _nothing,
    "support.bundle.save": lambda own, _: {"path": own.folder / "bundle.zip"},
    "views.delete": lambda own, whose: {"name": f"{whose.mark} view"},
    "views.named": _nothing,
    "views.remember": lambda own, whose: {"view": views.View(device_ids=tuple(whose.devices))},
    "views.remembered": _nothing,
    "views.rename": lambda own, whose: {"name": f"{whose.mark} view", "to": f"{own.mark} other"},
    "views.save": lambda own, whose: {
        "name": f"{own.mark} new",
        "view": views.View("custom", DAY, DAY, tuple(whose.devices), None, ("x",))},
    "watching.folder.forget_folder": _nothing,
    "watching.folder.set_folder": lambda own, _: {"folder": own.folder / "watched"},
    "watching.folder.watched_folder": _nothing,
    "watching.scan.scan": _nothing,
}  # fmt: skip

REFUSED_TO_THEIR_OWNER = {
    "backups.catalog.describe",  # there is no such file
    "backups.catalog.verify",
    "backups.operations.restore",
    "server_migration.migration.drop_copy",  # there is no such server
    "server_migration.migration.move",
    "server_migration.migration.try_server",
    "server_migration.migration.use_server",
    "notifications.sending.send_test",  # nobody listens there
}
NOT_TRIED = {
    "database.changes.wait_for_changes": "it waits, and tells the names of collections alone",
    "database.changes.current_position": "it tells where a stream stands, or how often was written",
}
FOR_EVERYBODY = {"backups.schedule.make_due", "backups.operations.proposed_path"}
FOR_ADMINISTRATORS = {
    name
    for name in TABLE
    if name.split(".")[0] in ("administration", "backups", "doctor", "server_migration", "support")
    or name.startswith("accounts.users.require_")
} - FOR_EVERYBODY
"""What a user is refused, whatever role the scope claims."""
NO_VALUES = {
    "audit.record_changes": {"before", "after"},  # whatever was changed, under names of ours
    "audit.record_for": {"detail"},
    "devices.new_devices.create_new_devices": {"match"},  # documents as `match_devices` made them
}
"""Arguments that may hold anything."""
