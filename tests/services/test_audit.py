"""What is noted, that no secret is, how it is found, and that no note keeps anything from being done."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bson import ObjectId

from services import administration, alerts, audit, devices, facility, notifications, reports
from services.accounts.users import NotAllowed
from services.administration import AuditFilter
from services.alerts import Rule
from services.facility import Facility, Tariff
from services.importing import import_file, recover, undo_import
from services.names import name_fields
from services.notifications import MailSettings, QuietHours
from services.scope import Scope
from services.settings import Settings
from services.watching import forget_folder, set_folder

SECRET = "the mail password of Ada"


def noted(scope: Scope, **wanted: object) -> list[tuple[str, str, str]]:
    """What was done, to what, and how, the last first; without the registration."""
    return [
        (entry.action, entry.subject, administration.details(entry))
        for entry in administration.audit_entries(scope, AuditFilter(**wanted))  # type: ignore[arg-type]
        if entry.action != "user.created"
    ]


def write(scope: Scope, count: int, **fields: object) -> None:
    """Entries a second apart, the first the newest."""
    now = datetime(2024, 3, 20, 12, tzinfo=UTC)
    scope.db["audit_log"].insert_many(
        {
            "at": now - timedelta(seconds=place),
            "action": "import.done",
            "userId": scope.user_id,
            "email": "ada@example.com",
            "subject": f"file {place}",
            "detail": {},
            "host": "here",
            **fields,
        }
        for place in range(count)
    )


def test_imports_and_deletions_are_noted(scope: Scope, tmp_path: Path) -> None:
    rows = "2024-03-01,Pump,1\n2024-03-02,Pump,2\n2024-03-03,Fan,3\nsome day,Fan,4\n"
    (tmp_path / "meters.csv").write_text(f"date,device,kWh\n{rows}")
    summary = import_file(scope, tmp_path / "meters.csv")
    devices.delete_devices(scope, [device.id for device in devices.list_devices(scope)])
    undo_import(scope, summary.import_id)
    assert noted(scope) == [
        ("import.undone", "meters.csv", ""),
        ("device.deleted", "Fan, Pump", "devices: 2"),
        ("import.done", "meters.csv", "added: 3; changed: 0; refused: 1"),
    ]
    [entry, *_] = administration.audit_entries(scope)
    assert entry.email == "ada@example.com"
    assert datetime.now(UTC) - entry.at < timedelta(minutes=1)


def test_an_import_whose_program_dies_before_it_is_noted_is_noted_at_the_next_start(
    scope: Scope, tmp_path: Path
) -> None:
    def dying(stage: str, done: int, total: int) -> None:
        if stage == "Looking for alerts":
            raise KeyboardInterrupt

    (tmp_path / "meters.csv").write_text("date,device,kWh\n2024-03-01,Pump,1\n2024-03-02,Pump,2\n")
    with pytest.raises(KeyboardInterrupt):
        import_file(scope, tmp_path / "meters.csv", progress=dying)
    assert noted(scope) == []
    recover(scope.db)
    recover(scope.db)
    assert noted(scope) == [("import.done", "meters.csv", "added: 2; changed: 0; refused: 0")]


def test_settings_are_noted_with_what_changed_and_no_secret(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    facility.save(scope, Facility(name="Mill"))
    facility.save(scope, Facility(name="Mill", floor_area=120.5, tariff=Tariff(0.3)))
    facility.save(scope, Facility(name="Mill", floor_area=120.5, tariff=Tariff(0.3)))  # nothing
    assert noted(scope)[0] == (
        "settings.changed",
        "facility",
        "floorArea: – → 120.5; tariff: – → (basePrice: 0.3; periods: ; demandPrice: 0.0)",
    )
    assert noted(scope)[1:] == [("settings.changed", "facility", "name: – → Mill; currency: – → EUR")]

    rule = alerts.save_rule(scope, Rule("limit", limit=30.0))
    alerts.save_rule(scope, replace(rule, limit=25.0, enabled=False))
    alerts.delete_rule(scope, rule.id)
    assert [how for _, what, how in noted(scope) if what == "alert rules"][1] == (
        "limit: 30.0 → 25.0; enabled: True → False"
    )

    mail = MailSettings(True, "smtp.example.com", 587, "starttls", "ada", "ada@example.com", ("a@b.org",))
    notifications.save_mail_settings(scope, settings, mail, SECRET)
    notifications.save_mail_settings(scope, settings, replace(mail, host="mail.example.com"))
    assert noted(scope)[0][2] == "host: smtp.example.com → mail.example.com"
    assert "password: – → new" in noted(scope)[1][2]

    notifications.set_quiet_hours(scope, QuietHours(22, 7))
    notifications.set_quiet_hours(scope, None)
    notifications.set_quiet_hours(scope, None)  # nothing
    set_folder(scope, tmp_path)
    forget_folder(scope)
    schedule = reports.add_schedule(scope, "month", reports.Subject(), (".pdf",), tmp_path)
    reports.delete_schedule(scope, schedule.id)
    assert [what for _, what, _ in noted(scope)][:6] == [
        "report schedules",
        "report schedules",
        "watched folder",
        "watched folder",
        "quiet hours",
        "quiet hours",
    ]
    written = repr(list(scope.db["audit_log"].find()))
    assert SECRET not in written
    assert "$2b$" not in written


def test_entries_are_filtered_and_read_page_by_page(scope: Scope) -> None:
    write(scope, 7)
    write(scope, 3, action="device.deleted", subject="(Pump) 1+1", userId=ObjectId(), email="bob@example.com")

    def subjects(**wanted: object) -> list[str]:
        return [subject for _, subject, _ in noted(scope, **wanted)]

    assert subjects(group="deletions") == ["(Pump) 1+1"] * 3
    assert subjects(group="imports", user_id=str(scope.user_id)) == [f"file {i}" for i in range(7)]
    assert subjects(text="FILE 6") == ["file 6"]
    assert subjects(text="1+1 (pump) BOB@") == ["(Pump) 1+1"] * 3
    for pattern in (".*", "file.[0-9]", "^file", "file 6$", "ada|bob", "$where", "\0"):
        assert subjects(text=pattern) in ([], subjects())  # "\0" is no text at all
    assert subjects(text=".*") == []
    # In California it is the 20th from seven in the evening of the 19th, by the clock of UTC.
    assert len(subjects(first=date(2024, 3, 20), last=date(2024, 3, 20))) == 10
    assert subjects(last=date(2024, 3, 19)) == []
    assert subjects(first=date(2024, 3, 21)) == []

    whole = administration.audit_entries(scope, AuditFilter(last=date(2024, 12, 31)))
    pages, last = [], None
    while page := administration.audit_entries(scope, AuditFilter(last=date(2024, 12, 31)), last, limit=3):
        pages += page
        last = page[-1]
    assert pages == whole
    assert len({entry.id for entry in pages}) == 10  # also where several are of the same moment


def test_the_log_is_saved_whole_and_runs_no_formula(scope: Scope, tmp_path: Path) -> None:
    write(scope, 3, subject="=cmd|' /C calc'!A1")
    for name in ("log.csv", "log.xlsx"):
        count = administration.export_audit_log(scope, tmp_path / name, AuditFilter(group="imports"))
        assert count == 3
    table = pd.read_csv(tmp_path / "log.csv")
    assert list(table) == ["Time", "Action", "Who", "What", "Details", "Computer"]
    assert table["Time"][0] == "2024-03-20 05:00:00-07:00"
    assert table["What"][0] == "'=cmd|' /C calc'!A1"
    cell = openpyxl.load_workbook(tmp_path / "log.xlsx").active["D2"]
    assert (cell.value, cell.data_type) == ("=cmd|' /C calc'!A1", "s")
    assert administration.export_audit_log(scope, tmp_path / "none.csv", AuditFilter(text="nothing")) == 0


def test_only_who_looks_after_the_database_reads_it(scope: Scope) -> None:
    assert len(administration.audit_entries(scope)) == 1  # Ada is alone
    ada = scope.db["users"].find_one() or {}
    scope.db["users"].insert_one({**ada, "_id": ObjectId(), **name_fields("bob@example.com", "email")})
    with pytest.raises(NotAllowed, match="Several people use this database"):
        administration.audit_entries(scope)


def test_what_cannot_be_noted_is_done_all_the_same(scope: Scope, caplog: pytest.LogCaptureFixture) -> None:
    scope.db.drop_collection("audit_log")
    scope.db.create_collection("audit_log", validator={"never": {"$exists": True}})
    facility.save(scope, Facility(name="Mill"))
    assert facility.facility_of(scope).name == "Mill"
    assert "settings.changed of ada@example.com was not noted" in caplog.text


def test_a_subject_of_any_length_is_noted(scope: Scope) -> None:
    audit.record_for(scope, "device.deleted", "Pump, " * 100_000)
    assert noted(scope)[0][1].startswith("Pump, Pump, ")
