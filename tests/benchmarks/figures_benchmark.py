"""Whether the figures are true, whatever the readings: Loadlens beside a computation by the minute.

``python tests/benchmarks/figures_benchmark.py [--all] [--seen | --facility] [--case WORDS]``. Made-up meters
of all kinds (`figures_facility`) are written as files, which the real program imports into a data folder of
its own. Each figure is then asked for over several periods and choices of meters, and held against what
pandas makes of the same readings laid on minutes (`figures_truth`). After that come the cases that were seen
to be wrong (`figures_seen`). A row of the table is

- equal: within a millionth, or what the row allows;
- not known: neither side gives a number, for the readings allow none;
- refused: the program did not import the file, or asks about it;
- NOT SHOWN: there is a number, and the program has none;
- WRONG: any other.

What the program refuses or asks is listed in its own sentence. Ends with 1 where a row is NOT SHOWN or
WRONG. ``--all`` prints the other rows as well.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from figures_facility import PERIODS, Facility, Period, facility
from figures_program import Account, Program, Refusal, opened
from figures_seen import CASES, Row, Shown
from figures_truth import Figures, Truth

EQUAL, NOT_KNOWN, REFUSED, NOT_SHOWN, WRONG = WORDS = "equal", "not known", "refused", "NOT SHOWN", "WRONG"
ALL = "all meters"
STATS_PERIODS = PERIODS[:2]


@dataclass(frozen=True)
class Verdict:
    """A row of a case and what is to be said of it."""

    case: str
    row: Row
    true: float | None
    """The value, or that of several which differs most from what is shown."""
    shown: float | None
    word: str


def main() -> int:
    """Print the table; 1 where a figure is wrong or not shown."""
    chosen, began = _arguments(), time.perf_counter()
    verdicts: list[Verdict] = []
    with opened() as program:
        for case, row in _rows(program, chosen):
            verdicts.append(judge(case, row))
            if chosen.all or verdicts[-1].word in (NOT_SHOWN, WRONG):
                _print(verdicts[-1])
        refusals = [refusal for account in program.accounts for refusal in account.refusals]
    _print_refusals(refusals)
    _print_counts(verdicts)
    print(f"{time.perf_counter() - began:.0f} s")
    return int(any(verdict.word in (NOT_SHOWN, WRONG) for verdict in verdicts))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", action="store_true", help="print the rows that are right, too")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--facility", action="store_true", help="only the facility")
    part.add_argument("--seen", action="store_true", help="only the cases that were seen")
    parser.add_argument("--case", default="", help="only the seen cases whose title has these words")
    return parser.parse_args()


def _rows(program: Program, chosen: argparse.Namespace) -> Iterator[tuple[str, Row]]:
    """Make the rows of the facility, then those of the cases that were seen, with the name of their case."""
    if not (chosen.seen or chosen.case):
        yield from _facility_rows(program.account("the facility"))
    if not chosen.facility:
        for title, case in CASES.items():
            if chosen.case in title:
                account = program.account(title)
                rows = case(account)
                yield from ((title, replace(row, refused=account.lacks_file)) for row in rows)


def _facility_rows(account: Account) -> Iterator[tuple[str, Row]]:
    made = facility()
    for source in made.sources:
        answer = account.bring_in(source.write(account.folder), source.options)
        yield from ((source.name, row) for row in _taken(made, (answer or {}).get("meters", [])))
    account.arrange(made.device_list)
    account.set_facility(made.floor_area, made.prices)
    truth = Truth(made)
    for name, meters in _choices(made).items():
        for period in PERIODS:
            shown = account.figures(() if name == ALL else meters, period)
            yield from ((name, row) for row in _compared(period, truth.figures(meters, period), shown))
    yield from _remainder(account, truth)
    for utility in (None, "electricity", "gas"):
        for period in STATS_PERIODS:
            found = account.statistics(period, utility)
            if found is not None:
                true = truth.statistics(list(made.meters), utility, period)
                yield from ((f"stats, {utility or 'all'}", row) for row in _compared(period, true, found))


def _choices(made: Facility) -> dict[str, tuple[str, ...]]:
    """Choose each meter alone, those that go together, and all."""
    alone = {name: (name,) for name, meter in made.meters.items() if meter.counts}
    return {**alone, **made.cases, ALL: tuple(made.meters)}


def _compared(period: Period, true: Figures, shown: Figures) -> Iterator[Row]:
    for figure, value in true.items():
        yield Row(figure, period.name, value, shown.get(figure), refused=not shown)


def _taken(made: Facility, said: list[dict[str, Any]]) -> Iterator[Row]:
    """Compare what the import says that it took for each meter."""
    for told in said:
        meter = made.meters.get(told["device"])
        if meter:
            kwh = None if meter.kwh_per_unit is None else float(np.nansum(meter.kwh))
            kind = (told["utility"], told["direction"]) == (meter.utility, meter.direction)
            yield Row("imported kWh", meter.name, kwh, told["kwh"])
            yield Row("imported utility and direction", meter.name, 1.0, float(kind))


def _remainder(account: Account, truth: Truth) -> Iterator[tuple[str, Row]]:
    """Compare what of the main meter is not sub-metered."""
    sums = [float(np.nansum(truth.kwh[name])) for name in ("Main", "Hall 1", "Hall 2")]
    shown = account.figures(("Main", "Hall 1", "Hall 2")).get("remainder")
    yield "main and its sub-meters", Row("not sub-metered", "all", sums[0] - sums[1] - sums[2], shown)


def judge(case: str, row: Row) -> Verdict:
    """Compare a row's sides, of several values where they differ most."""
    true, shown = _sides(row)
    if true is None:
        return Verdict(case, row, true, shown, NOT_KNOWN if shown is None else WRONG)
    if shown is None:
        return Verdict(case, row, true, shown, REFUSED if row.refused else NOT_SHOWN)
    near = abs(true - shown) <= row.tolerance * max(abs(true), 1.0 if abs(true) < 1e-9 else 0.0)
    return Verdict(case, row, true, shown, EQUAL if near else WRONG)


def _sides(row: Row) -> tuple[float | None, float | None]:
    true, shown = row.true, _known(row.shown)
    if isinstance(true, dict):
        given = shown if isinstance(shown, dict) else {}
        shown = np.array([given.get(name, 0.0) for name in true]) if given else None
        true = np.array(list(true.values()))
    if row.figure == "duration" and isinstance(true, np.ndarray) and shown is not None:
        place, shown = shown
        true = true[np.round(place * (len(true) - 1)).astype("int64")]
    if isinstance(true, np.ndarray):
        return _worst(true.ravel(), None if shown is None else np.ravel(shown))
    if isinstance(shown, np.ndarray | dict):
        return true, _any(shown)
    return true, shown


def _known(shown: Shown) -> Shown:
    """Take what is shown, None for nothing but empty places."""
    if isinstance(shown, np.ndarray):
        return shown if shown.size and not np.isnan(shown).all() else None
    return None if shown is None or (isinstance(shown, float) and np.isnan(shown)) else shown


def _any(shown: np.ndarray | dict[str, float]) -> float:
    values = np.array(list(shown.values())) if isinstance(shown, dict) else shown
    return float(np.nanmax(values))


def _worst(true: np.ndarray, shown: np.ndarray | None) -> tuple[float | None, float | None]:
    """Find the pair of values that differ most; lengths where these differ."""
    if shown is None:
        return float(np.nanmax(true)), None
    if true.shape != shown.shape:
        return float(len(true)), float(len(shown))
    apart = np.abs(true - shown) / np.maximum(np.abs(true), 1e-9)
    neither = np.isnan(true) & np.isnan(shown)
    place = int(np.where(neither, -1.0, np.nan_to_num(apart, nan=np.inf)).argmax())
    found = [None if np.isnan(side[place]) else float(side[place]) for side in (true, shown)]
    return found[0], found[1]


def _print(verdict: Verdict) -> None:
    true, shown = (("–" if side is None else f"{side:,.6g}") for side in (verdict.true, verdict.shown))
    print(
        f"{verdict.word:10}{verdict.case[:46]:48}{verdict.row.figure[:36]:38}{verdict.row.period:32}"
        f"{true:>14}{shown:>14}",
        flush=True,
    )


def _print_refusals(refusals: list[Refusal]) -> None:
    for refusal, count in Counter(refusals).items():
        times = f" ({count} times)" if count > 1 else ""
        print(f"refused   {refusal.case[:46]:48}{refusal.what}{times}\n{'':10}{refusal.sentence}")


def _print_counts(verdicts: list[Verdict]) -> None:
    """Print how many rows of each word there are by figure, and over all."""
    figures = Counter((verdict.row.figure, verdict.word) for verdict in verdicts)
    print(f"\n{'':40}" + "".join(f"{word:>12}" for word in WORDS))
    for figure in dict.fromkeys(verdict.row.figure for verdict in verdicts):
        print(f"{figure:40}" + "".join(f"{figures[figure, word]:12}" for word in WORDS))
    total = Counter(verdict.word for verdict in verdicts)
    print(f"{'all':40}" + "".join(f"{total[word]:12}" for word in WORDS))


if __name__ == "__main__":
    sys.exit(main())
