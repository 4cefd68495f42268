"""Starts that go wrong: a data folder that cannot be written, and several programs at the same moment.

``python tests/faults/starts.py [--rounds 20] [--programs 4] [--seed S]``. A program, or with it its server,
is killed while it makes a new database or replaces the password of one: the next start opens it. The folder
is read-only in four ways (as another user and by mounting, which takes root; else these are left out):
``loadlens`` must say so in a sentence. Then programs start at once, on a new folder and again on the old one,
write, and leave at different moments: there is one ``mongod`` at a time, every program works to its end, and
every write that was acknowledged is there. The exit status is 1 if it is not so.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
from disk_full import loadlens, may_mount, small_disk
from ground import EMAIL, PATIENCE_S, Tally, facility, settings_in, verdict

from services.database.private import user
from services.errors import LoadlensError
from services.settings import Settings
from services.startup import opened

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
CUT_SHORT = ("not opened", "lost", "passwords left")
REFUSED = ("started all the same", "without a sentence", "tracebacks", "lost")
TOGETHER = ("failed", "lost", "two servers at once", "servers left")

PROGRAM = """
import sys, time
from services.settings import Settings
from services.startup import opened
folder, name, moment, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
settings = Settings(_env_file=None, loadlens_data_dir=folder)
time.sleep(max(0.0, moment - time.time()))
with opened(settings) as db:
    end, written = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        db["notes"].insert_one({"_id": f"{name}-{written}"})
        written += 1
        time.sleep(0.02)
print(written)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--programs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        return verdict(
            [
                cut_short(folder, chosen.rounds, random.Random(chosen.seed)),
                read_only(folder / "read-only"),
                together(folder, chosen.rounds, chosen.programs, random.Random(chosen.seed)),
            ]
        )


def cut_short(folder: Path, rounds: int, chance: random.Random) -> Tally:
    """First starts, and starts with a password of an earlier version, killed at random moments."""
    tally = Tally("Killed while the server gets its password", CUT_SHORT)
    for number in range(rounds):
        settings = settings_in(folder / f"cut short {number // 2}")
        settings.data_dir.parent.mkdir(exist_ok=True)
        is_old = number % 2 == 1
        if is_old:
            _as_before(settings)
        _kill_while_it_starts(settings, chance, tally)
        try:
            with opened(settings_in(settings.data_dir.parent)) as db:
                db["notes"].replace_one({"_id": "kept"}, {"_id": "kept"}, upsert=True)
                tally.add("passwords replaced" if is_old else "databases made")
                tally.add("lost", is_old and not db["notes"].find_one({"_id": "old"}))
        except LoadlensError as error:
            print(error, flush=True)
            tally.add("not opened")
        tally.add("passwords left", user.RETIRED in (settings.data_dir / "secrets.json").read_text())
    return tally.done()


def _as_before(settings: Settings) -> None:
    """The folder as an earlier version has left it: its password is another, by another name."""
    with opened(settings) as db:
        db["notes"].replace_one({"_id": "old"}, {"_id": "old"}, upsert=True)
        db.client.admin.command("updateUser", user.NAME, pwd="told to others")
    (settings.data_dir / "secrets.json").write_text(json.dumps({user.RETIRED: "told to others"}))


def _kill_while_it_starts(settings: Settings, chance: random.Random, tally: Tally) -> None:
    arguments = [str(settings.data_dir), "x", "0", "0"]
    program = subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], stdout=subprocess.DEVNULL)
    end = time.monotonic() + PATIENCE_S
    while not (found := _servers(settings)) and program.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 2.0))
    program.kill()
    program.wait()
    if chance.random() < 0.5:
        tally.add("killed with their server")
        for pid in found:
            with suppress(psutil.NoSuchProcess):
                psutil.Process(pid).kill()
    else:
        tally.add("killed alone")


def read_only(folder: Path) -> Tally:
    """A folder that cannot be written is named, whatever keeps it from being written."""
    tally = Tally("Data folder read-only", REFUSED)
    if os.geteuid() or not may_mount(folder.parent):
        tally.add("not tried without root")
        return tally.done()
    folder.mkdir()
    with small_disk(folder, 500):
        settings = settings_in(folder)
        settings.data_dir.mkdir(mode=0o755)
        _refused(settings, tally, AS_NOBODY)  # a new folder of somebody else
        facility(settings, 2, 30)
        with opened(settings) as db:
            before = db["consumption_data"].count_documents({})
        _refused(settings, tally, AS_NOBODY)  # an old one
        _owned(settings.data_dir, NOBODY)
        (settings.data_dir / "database").chmod(0o500)
        _owned(settings.data_dir / "database", 0)
        _refused(settings, tally, AS_NOBODY)  # only the database within it
        (settings.data_dir / "database").chmod(0o700)
        _owned(settings.data_dir, 0)
        with _unwritable(folder):
            _refused(settings, tally, [])
        said = loadlens(settings, tally, "stats", "--user", EMAIL)
        tally.add("lost", said.returncode)
        with opened(settings) as db:
            tally.add("lost", before - db["consumption_data"].count_documents({}))
    return tally.done()


def together(folder: Path, rounds: int, programs: int, chance: random.Random) -> Tally:
    """Programs at the same moment, on a new and on an old folder in turn."""
    tally = Tally(f"{programs} programs at once", TOGETHER)
    for number in range(rounds):
        settings = settings_in(folder / f"together {number // 2}")
        settings.data_dir.parent.mkdir(exist_ok=True)
        _all_at_once(settings, number, programs, chance, tally)
        tally.add("on an old folder" if number % 2 else "on a new folder")
    return tally.done()


def _all_at_once(settings: Settings, number: int, programs: int, chance: random.Random, tally: Tally) -> None:
    moment = time.time() + 1.0
    with ExitStack() as running:
        counting = running.enter_context(_servers_counted(settings, tally))
        started = [
            subprocess.Popen(
                [
                    *(sys.executable, "-c", PROGRAM, str(settings.data_dir), f"{number}-{name}"),
                    *(str(moment + chance.choice([0.0, 0.0, 1.0])), str(chance.uniform(0.0, 3.0))),
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for name in range(programs)
        ]
        said = [program.communicate(timeout=PATIENCE_S) for program in started]
        counting.set()
    for program, (_, complaints) in zip(started, said, strict=True):
        tally.add("failed", program.returncode != 0)
        if program.returncode:
            print(complaints[-1500:], flush=True)
    written = [int(out or 0) for out, _ in said]
    tally.add("servers left", len(_servers(settings)))
    with opened(settings) as db:
        ours = {"_id": {"$regex": f"^{number}-"}}
        tally.add("lost", max(0, sum(written) - db["notes"].count_documents(ours)))
    tally.add("written", sum(written))


@contextmanager
def _servers_counted(settings: Settings, tally: Tally) -> Iterator[threading.Event]:
    """Look all the time how many servers are over the folder."""
    over = threading.Event()

    def count() -> None:
        while not over.wait(0.1):
            if len(_servers(settings)) > 1:
                tally.add("two servers at once")

    looking = threading.Thread(target=count)
    looking.start()
    try:
        yield over
    finally:
        over.set()
        looking.join()


def _servers(settings: Settings) -> list[int]:
    """Those that have opened the database: what is refused by the lock of another ends at once."""
    store, found = settings.data_dir / "database", []
    for process in psutil.process_iter(["name", "cmdline", "status"]):
        ours = process.info["name"] == "mongod" and str(store) in (process.info["cmdline"] or [])
        if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process.pid)
    return found


def _refused(settings: Settings, tally: Tally, by: list[str]) -> None:
    said = loadlens(settings, tally, "stats", "--user", EMAIL, by=by)
    tally.add("refused" if said.returncode else "started all the same")


@contextmanager
def _unwritable(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def _owned(folder: Path, user: int) -> None:
    subprocess.run(["chown", "-R", f"{user}:{user}", folder], check=True)


if __name__ == "__main__":
    sys.exit(main())
