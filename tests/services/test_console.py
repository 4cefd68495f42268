"""Programs as they are started: any encoding, no streams, interrupted, names of any bytes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from services.importing import import_file
from services.machine_zone import machine_zone
from services.readings import list_imports
from services.scope import Scope
from services.settings import Settings

posix = pytest.mark.skipif(sys.platform == "win32", reason="there names are UTF-16 and signals are others")
THAI = "เครื่อง"
STATS = ["-m", "desktop", "stats", "--user", "ada@example.com"]
GUARDED = """
import sys, time, warnings
from pathlib import Path
from services import logs
from services.console import guarded
from services.settings import Settings

@guarded
def main():
    logs.begin(Settings(_env_file=None, loadlens_data_dir=Path(sys.argv[1])), "test")
    {work}
    return 0

sys.exit(main())
"""


@pytest.fixture
def environment(settings: Settings, scope: Scope, tmp_path: Path) -> dict[str, str]:
    """In which `STATS` are those of one meter with a Thai name."""
    days = pd.date_range("2024-01-01", periods=14)
    pd.DataFrame({"Date": days, "Meter": THAI, "kWh": 5.0}).to_csv(tmp_path / "a.csv", index=False)
    import_file(scope, tmp_path / "a.csv")
    place = {"LOADLENS_DATA_DIR": str(settings.data_dir), "MONGODB_NAME": settings.mongodb_name}
    return os.environ | place


def run(arguments: list[Any], **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, check=False, **more)


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii:strict", "utf-8:strict"])
def test_output_in_any_encoding(environment: dict[str, str], encoding: str) -> None:
    environment |= {"PYTHONIOENCODING": encoding}
    for arguments in (STATS, ["-m", "desktop", "--help"], ["-m", "desktop", "import", "--help"]):
        done = run(arguments, env=environment)
        assert (done.returncode, done.stderr) == (0, b""), arguments
    done = run([*STATS, "--json"], env=environment)
    assert json.loads(done.stdout)["deviceBreakdown"][0]["device"] == THAI


@posix
@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_program_without_streams(environment: dict[str, str], closed: str) -> None:
    command = f'"{sys.executable}" {" ".join(STATS)} {closed}'
    done = subprocess.run(["sh", "-c", command], env=environment, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
@pytest.mark.parametrize("arguments", [STATS, [*STATS, "--json"]])
def test_reader_that_went_away_is_no_failure_to_tell(
    environment: dict[str, str], arguments: list[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@posix
def test_full_disk_behind_standard_output_is_told(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, *STATS], env=environment, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("The answer could not be written: No space")
    assert done.stderr.count(b"\n") == 1


@posix
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_program_undoes_and_ends_without_a_traceback(
    tmp_path: Path, number: int, status: int
) -> None:
    work = f"""
    try:
        print("begun", flush=True)
        time.sleep(60)
    finally:
        Path({str(tmp_path / "undone")!r}).touch()"""
    program = subprocess.Popen(
        [sys.executable, "-c", GUARDED.format(work=work), tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b"begun\n"
    program.send_signal(number)
    _, told = program.communicate(timeout=60)
    assert (program.returncode, told) == (status, b"Stopped; nothing was left half-done.\n")
    assert (tmp_path / "undone").exists()


def test_what_nobody_foresaw_is_one_sentence_and_its_story_in_the_log(tmp_path: Path) -> None:
    done = run(["-c", GUARDED.format(work="{}['password=hunter2']"), tmp_path])
    told = done.stderr.decode()
    log = tmp_path / "logs" / "loadlens.log"
    assert done.returncode == 1
    assert told.startswith("Something went wrong inside Loadlens (KeyError")
    assert told.count("\n") == 1
    assert str(log) in told
    assert "hunter2" not in told
    assert "Traceback" in log.read_text()


def test_warnings_and_what_objects_say_at_their_end_go_to_the_log(tmp_path: Path) -> None:
    work = """
    class Odd:
        def __del__(self):
            raise ValueError("at its end")
    del (odd := [Odd()])[0]
    warnings.warn("of a library", RuntimeWarning)"""
    done = run(["-c", GUARDED.format(work=work), tmp_path])
    assert (done.returncode, done.stderr) == (0, b"")
    noted = (tmp_path / "logs" / "loadlens.log").read_text()
    assert "of a library" in noted
    assert "at its end" in noted


@posix
def test_file_whose_name_is_no_text_is_imported(scope: Scope, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/Z\xe4hler.csv"))
    path.write_text("Date,kWh\n" + "".join(f"2024-01-{day:02},{day}\n" for day in range(1, 15)))
    summary = import_file(scope, path)
    assert (summary.file, summary.added, summary.new_devices) == ("Z\\xe4hler.csv", 14, ["Z\\xe4hler"])
    assert [found.file for found in list_imports(scope)] == ["Z\\xe4hler.csv"]


@pytest.mark.parametrize(
    ("given", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ("EST5EDT", "EST5EDT"),
        ("<-03>3", "Etc/GMT+3"),
        ("UTC-2", "Etc/GMT-2"),
        ("GMT0", "GMT0"),
        ("XYZ0", "Etc/UTC"),
        ("IST-5:30", None),
        ("CET-1CEST,M3.5.0,M10.5.0/3", None),
        ("Nowhere/Land", None),
        ("../../etc/passwd", None),
    ],
)
def test_zone_of_the_machine_is_told_truly_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, given: str, zone: str | None
) -> None:
    monkeypatch.setenv("TZ", given)
    assert machine_zone() == zone


@posix
def test_zone_that_is_assumed_is_said(environment: dict[str, str]) -> None:
    names = ["--first-name", "Eve", "--last-name", "Ong", "--email", "eve@example.com"]
    environment |= {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}
    done = run(["-m", "desktop", "register", *names], env=environment, input=b"correct horse battery\n")
    assert done.returncode == 0
    assert "UTC is assumed" in done.stderr.decode()


def test_a_stop_that_comes_while_an_object_is_finalized_is_not_lost() -> None:
    program = """
import os, signal, time, weakref
from services.console import guarded

class Finalized: pass

@guarded
def main():
    held = Finalized()
    weakref.finalize(held, os.kill, os.getpid(), signal.SIGTERM)
    del held
    time.sleep(60)
    return 0

raise SystemExit(main())
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=50)
    assert ended.returncode == 128 + signal.SIGTERM
