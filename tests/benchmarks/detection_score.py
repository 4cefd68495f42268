"""Events found against the anomalies that are there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

KINDS = ["spike", "outage", "stuck", "shift", "night"]
DRAWS = 1000
MONTH = pd.Timedelta(days=30.4)


@dataclass(frozen=True)
class Score:
    anomalies: pd.DataFrame
    """device, kind, and in how many events each was found."""
    false: pd.Series
    """By meter, events that overlap no anomaly."""
    months: pd.Series
    """By meter, for how long it was looked at."""

    @classmethod
    def of(cls, events: pd.DataFrame, wrong: pd.DataFrame, readings: pd.DataFrame) -> "Score":
        """Events (device, start, end) against anomalies (those and kind) in readings (times, meters)."""
        events = events.rename_axis("event").reset_index()
        pairs = wrong.reset_index().merge(events, on="device")
        same = pairs[(pairs["start_x"] < pairs["end_y"]) & (pairs["end_x"] > pairs["start_y"])]
        pieces = same.groupby("index").size().reindex(wrong.index, fill_value=0)
        alarms = events.loc[~events["event"].isin(same["event"]), "device"].value_counts()
        step = readings.index[1] - readings.index[0]
        return cls(
            wrong[["device", "kind"]].assign(pieces=pieces),
            alarms.reindex(readings.columns, fill_value=0),
            readings.notna().sum() * (step / MONTH),
        )

    @classmethod
    def total(cls, scores: "Sequence[Score]") -> "Score":
        return cls(
            pd.concat([score.anomalies for score in scores]),
            sum(score.false for score in scores),
            sum(score.months for score in scores),
        )

    def among(self, meters: Sequence[str]) -> "Score":
        of = self.anomalies["device"].isin(meters)
        return Score(self.anomalies[of], self.false.loc[meters], self.months.loc[meters])

    @property
    def f1(self) -> float:
        return float(_figures(*self._sums().sum().to_numpy())[2])

    def _sums(self) -> pd.DataFrame:
        """By meter: anomalies found (in several pieces or one), anomalies, false alarms, months."""
        by_meter = (self.anomalies["pieces"] > 0).groupby(self.anomalies["device"]).agg(["sum", "size"])
        sums = by_meter.reindex(self.false.index, fill_value=0)
        return sums.assign(false=self.false, months=self.months).astype("float64")

    def row(self, untouched: "Score") -> str:
        """Precision, recall, F1 and false alarms a month, the latter two with 90 % over meters drawn anew.

        ``untouched`` is the score in the readings that nothing was put into.
        """
        sums = self._sums().to_numpy()
        precision, recall, f1, false = _figures(*sums.sum(axis=0))
        drawn = np.random.default_rng(0).integers(0, len(sums), (DRAWS, len(sums)))
        _, _, f1s, falses = _figures(*sums[drawn].sum(axis=1).T)
        kinds = self.anomalies.assign(found=self.anomalies["pieces"] > 0).groupby("kind")["found"].mean()
        by_kind = " ".join(f"{share:7.2f}" for share in kinds.reindex(KINDS))
        habits = self.anomalies[(self.anomalies["kind"] == "night") & (self.anomalies["pieces"] > 0)]
        return (
            f"{precision:9.2f}{recall:8.2f}{f1:6.2f} {_between(f1s)}{false:7.2f} {_between(falses)}"
            f"{untouched.false.sum() / untouched.months.sum():8.2f} {by_kind}"
            f"{habits['pieces'].mean():9.1f}"
        )


def _figures(found: np.ndarray, anomalies: np.ndarray, false: np.ndarray, months: np.ndarray) -> tuple:
    precision, recall = found / np.maximum(found + false, 1), found / np.maximum(anomalies, 1)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return precision, recall, f1, false / months


def _between(values: np.ndarray) -> str:
    low, high = np.quantile(values, [0.05, 0.95])
    return f"({low:.2f}-{high:.2f})"
