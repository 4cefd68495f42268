"""A folder that is watched, through scans of it."""

import json
import os
import signal
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import time_machine

from services import accounts, alerts, cli, readings, startup
from services.database.errors import ConnectionLost
from services.importing import import_file, preview
from services.progress import Cancelled
from services.readings import ColumnMap
from services.scope import Scope
from services.settings import Settings
from services.watching import FolderRefused, Outcome, forget_folder, scan, set_folder, watched_folder


@pytest.fixture
def folder(scope: Scope, tmp_path: Path) -> Path:
    """The watched folder of the test's user."""
    path = tmp_path / "inbox"
    path.mkdir()
    set_folder(scope, path)
    return path


def put(path: Path, hours: int = 48, start: str = "2024-01-01", old: bool = True) -> Path:
    """A file of hourly readings, by default there for long."""
    frame = pd.DataFrame(
        {"Date": pd.date_range(start, periods=hours, freq="h"), "Device": path.stem[:1], "kWh": 1.5}
    )
    frame.to_csv(path, index=False)
    if old:
        age(path)
    return path


def age(path: Path) -> None:
    os.utime(path, (time.time() - 3600,) * 2)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_are_imported_and_filed_beside_their_report(
    scope: Scope, settings: Settings, folder: Path
) -> None:
    put(folder / "a.csv")
    (folder / "bad.csv").write_text("nothing,to\nsee,here\n", encoding="utf-8")
    age(folder / "bad.csv")
    good, bad = scan(scope)
    assert good.summary is not None
    assert (good.summary.added, good.refusal, good.moved_to) == (48, None, folder / "done" / "a.csv")
    assert (bad.summary, bad.moved_to) == (None, folder / "failed" / "bad.csv")
    assert names(folder) == ["done", "failed"]
    assert "48 added" in (folder / "done" / "a.csv.report.txt").read_text(encoding="utf-8")
    report = (folder / "failed" / "bad.csv.report.txt").read_text(encoding="utf-8")
    assert report == f"{bad.refusal}\n"
    assert readings.is_consistent(scope)
    assert scan(scope) == []


def test_remembered_plan_is_used_and_refused_rows_can_be_mended(
    scope: Scope, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    header, rows = "Date;Who;What\n", [f"0{day}/02/2024;A;{day},5\n" for day in range(1, 9)]
    shown = tmp_path / "january.csv"
    shown.write_text(header + "".join(rows).replace("/02/", "/01/"), encoding="utf-8")
    [sheet] = preview(scope, shown)
    columns = ColumnMap(date="Date", device="Who", consumption="What")
    mapping = replace(sheet.mapping, layout="long", map=columns, meters=(), day_first=True, unit="MWh")
    import_file(scope, shown, mappings=[mapping])
    (folder / "february.csv").write_text(header + "".join(rows).replace("3,5", "x"), encoding="utf-8")
    age(folder / "february.csv")
    [outcome] = scan(scope)
    assert outcome.summary is not None
    assert (outcome.summary.added, len(outcome.summary.refused)) == (7, 1)
    assert readings.span(scope) == (date(2024, 1, 1), date(2024, 2, 8))
    assert readings.daily_consumption(scope, date(2024, 2, 2), date(2024, 2, 2))["consumption"].tolist() == [
        2500
    ]
    report = (folder / "done" / "february.csv.report.txt").read_text("utf-8")
    assert "row 4, What “x”" in report
    assert "A lacks 1 of 8 readings" in report
    mended = openpyxl.load_workbook(folder / "done" / "february.csv.refused.xlsx")
    mended.active["C2"] = 3.5
    mended.save(folder / "mended.xlsx")
    age(folder / "mended.xlsx")
    [outcome] = scan(scope)
    assert outcome.summary is not None
    assert (outcome.summary.added, outcome.summary.refused) == (1, [])
    assert readings.daily_consumption(scope, date(2024, 2, 3), date(2024, 2, 3))["consumption"].tolist() == [
        3500
    ]


def test_alerts_are_evaluated(scope: Scope, settings: Settings, folder: Path) -> None:
    rhythm = [2.0 + (hour % 24) / 10 + (hour * 7 % 11) / 50 for hour in range(24 * 60)]
    rhythm[24 * 50 + 12] = 40
    dates = pd.date_range("2024-01-01", periods=len(rhythm), freq="h")
    pd.DataFrame({"Date": dates, "Device": "Chiller", "kWh": rhythm}).to_csv(folder / "a.csv", index=False)
    age(folder / "a.csv")
    [outcome] = scan(scope)
    assert outcome.summary is not None
    assert outcome.summary.alerts == alerts.list_alerts(scope) != []
    assert outcome.summary.alerts[0].message in (folder / "done" / "a.csv.report.txt").read_text("utf-8")


def test_file_is_left_while_it_grows(scope: Scope, settings: Settings, folder: Path) -> None:
    now = datetime.now(UTC)
    path = put(folder / "a.csv", hours=5, old=False)
    assert scan(scope) == []
    assert scan(scope) == [], "two looks at once do not tell"
    put(path, hours=9, old=False)
    with time_machine.travel(now + timedelta(seconds=10)):
        assert scan(scope) == [], "it has grown"
    with time_machine.travel(now + timedelta(seconds=20)):
        [outcome] = scan(scope)
    assert outcome.summary is not None
    assert outcome.summary.added == 9


def test_what_is_no_finished_file_of_readings_stays(scope: Scope, settings: Settings, folder: Path) -> None:
    unfinished = ["~$a.xlsx", ".a.csv", "a.csv.part", "a.csv.tmp", "a.crdownload", "manual.pdf"]
    for name in unfinished:
        put(folder / name)
    (folder / "a folder.csv").mkdir()
    assert scan(scope) == []
    assert names(folder) == sorted([*unfinished, "a folder.csv", "done", "failed"])


def test_same_name_again_gets_a_number(scope: Scope, settings: Settings, folder: Path) -> None:
    for day in (1, 2, 3):
        put(folder / "a.csv", start=f"2024-01-0{day}", hours=24)
        scan(scope)
    assert names(folder / "done") == [
        "a (2).csv", "a (2).csv.report.txt", "a (3).csv", "a (3).csv.report.txt", "a.csv", "a.csv.report.txt",
    ]  # fmt: skip
    assert (folder / "done" / "a (2).csv").read_text(encoding="utf-8").count("2024-01-02") == 24


def test_file_imported_by_a_program_that_died_adds_nothing(
    scope: Scope, settings: Settings, folder: Path
) -> None:
    path = put(folder / "a.csv")
    import_file(scope, path)
    [outcome] = scan(scope)
    assert outcome.summary is not None
    assert (outcome.summary.added, outcome.summary.already_there) == (0, 48)
    assert names(folder) == ["done", "failed"]


def test_cancel_keeps_what_is_whole_and_leaves_the_rest(
    scope: Scope, settings: Settings, folder: Path
) -> None:
    put(folder / "a.csv")
    put(folder / "b.csv")

    def until_b(stage: str, done: int, total: int) -> None:
        if not (folder / "a.csv").exists():
            raise Cancelled

    [outcome] = scan(scope, until_b)
    assert outcome.file == "a.csv"
    assert names(folder) == ["b.csv", "done", "failed"]
    with pytest.raises(Cancelled):
        scan(scope, until_b)
    [outcome] = scan(scope)
    assert outcome.moved_to == folder / "done" / "b.csv"


def test_folder_is_each_users_own_and_may_go(
    scope: Scope, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    user = accounts.register(scope.db, "Bo", "Berg", "bo@example.com", "correct horse battery")
    other = accounts.scope_of(scope.db, user.email)
    put(folder / "a.csv")
    assert watched_folder(scope) == folder
    assert watched_folder(other) is None
    assert scan(other) == []
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(FolderRefused, match=r"is not there\. Connect its drive"):
        scan(scope)
    with pytest.raises(FolderRefused):
        set_folder(scope, tmp_path / "nowhere")
    assert watched_folder(scope) == folder, "as before"
    forget_folder(scope)
    assert scan(scope) == []


def test_without_a_window(
    scope: Scope,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MONGODB_NAME", settings.mongodb_name)
    command = ["watch", str(tmp_path), "--user", "ada@example.com", "--once"]
    put(tmp_path / "a.csv")
    assert cli.main([*command, "--json"]) == 0
    [file] = json.loads(capsys.readouterr().out)["files"]
    assert (file["file"], file["summary"]["added"], file["refusal"]) == ("a.csv", 48, None)
    assert file["movedTo"] == str(tmp_path / "done" / "a.csv")
    assert cli.main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"files": []}
    put(tmp_path / "b.csv")
    assert cli.main(command) == 0
    assert capsys.readouterr().out == "b.csv: 48 added, 0 refused, 0 new alerts.\n"
    command[1] = str(tmp_path / "gone")
    assert cli.main(command) == 1
    assert "is not there" in capsys.readouterr().err


def test_file_whose_import_lost_its_server_stays_and_is_imported_later(tmp_path: Path) -> None:
    own = Settings(_env_file=None, loadlens_data_dir=tmp_path / "data")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    put(inbox / "a.csv")
    killed: list[int] = []

    def kill(stage: str, done: int, total: int) -> None:
        if stage == "Storing readings" and not killed:
            killed.append(json.loads((own.data_dir / "mongod.json").read_text())["pid"])
            os.kill(killed[0], signal.SIGKILL)

    with startup.opened(own) as db:
        user = accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        scope = accounts.scope_of(db, user.email)
        set_folder(scope, inbox)
        with pytest.raises(ConnectionLost):
            scan(scope, kill)
        assert names(inbox) == ["a.csv", "done", "failed"]
        assert db["consumption_data"].count_documents({}) == 0
        [imported] = scan(scope)
    assert imported.summary is not None
    assert imported.summary.added == 48
    assert names(inbox) == ["done", "failed"]


def rows(day: int, hours: int = 24) -> str:
    return "".join(f"2024-01-{day:02} {hour:02}:00,A,{hour}.5\n" for hour in range(hours))


HEADER = "Date,Device,kWh\n"


def stored(scope: Scope) -> int:
    return len(readings.interval_data(scope))


def scan_after(scope: Scope, settings: Settings, seconds: float) -> list[Outcome]:
    """What a scan finds so much later, after one has seen what there is now."""
    scan(scope)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds)):
        return scan(scope)


def test_what_is_written_on_after_the_file_was_moved_is_found(
    scope: Scope, settings: Settings, folder: Path
) -> None:
    with (folder / "a.csv").open("w") as file:
        file.write(HEADER + rows(1))
        file.flush()
        age(folder / "a.csv")
        scan(scope)
        assert names(folder / "done") == ["a.csv", "a.csv.report.txt"]
        for day in (2, 3):
            file.write(rows(day))
            file.flush()
            assert scan(scope) == [], "it may go on growing"
            [outcome] = scan_after(scope, settings, 61)
            assert outcome.summary is not None
            assert (outcome.file, outcome.summary.added, outcome.again) == ("a.csv", 24, True)
            assert stored(scope) == 24 * day
    assert "was read again" in (folder / "done" / "a.csv.report.txt").read_text("utf-8")
    age(folder / "done" / "a.csv")
    assert scan(scope) == [], "nothing is told of another time of the same content"
    assert names(folder / "done") == ["a.csv", "a.csv.report.txt"]


def test_file_that_is_held_open_is_waited_for(scope: Scope, settings: Settings, folder: Path) -> None:
    with (folder / "a.csv").open("w") as file:
        file.write(HEADER + rows(1))
        file.flush()
        assert scan_after(scope, settings, 30) == []
        file.write(rows(2))
    [outcome] = scan_after(scope, settings, 10)
    assert outcome.summary is not None
    assert outcome.summary.added == 48


def test_rows_of_a_logger_that_opens_its_file_anew_keep_their_header(
    scope: Scope, settings: Settings, folder: Path
) -> None:
    for day in (1, 2, 3):
        with (folder / "a.csv").open("a") as file:
            file.write((HEADER if day == 1 else "") + rows(day, hours=24 if day == 1 else 1))
        age(folder / "a.csv")
        [outcome] = scan(scope)
        assert outcome.summary is not None
        assert (outcome.summary.new_devices, outcome.refusal) == (["A"] if day == 1 else [], None)
    assert stored(scope) == 26
    assert "not with a header" in (folder / "done" / "a (3).csv.report.txt").read_text("utf-8")
    (folder / "a.csv").write_text("Date,Site B\n2024-01-04 00:00,1.5\n2024-01-04 01:00,2.5\n", "utf-8")
    age(folder / "a.csv")
    [other] = scan(scope)
    assert other.summary is not None
    assert other.summary.new_devices == ["Site B"]


def test_file_that_is_written_while_it_is_read_stays(scope: Scope, settings: Settings, folder: Path) -> None:
    path = folder / "a.csv"
    path.write_text(HEADER + rows(1), "utf-8")
    age(path)

    def write_on(stage: str, done: int, total: int) -> None:
        if stage == "Storing readings" and len(path.read_text("utf-8")) < 1000:
            path.write_text(HEADER + rows(1) + rows(2), "utf-8")

    [outcome] = scan(scope, write_on)
    assert outcome.moved_to is None
    assert "was written while it was read" in str(outcome.refusal)
    [outcome] = scan_after(scope, settings, 10)
    assert (outcome.moved_to, stored(scope)) == (folder / "done" / "a.csv", 48)


def test_file_that_failed_for_being_half_is_read_again_when_it_is_whole(
    scope: Scope, settings: Settings, folder: Path
) -> None:
    path = folder / "a.xlsx"
    pd.read_csv(StringIO(HEADER + rows(1))).to_excel(path, index=False)
    whole = path.read_bytes()
    with path.open("wb") as file:
        file.write(whole[:2000])
        file.flush()
        age(path)
        [outcome] = scan(scope)
        assert outcome.moved_to == folder / "failed" / "a.xlsx"
        file.write(whole[2000:])
    [outcome] = scan_after(scope, settings, 10)
    assert (outcome.moved_to, outcome.refusal) == (folder / "done" / "a.xlsx", None)
    assert (names(folder / "failed"), stored(scope)) == ([], 24)


def test_links_and_what_is_no_file_are_left_out_and_said_once(
    scope: Scope, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    private = put(tmp_path / "private.csv")
    (folder / "link.csv").symlink_to(private)
    (folder / "gone.csv").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.csv")
    (folder / os.fsdecode(b"caf\xe9.csv")).write_text(HEADER + rows(1), "utf-8")
    put(folder / "two\nlines.csv")
    said = {outcome.file: outcome for outcome in scan(scope)}
    assert sorted(said) == ["caf\\udce9.csv", "gone.csv", "link.csv", "pipe.csv", "two\nlines.csv"]
    assert "is a link" in str(said["link.csv"].refusal)
    assert "is a pipe" in str(said["pipe.csv"].refusal)
    assert "another name" in str(said["caf\\udce9.csv"].refusal)
    imported = said["two\nlines.csv"]
    assert imported.moved_to == folder / "done" / "two\nlines.csv"
    assert "\ntwo\\nlines.csv: 48 rows" in "\n" + imported.moved_to.with_name(
        imported.moved_to.name + ".report.txt"
    ).read_text("utf-8")
    assert scan(scope) == []
    assert (stored(scope), private.exists()) == (48, True)
    (folder / "link.csv").unlink()
    assert scan(scope) == []
    (folder / "link.csv").symlink_to(private)
    [again] = scan(scope)
    assert again.file == "link.csv"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_another_users_file_by_a_second_name_is_left_out(
    scope: Scope, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    theirs = put(tmp_path / "theirs.csv")
    os.link(theirs, folder / "a.csv")
    os.chown(theirs, 12345, -1)
    [outcome] = scan(scope)
    assert "another user" in str(outcome.refusal)
    assert names(folder) == ["a.csv", "done", "failed"]


def test_nothing_is_moved_through_a_link(
    scope: Scope, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "done").rmdir()
    (folder / "done").symlink_to(elsewhere)
    put(folder / "a.csv")
    with pytest.raises(FolderRefused, match=r"done in the watched folder .* is a link"):
        scan(scope)
    assert (names(elsewhere), stored(scope)) == ([], 0)


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX knows them")
def test_what_is_written_beside_a_file_follows_no_link_and_has_its_rights(
    scope: Scope, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine", "utf-8")
    for mode in (0o600, 0o640, 0o644):
        path = folder / f"a{mode:o}.csv"
        path.write_text(HEADER + rows(1) + "2024-01-02,A,oops\n", "utf-8")
        path.chmod(mode)
        age(path)
        for ending in (".report.txt", ".refused.xlsx"):
            (folder / "done" / (path.name + ending)).symlink_to(precious)
        [outcome] = scan(scope)
        assert outcome.moved_to == folder / "done" / f"a{mode:o} (2).csv"
        for ending in ("", ".report.txt", ".refused.xlsx"):
            written = outcome.moved_to.with_name(outcome.moved_to.name + ending)
            assert written.stat().st_mode & 0o777 == mode, ending
    folder.chmod(0o777)
    path.write_text(HEADER + rows(3), "utf-8")
    age(path)
    [outcome] = scan(scope)
    assert outcome.moved_to is not None
    report = outcome.moved_to.with_name(outcome.moved_to.name + ".report.txt")
    assert report.stat().st_mode & 0o777 == 0o600, "everybody may have put another file there"
    assert precious.read_text("utf-8") == "mine"


def test_file_that_cannot_be_moved_is_said_once_and_tried_again(
    scope: Scope, settings: Settings, folder: Path
) -> None:
    put(folder / "a.csv")

    def take_folder_away(stage: str, done: int, total: int) -> None:
        if (folder / "done").exists():
            (folder / "done").rmdir()

    [outcome] = scan(scope, take_folder_away)
    assert outcome.summary is not None
    assert (outcome.summary.added, outcome.moved_to) == (48, None)
    assert scan(scope) == [], "not at once"
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=601)):
        assert scan(scope, take_folder_away) == [], "as it was said before"
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=1202)):
        [outcome] = scan(scope)
    assert outcome.moved_to == folder / "done" / "a.csv"
    assert stored(scope) == 48


def test_second_download_goes_to_failed_and_its_report_says_what_to_do(
    scope: Scope, settings: Settings, folder: Path
) -> None:
    days = pd.date_range("2024-01-01", periods=28)
    for name in ("usage.csv", "usage (1).csv"):
        pd.DataFrame({"Date": days, "kWh": days.day * 1.5}).to_csv(folder / name, index=False)
        age(folder / name)
        [outcome] = scan(scope)
    assert outcome.moved_to == folder / "failed" / "usage (1).csv"
    report = (folder / "failed" / "usage (1).csv.report.txt").read_text(encoding="utf-8")
    assert "“usage (1)” are those of “usage”" in report
    assert "--on-duplicate same, new or skip" in report
    assert scope.db["devices"].distinct("name") == ["usage"]
