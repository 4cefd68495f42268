"""The verbs of the command line, as a script calls them."""

import io
import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from services import cli, database, devices
from services.messages import formats
from services.scope import Scope
from services.settings import Settings

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "consumption_data.xlsx"
USER = ["--user", "ada@example.com"]


class Shell:
    """Runs verbs over the test's database and reads what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def json(self, *arguments: object) -> Any:
        assert cli.main([*map(str, arguments), "--json"]) == 0
        printed = self._capsys.readouterr()
        assert printed.err == ""
        return json.loads(printed.out)

    def text(self, *arguments: object) -> str:
        assert cli.main([*map(str, arguments)]) == 0
        return self._capsys.readouterr().out

    def said(self) -> str:
        """Since the last call, to people who look on."""
        return self._capsys.readouterr().err

    def refusal(self, *arguments: object) -> str:
        try:
            status: Any = cli.main([*map(str, arguments)])
        except SystemExit as stop:
            status = stop.code
        printed = self._capsys.readouterr()
        assert (status, printed.out) == (1, "")
        assert printed.err.count("\n") == 1, "one sentence"
        return printed.err


@pytest.fixture
def shell(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MONGODB_NAME", settings.mongodb_name)
    return Shell(capsys)


def test_what_a_file_does_not_tell_is_said_on_the_command_line(
    shell: Shell, scope: Scope, tmp_path: Path
) -> None:
    path = tmp_path / "two days.csv"
    path.write_text("Date,Meter,kWh\n01/02/2024,Lift,1\n02/02/2024,Lift,2\n")
    assert "day or with the month" in shell.refusal("import", path, *USER)
    shell.json("import", path, *USER, "--month-first")
    month = shell.json("stats", *USER, "--from", "2024-01-02", "--to", "2024-02-01")  # to the second reading
    assert month["totalConsumption"] == pytest.approx(1)
    path.write_text("Date,Meter,kWh\n01/02/2024,Lift,7\n02/02/2024,Lift,2\n")
    kept = shell.json("import", path, *USER, "--month-first", "--keep")
    assert (kept["kept"], kept["changed"]) == (1, 0)


def test_whose_readings_a_file_has_is_said_on_the_command_line(
    shell: Shell, scope: Scope, tmp_path: Path
) -> None:
    days = pd.date_range("2024-01-01", periods=28)
    usage = pd.DataFrame({"Date": days, "kWh": days.day % 11 + days.day})
    (tmp_path / "other").mkdir()
    first, second, other = (tmp_path / name for name in ("usage.csv", "usage (1).csv", "other/usage.csv"))
    for path, frame in ((first, usage), (second, usage), (other, usage.assign(kWh=5.5))):
        frame.to_csv(path, index=False)
    shell.json("import", first, *USER)
    assert "--on-duplicate same, new or skip" in shell.refusal("import", second, *USER)
    assert "--on-conflict replace, keep or new" in shell.refusal("import", other, *USER)
    assert shell.json("stats", *USER)["totalConsumption"] == usage["kWh"].sum()
    assert shell.json("import", second, *USER, "--on-duplicate", "same")["alreadyThere"] == 28
    assert shell.json("import", other, *USER, "--on-conflict", "new")["newDevices"] == ["usage (2)"]
    assert "not allowed with" in shell.refusal("import", other, *USER, "--keep", "--on-conflict", "new")


def test_the_main_job_without_a_screen(shell: Shell, scope: Scope) -> None:
    imported = shell.json("import", SAMPLE, *USER)
    assert (imported["read"], imported["added"], imported["refused"]) == (30528, 30522, [])
    assert shell.json("import", SAMPLE, *USER)["added"] == 0
    stats = shell.json("stats", *USER)
    assert set(stats) == {
        "totalConsumption",
        "avgDailyConsumption",
        "peakConsumption",
        "predictedNextMonth",
        "deviceBreakdown",
        "dailyData",
        "weeklyData",
        "coverage",
    }
    sheet = pd.read_excel(SAMPLE)
    assert stats["totalConsumption"] == pytest.approx(sheet["Consumption (kWh)"].sum())
    march = shell.json("stats", *USER, "--from", "2017-03-01", "--to", "2017-03-31")
    in_march = sheet[sheet["Date"].between("2017-03-01", "2017-04-01", inclusive="left")]
    assert march["totalConsumption"] == pytest.approx(in_march["Consumption (kWh)"].sum())
    assert len(march["dailyData"]) == 31
    assert shell.refusal("predict", *USER)
    for verb in ("stats", "alerts"):
        assert shell.text(verb, *USER)
    models = shell.json("train", *USER)["models"]
    assert {model["name"] for model in models} >= {"combination", "gradient_boosting", "random_forest"}
    predictions = shell.json("predict", *USER)["predictions"]
    assert {p["type"] for p in predictions} == {"daily", "weekly", "monthly"}
    assert shell.json("stats", *USER)["predictedNextMonth"] > 0
    alerts = shell.json("alerts", *USER)
    assert alerts["unread"] == len(alerts["alerts"]) == len(imported["alerts"]) > 0
    assert shell.text("predict", *USER)


def test_training_tells_people_how_good_each_model_is(shell: Shell, scope: Scope, tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=30)
    pd.DataFrame({"Date": days, "Meter": "Lift", "kWh": 5.0}).to_csv(tmp_path / "days.csv", index=False)
    shell.json("import", tmp_path / "days.csv", *USER)
    assert "combination: MAE" in shell.text("train", *USER)


def test_accounts_are_made_with_the_password_from_standard_input(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(password: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    typed("correct horse battery")
    shell.text("register", "--email", "eve@example.com", "--first-name", "Eve", "--last-name", "Ong")
    typed("correct horse battery")
    shell.text("createsuperuser", "--email", "root@example.com")
    typed("short")
    assert "at least 8 characters" in shell.refusal("createsuperuser", "--email", "me@example.com")


def test_files_are_forecast_and_searched_without_a_database(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(tmp_path / "unused"))
    output = tmp_path / "forecast.csv"
    shell.text("forecast", "--input", SAMPLE, "--horizon-days", 14, "--country", "US", "--output", output)
    forecast = pd.read_csv(output)
    assert list(forecast.columns)[:5] == ["device", "date", "consumption", "lower", "upper"]
    assert len(forecast) == 6 * 14
    assert (forecast["lower"] <= forecast["consumption"]).all()
    output = tmp_path / "anomalies.xlsx"
    shell.text("detect", "--input", SAMPLE, "--output", output)
    columns = ["device", "date", "consumption", "expected", "type", "severity"]
    assert list(pd.read_excel(output).columns) == columns
    assert not (tmp_path / "unused").exists()


def test_backup_restore_and_doctor(shell: Shell, scope: Scope, tmp_path: Path) -> None:
    assert shell.json("backup", tmp_path / "a.backup")["documents"]["users"] == 1
    assert shell.json("restore", tmp_path / "a.backup")["documents"]["users"] == 1
    database.back_up(scope.db, tmp_path / "strange.backup", key=b"of another installation")
    sentence = shell.refusal("restore", tmp_path / "strange.backup")
    assert "not written by this installation" in sentence
    assert sentence.endswith("--trust-foreign\n")
    assert shell.json("restore", tmp_path / "strange.backup", "--trust-foreign")["documents"]["users"] == 1
    assert shell.json("doctor")["ok"] is True
    scope.db["consumption_data"].insert_one(scope.owned({"deviceId": None, "consumption": 1.0}))
    assert cli.main(["doctor"]) == 1


def test_an_older_backup_is_asked_about_before_it_replaces_newer_data(
    shell: Shell, scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def stored() -> list[str]:
        return [device.name for device in devices.list_devices(scope)]

    path = tmp_path / "a.backup"
    shell.json("backup", path)
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert shell.json("restore", path), "nothing is newer"
    time.sleep(1.1)  # an id tells of seconds
    devices.add_device(scope, "Lift")
    sentence = shell.refusal("restore", path)
    assert f"a.backup is of {formats().day(date.today())}, " in sentence
    assert "To restore it all the same: --yes" in sentence
    monkeypatch.setattr("sys.stdin", Terminal("\n"))
    assert cli.main(["restore", str(path)]) == 1
    assert shell.said().endswith("Nothing was changed.\n")
    assert stored() == ["Lift"]
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    assert cli.main(["restore", str(path)]) == 0
    assert stored() == []
    devices.add_device(scope, "Lift")
    assert shell.text("restore", path, "--yes")
    assert stored() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["stats", "--user", "nobody@example.com"], "no active account nobody@example.com"),
        (["stats", *USER, "--from", "yesterday"], "yesterday"),
        (["import", "gone.xlsx", *USER], "gone.xlsx cannot be opened"),
        (["import", str(SAMPLE), *USER, "--map", "date=When"], "no column “When”"),
        (["import", str(SAMPLE), *USER, "--map", "when=Date"], "FIELD=COLUMN"),
        (["import", str(SAMPLE), *USER, "--timezone", "Mars/Base"], "Mars/Base"),
        (["fly"], "fly"),
        (["report", *USER, "--month", "0001-01", "--output", "o.pdf"], "0001-01"),
        (["report", *USER, "--month", "9999-12", "--output", "o.pdf"], "9999-12"),
        (["stats", "--user", "\udce4@example.com"], "\\xe4@example.com"),
        (["restore", "gone.backup"], "cannot be opened"),
        (["forecast", "--input", "gone.csv", "--horizon-days", "7", "--output", "o.csv"], "gone.csv"),
        (["forecast", "--input", str(SAMPLE), "--horizon-days", "0", "--output", "o.csv"], "0"),
        (["detect", "--input", str(SAMPLE), "--output", "o.pdf"], "o.pdf"),
        (["detect", "--input", str(SAMPLE), "--output", "o.csv", "--country", "QQ"], "holidays of “QQ”"),
    ],
)
def test_refusal_is_one_sentence_and_status_1(
    shell: Shell, scope: Scope, arguments: list[str], sentence: str
) -> None:
    assert sentence in shell.refusal(*arguments)


def test_setting_that_cannot_be_used_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_PORT", "many")
    assert "MONGODB_PORT" in shell.refusal("doctor")


def test_devices_are_listed_and_changed_by_a_list_whole_or_not_at_all(
    shell: Shell, scope: Scope, tmp_path: Path
) -> None:
    devices.add_device(scope, "Main", meter_number="12")
    path = tmp_path / "list.csv"
    lines = (
        "name,number,utility,direction,unit,parent,category,counts,ratedPower,avgUsageHours",
        "Main,12,gas,consumption,kWh,,,,,",
        "Hall,,gas,consumption,kWh,Main,Heat,no,500,8",
    )
    path.write_text("\n".join(lines))
    answer = shell.json("devices", *USER, "--apply", path)
    hall, main = answer["devices"]
    assert hall == {
        **{"name": "Hall", "number": None, "utility": "gas", "direction": "consumption", "unit": "kWh"},
        **{"parent": "Main", "category": "Heat", "counts": False, "ratedPower": 500.0, "avgUsageHours": 8.0},
        "status": "active",
    }
    assert (main["number"], main["counts"], main["parent"]) == ("12", None, None)
    assert answer["applied"]["new"] == ["Hall"]
    assert answer["applied"]["changed"] == [{"device": "Main", "fields": {"utility": ["electricity", "gas"]}}]
    assert shell.json("devices", *USER)["devices"] == [hall, main]
    assert "Hall" in shell.text("devices", *USER)
    path.write_text("name,parent,unit\nMain,Hall,kWh\nHall,Main,furlong\n")
    assert cli.main(["devices", *USER, "--apply", str(path)]) == 1
    said = shell.said()
    assert "row 3, column “unit”, “furlong”" in said
    assert "Nothing was stored" in said
    assert shell.json("devices", *USER)["devices"] == [hall, main]
