"""How often the prediction intervals of `loadlens forecast` hold, from many more origins than peers stand.

    python tests/benchmarks/forecast_coverage.py [--homes FILE] [--only SET]

Days near each other err alike, and so do all meters of a set: from six origins no three points of coverage
can be told from chance. Here Loadlens is fitted anew every few days, on each weekday, and what is made up is
made several times. After each ± the standard error: between the sets where there are several, else between
origins, those within 28 days taken together (Newey and West 1987).

Width: of the interval as a share of the meter's mean. Score: the width, and for each miss 2 / (1 - level)
times what it misses by (Winkler 1972); less is better.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from forecast_benchmark import SAMPLE, ours
from forecast_sets import HORIZON, Set, offices, sets

LEVELS, WEEK = (80, 95), 7
ORIGINS = {
    "homes": (141, 6),
    "homes, gappy": (141, 6),
    "homes, facility total": (141, 6),
    "offices": (394, 27),
    "region": (394, 13),
}
"""The days known to the first forecast, and those between one and the next; by set."""
MADE = {"offices": (3, 21, 22), "region": (4, 11, 12, 13, 14, 15)}
"""Seeds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--homes", type=Path, default=SAMPLE, metavar="FILE")
    parser.add_argument("--only", metavar="SET", choices=list(ORIGINS))
    chosen = parser.parse_args()
    for name, alike in _sets(chosen.homes).items():
        if chosen.only in (None, name):
            print(f"\n{name}", flush=True)
            first, apart = ORIGINS[name]
            table = _scored([_told(one, first, apart) for one in alike], apart)
            print(table.to_string(float_format="{:.3f}".format), flush=True)


def _sets(homes: Path) -> dict[str, list[Set]]:
    found = {one.name: [one] for one in sets(homes)}
    eights = [offices(8, 730, seed) for seed in MADE["offices"]]
    sums = [offices(60, 730, seed).sum(axis=1).to_frame("Region") for seed in MADE["region"]]
    made = {"offices": eights, "region": sums}
    return found | {name: [Set(name, one, one, "DE") for one in alike] for name, alike in made.items()}


def _told(one: Set, first: int, apart: int) -> pd.DataFrame:
    """Of each origin and level, over a week and all days: the share of days that were held, width, score."""
    named = one.actual.rename_axis(index="ds", columns="unique_id")
    actual = named.melt(ignore_index=False, value_name="actual").reset_index()
    mean = one.actual.mean()
    parts = []
    for cut in range(first, len(one.actual) - HORIZON + 1, apart):
        days = ours(one, cut, one.country).merge(actual, on=["ds", "unique_id"])
        ahead = (days["ds"] - one.actual.index[cut - 1]).dt.days
        for level in LEVELS:
            low, high, came = days[f"lower_{level}"], days[f"upper_{level}"], days["actual"]
            width, missed = high - low, (low - came).clip(lower=0) + (came - high).clip(lower=0)
            score = width + 2 / (1 - level / 100) * missed
            each = {"held": came.between(low, high), "width": width / days["unique_id"].map(mean)}
            each |= {"score": score / days["unique_id"].map(mean)}
            for most in (WEEK, HORIZON):
                means = pd.DataFrame(each)[ahead.between(1, most)].mean()
                parts.append({"level": level, "days": most, "cut": cut, **means})
    return pd.DataFrame(parts)


def _scored(told: list[pd.DataFrame], apart: int) -> pd.DataFrame:
    """A row for each level and horizon."""
    each = pd.concat(told, keys=range(len(told)), names=["made"])
    rows = {}
    for (level, days), part in each.groupby(["level", "days"]):
        made = part.groupby("made")["held"].mean()
        alone = _standard_error(part["held"].to_numpy(), -(-HORIZON // apart))
        error = made.std() / np.sqrt(len(made)) if len(made) > 1 else alone
        means = part.groupby("made")[["held", "width", "score"]].mean().mean()
        rows[f"{level} %, {days} days"] = {"origins": len(part), "held": means["held"], "±": error, **means}
    return pd.DataFrame(rows).T.astype({"origins": int})


def _standard_error(values: np.ndarray, together: int) -> float:
    """Of the mean of a series whose neighbours, up to so many apart, are alike."""
    off = values - values.mean()
    variance = off @ off
    for lag in range(1, min(together, len(off) - 1) + 1):
        variance += 2 * (1 - lag / (together + 1)) * (off[lag:] @ off[:-lag])
    return float(np.sqrt(max(variance, 0.0)) / len(off))


if __name__ == "__main__":
    main()
