"""Files that do not say plainly whose readings they hold, through the command line.

``python tests/faults/identity.py [--seed 1]``. Each kind is imported at three intervals into a database of
its own, one file after the other. Right: what each device has is what was measured there. Asked: the last
file was refused with a sentence that names an option, nothing of it was stored, and with the option it is
right. The exit status is 1 if a kind was neither.
"""

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from ground import EMAIL, PASSWORD, Tally, settings_in, verdict

from services import accounts, cli
from services.startup import opened

INTERVALS = {"15 minutes": ("15min", 2880), "days": ("D", 60), "months": ("MS", 24)}
"""Step and number of readings."""


@dataclass(frozen=True)
class Kind:
    """Files in the order of their import, what is stored then, and the option where it is to be asked."""

    title: str
    files: Sequence[tuple[str, pd.DataFrame]]
    expected: Sequence[pd.DataFrame]
    option: tuple[str, str] | None = None


def kinds(step: str, count: int, seed: int) -> Iterator[Kind]:
    random = np.random.default_rng(seed)

    def meter(name: str | None = "Main meter", start: str = "2022-01-01", **words: str) -> pd.DataFrame:
        times = pd.date_range(start, periods=count, freq=step)
        columns = {"Date": times} | ({"Meter": name} if name else {}) | words
        return pd.DataFrame(columns | {"kWh": random.integers(1000, 9000, count) / 100})

    one, other, third = (meter(Location=place) for place in ("Mill", "Depot", "Yard"))
    yield Kind("two places, two files", [("a", one), ("b", other)], [one, other])
    yield Kind("three places, one file", [("a", pd.concat([one, other, third]))], [one, other, third])
    yield Kind("two places, again", [("a", one), ("b", other), ("c", one), ("d", other)], [one, other])
    first, second = (meter(**{"Meter number": number}) for number in ("DE001", "DE002"))
    yield Kind("two numbers, two files", [("a", first), ("b", second)], [first, second])
    yield Kind("two numbers, one file", [("a", pd.concat([first, second]))], [first, second])
    later = meter(start="2030-01-01", Location="Depot")
    yield Kind(
        "two places, then one", [("a", one), ("b", other), ("c", later)], [one, pd.concat([other, later])]
    )
    bare, contrary = meter(), meter()
    yield Kind("nothing tells", [("a", bare), ("b", contrary)], [bare, contrary], ("--on-conflict", "new"))
    corrected = bare.assign(kWh=bare["kWh"].where(bare.index % 10 > 0, bare["kWh"] + 3))
    yield Kind("corrections", [("a", bare), ("b", corrected)], [corrected])
    yield Kind("the same again", [("a", bare), ("b", bare)], [bare])
    usage = meter(None)
    for name in ("usage (1)", "usage - Copy", "usage_2", "second half"):
        files = [("usage", usage), (name, usage)]
        yield Kind(f"second download “{name}”", files, [usage], ("--on-duplicate", "same"))
    more = pd.concat([usage, meter(None, "2030-01-01")])
    files = [("usage", usage), ("usage (1)", more)]
    yield Kind("second download with more", files, [more], ("--on-duplicate", "same"))
    renamed = bare.assign(Meter="Hall")
    yield Kind("renamed meter", [("a", bare), ("b", renamed)], [bare], ("--on-duplicate", "same"))
    different = meter(None)
    yield Kind("other readings", [("usage", usage), ("usage (1)", different)], [usage, different])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    tally = Tally("whose readings", ("wrong",))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["LOADLENS_DATA_DIR"] = str(folder / "data")
        with opened(settings_in(folder)):
            for interval, (step, count) in INTERVALS.items():
                for number, kind in enumerate(kinds(step, count, seed)):
                    os.environ["MONGODB_NAME"] = f"identity_{step}_{number}"
                    outcome, why = _tried(folder, kind)
                    tally.add(outcome)
                    print(f"{interval:12} {kind.title:36} {outcome:6} {why}", flush=True)
    return verdict([tally.done()])


def _tried(folder: Path, kind: Kind) -> tuple[str, str]:
    settings = settings_in(folder)
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", EMAIL, PASSWORD)
    for name, frame in kind.files:
        path = folder / f"{name}.csv"
        frame.to_csv(path, index=False)
        before = _totals()
        status, said = _run("import", str(path), "--user", EMAIL)
    if status == 0:
        return ("wrong", "unasked") if kind.option else _judged(kind, "right")
    if not kind.option or kind.option[0] not in said or _totals() != before:
        return "wrong", said.strip()[:60]
    status, said = _run("import", str(path), "--user", EMAIL, *kind.option)
    return _judged(kind, "asked") if status == 0 else ("wrong", said.strip()[:60])


def _judged(kind: Kind, outcome: str) -> tuple[str, str]:
    expected = sorted(round(float(frame["kWh"].sum()), 2) for frame in kind.expected)
    found = _totals()
    return (outcome, "") if found == expected else ("wrong", f"{found} instead of {expected}")


def _totals() -> list[float]:
    """kWh of each device."""
    status, said = _run("stats", "--user", EMAIL, "--json")
    found = json.loads(said)["deviceBreakdown"] if status == 0 else []
    return sorted(round(part["consumption"], 2) for part in found)


def _run(*arguments: str) -> tuple[int, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        status = cli.main(arguments)
    return status, out.getvalue() + (err.getvalue() if status else "")


if __name__ == "__main__":
    sys.exit(main())
