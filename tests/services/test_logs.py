"""What programs note: put aside when long, by several at once, without secrets, and never in their way."""

import logging
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import cli, logs
from services.database import opened
from services.database.private import mongod
from services.logs import redacted
from services.settings import Settings

log = logging.getLogger("services.test")

TALK = """
import logging, sys
from services import logs
from services.settings import Settings
logs.MOST_BYTES = 20_000
logs.begin(Settings(_env_file=None, loadlens_data_dir=sys.argv[1]), sys.argv[2])
for number in range(300):
    logging.getLogger("services").info("%s says %s", sys.argv[2], number)
if sys.argv[3:]:
    import threading
    thread = threading.Thread(target=lambda: 1 / 0, name="worker")
    thread.start()
    thread.join()
    raise KeyError("password=hunter2")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    logs.begin(Settings(_env_file=None, loadlens_data_dir=tmp_path), "test")
    yield tmp_path / "logs"
    logging.getLogger().removeHandler(logs._Log.current)


def test_a_talkative_lock_is_no_deadlock(folder: Path) -> None:
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    try:
        log.info("written")
    finally:
        root.setLevel(before)
    assert "written" in (folder / "loadlens.log").read_text()


def talk(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", TALK, folder, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def test_programs_that_write_at_once_lose_no_line_when_the_log_is_put_aside(tmp_path: Path) -> None:
    programs = [talk(tmp_path, name) for name in ("first", "second", "third")]
    assert [program.wait() for program in programs] == [0, 0, 0]
    parts = sorted((tmp_path / "logs").glob("loadlens.log*"))
    assert 3 <= len(parts) <= 5
    assert all(part.stat().st_size <= 20_000 for part in parts)
    text = "".join(part.read_text() for part in parts)
    last = [line.rpartition(": ")[2] for line in text.splitlines()]
    for name in ("first", "second", "third"):
        said = [int(line.split()[-1]) for line in last if line.startswith(f"{name} says")]
        assert sorted(said) == list(range(300))
    assert last.count("ends") == 3


def test_what_nobody_caught_is_noted_without_its_secret(tmp_path: Path) -> None:
    program = talk(tmp_path, "window", "fail")
    _, told = program.communicate()
    assert program.returncode == 1
    assert b"KeyError" in told, "it is told as ever"
    text = (tmp_path / "logs" / "loadlens.log").read_text()
    assert "thread worker\n    Traceback" in text
    assert "ZeroDivisionError" in text
    assert "KeyError" in text
    assert "hunter2" not in text


def test_log_is_its_owners_and_begins_with_the_version(folder: Path) -> None:
    log.info("a line\n2026-01-01 a forged one")
    text = (folder / "loadlens.log").read_text()
    assert "begins: Python" in text.splitlines()[0]
    assert text.splitlines()[2].startswith("    "), "nothing from outside passes for a line of ours"
    log.debug("too much")
    assert "too much" not in (folder / "loadlens.log").read_text()
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "loadlens.log").stat().st_mode) == 0o600


def test_log_that_cannot_be_written_stops_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder.parent.joinpath("logs").write_text("a file in the place of the folder")
    log.error("nobody will read this")
    assert capfd.readouterr().err == ""


def test_long_log_of_the_server_is_put_aside_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongod, "MOST_LOG_BYTES", 1000)
    for _ in range(2):
        with opened(Settings(_env_file=None, loadlens_data_dir=tmp_path)):
            assert (tmp_path / "mongod.log").exists()
    assert (tmp_path / "mongod.1.log").stat().st_size > 1000
    assert len(list(tmp_path.glob("mongod*.log"))) == 2


def test_command_notes_why_it_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(folder.parent))
    assert cli.main(["detect", "--input", "gone.csv", "--output", "o.csv"]) == 1
    assert "refused: gone.csv" in (folder / "loadlens.log").read_text()


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mongodb://ada:p@ss/w0rd@one,two/?tls=true cannot", "p@ss/w0rd"),
        ("mongodb+srv://ada:hunter2@one/", "hunter2"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl here", "c2lnbmF0dXJl"),
        ('{"email_host_password": "two words", "port": 1}', "two words"),
        ("MONGODB_PASSWORD=hunter2", "hunter2"),
        ("Settings(password='it\\'s', debug=1)", "it\\'s"),
        ("Authorization: Bearer hunter2", "hunter2"),
        ("$2b$12$KIXQ4Zz6gq0b1Pz5n8y7euJ8n1k2l3m4n5o6p7q8r9s0t1u2v3w4x", "KIXQ4Zz6gq0b1Pz5n8y7eu"),
        (f"key {'ab' * 32}", "abab"),
    ],
)
def test_secrets_are_hidden(text: str, secret: str) -> None:
    assert secret not in redacted(text)
    assert "(hidden)" in redacted(text)


def test_what_is_no_secret_stays() -> None:
    text = "mongodb://127.0.0.1:27017/ for ada@example.com at 12:30: 412 kWh in meters.csv"
    assert redacted(text) == text
    assert redacted("see tulip here", ["tulip"]) == "see (hidden) here"
