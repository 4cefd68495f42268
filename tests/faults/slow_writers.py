"""Slow writers of every kind into a watched folder: how many rows they wrote, and how many are stored.

``python tests/faults/slow_writers.py [--pauses 8 26 90]``. Each writer writes 2,000 readings of its own meter
in two halves with a pause between them (or more, where it is a logger), all of them at once, while
``loadlens watch`` runs over a real server. The exit status is 1 if a reading is missing or wrong, or if there
are meters that nobody wrote.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path

import pandas as pd
from ground import EMAIL, PASSWORD, Tally, settings_in, verdict

from services import accounts, readings
from services.settings import Settings
from services.startup import opened

ROWS, HALF = 2_000, 1_000
FAULTS = ("missing", "wrong", "meters of nobody")
QUIET_S = 45
"""After the last writer, for the folder to be looked into and read."""
OLD = time.time() - 7_200

Pause = Callable[[], None]


def lines(meter: str, first: int, last: int) -> str:
    """Rows of hourly readings; the value of each tells its place."""
    hours = pd.date_range("2024-01-01", periods=ROWS, freq="h")[first:last]
    return "".join(
        f"{hour:%Y-%m-%d %H:%M},{meter},{value(place)}\n" for place, hour in enumerate(hours, first)
    )


def value(place: int) -> str:
    return f"{1 + place * 37 % 89}.{place % 10}25"  # up and down, as no register does


HEADER = "Date,Device,kWh\n"


def appends_and_holds(path: Path, meter: str, pause: Pause) -> None:
    with path.open("w") as file:
        file.write(HEADER + lines(meter, 0, HALF))
        file.flush()
        pause()
        file.write(lines(meter, HALF, ROWS))


def appends_and_closes(path: Path, meter: str, pause: Pause) -> None:
    path.write_text(HEADER + lines(meter, 0, HALF))
    pause()
    with path.open("a") as file:
        file.write(lines(meter, HALF, ROWS))


def logs_bit_by_bit(path: Path, meter: str, pause: Pause) -> None:
    path.write_text(HEADER + lines(meter, 0, HALF))
    for first in range(HALF, ROWS, 250):
        pause()
        with path.open("a") as file:
            file.write(lines(meter, first, first + 250))


def breaks_within_a_row(path: Path, meter: str, pause: Pause) -> None:
    whole = HEADER + lines(meter, 0, ROWS)
    half = len(HEADER + lines(meter, 0, HALF)) - 4
    with path.open("w") as file:
        file.write(whole[:half])
        file.flush()
        pause()
        file.write(whole[half:])


def renames_a_draft(path: Path, meter: str, pause: Pause) -> None:
    for rows in (HALF, ROWS):
        draft = path.with_suffix(".tmp")
        draft.write_text(HEADER + lines(meter, 0, rows))
        pause()
        draft.replace(path)


def rewrites_in_place(path: Path, meter: str, pause: Pause) -> None:
    for rows in (HALF, ROWS):
        path.write_text(HEADER + lines(meter, 0, rows))
        pause()


def preallocates(path: Path, meter: str, pause: Pause) -> None:
    first, second = (HEADER + lines(meter, 0, HALF)).encode(), lines(meter, HALF, ROWS).encode()
    with path.open("wb", buffering=0) as file:
        file.truncate(len(first) + len(second))
        file.write(first)
        pause()
        file.write(second)


def copies_with_its_time(path: Path, meter: str, pause: Pause) -> None:
    """As a copy over a slow network that sets the original's time while it goes on."""
    with path.open("w") as file:
        file.write(HEADER + lines(meter, 0, HALF))
        file.flush()
        os.utime(path, (OLD, OLD))
        pause()
        file.write(lines(meter, HALF, ROWS))
        file.flush()
        os.utime(path, (OLD, OLD))


def saves_a_workbook(path: Path, meter: str, pause: Pause) -> None:
    table, whole = pd.read_csv(BytesIO((HEADER + lines(meter, 0, ROWS)).encode())), BytesIO()
    table.to_excel(whole, index=False)
    with path.with_suffix(".xlsx").open("wb", buffering=0) as file:
        file.write(whole.getvalue()[:20_000])
        pause()
        file.write(whole.getvalue()[20_000:])


def two_at_once(path: Path, meter: str, pause: Pause) -> None:
    with path.open("a") as one, path.open("a") as other:
        one.write(HEADER + lines(meter, 0, HALF))
        one.flush()
        pause()
        other.write(lines(meter, HALF, HALF + 500))
        other.flush()
        pause()
        one.write(lines(meter, HALF + 500, ROWS))


WRITERS = (
    appends_and_holds, appends_and_closes, logs_bit_by_bit, breaks_within_a_row, renames_a_draft,
    rewrites_in_place, preallocates, copies_with_its_time, saves_a_workbook, two_at_once,
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pauses", type=float, nargs="+", default=[8, 26, 90], help="seconds")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        inbox = folder / "inbox"
        inbox.mkdir()
        settings = settings_in(folder)
        with opened(settings) as db:
            accounts.register(db, "Ada", "Wong", EMAIL, PASSWORD)
            with watching(settings, inbox), ThreadPoolExecutor(len(WRITERS) * len(chosen.pauses)) as pool:
                for writer, pause in trials(chosen.pauses):
                    meter = meter_of(writer, pause)
                    pool.submit(writer, inbox / f"{meter}.csv", meter, partial(time.sleep, pause))
                pool.shutdown()
                time.sleep(QUIET_S)
        return verdict(counted(settings, chosen.pauses))


def trials(pauses: Sequence[float]) -> Iterator[tuple[Callable[[Path, str, Pause], None], float]]:
    for pause in pauses:
        yield from ((writer, pause) for writer in WRITERS)


def meter_of(writer: Callable[[Path, str, Pause], None], pause: float) -> str:
    return f"{writer.__name__} {pause:g}"


@contextmanager
def watching(settings: Settings, inbox: Path) -> Iterator[None]:
    """``loadlens watch`` over the folder, until the block ends."""
    command = [sys.executable, "-m", "desktop", "watch", str(inbox), "--user", EMAIL]
    program = subprocess.Popen(command, env={**os.environ, "LOADLENS_DATA_DIR": str(settings.data_dir)})
    try:
        yield
    finally:
        program.terminate()
        program.wait(60)


def counted(settings: Settings, pauses: Sequence[float]) -> list[Tally]:
    """One line for each kind of writer: rows of all its trials, by what became of them."""
    with opened(settings) as db:
        scope = accounts.scope_of(db, EMAIL)
        frame, names = readings.interval_data(scope), db["devices"].distinct("name", scope.owned())
    frame["place"] = (frame["date"] - pd.Timestamp("2024-01-01", tz="UTC")) // pd.Timedelta(hours=1)
    frame["right"] = [
        abs(kwh - float(value(place))) < 1e-6
        for place, kwh in zip(frame["place"], frame["consumption"], strict=True)
    ]
    tallies = []
    for writer in WRITERS:
        tally = Tally(writer.__name__.replace("_", " "), FAULTS)
        for pause in pauses:
            found = frame[frame["device"] == meter_of(writer, pause)]
            tally.add("written", ROWS)
            tally.add("stored", len(found))
            tally.add("missing", ROWS - len(found))
            tally.add("wrong", int((~found["right"]).sum()))
        tallies.append(tally.done())
    strangers = set(names) - {meter_of(*trial) for trial in trials(pauses)}
    others = Tally("all of them", FAULTS)
    others.add("meters of nobody", len(strangers))
    return [*tallies, others.done()]


if __name__ == "__main__":
    sys.exit(main())
