"""Events found against the anomalies that are there."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

KINDS = ["spike", "outage", "stuck", "shift"]


@dataclass(frozen=True)
class Score:
    hits: pd.Series
    """Of each anomaly, by its kind, whether an event overlaps it."""
    false: int
    """Events that overlap none."""

    @classmethod
    def of(cls, events: pd.DataFrame, wrong: pd.DataFrame) -> "Score":
        """Events (device, start, end) against anomalies (those and kind)."""
        pairs = wrong.reset_index().merge(events.rename_axis("event").reset_index(), on="device")
        same = pairs[(pairs["start_x"] < pairs["end_y"]) & (pairs["end_x"] > pairs["start_y"])]
        hits = pd.Series(wrong.index.isin(same["index"]), index=wrong["kind"])
        return cls(hits, len(events) - same["event"].nunique())

    @classmethod
    def total(cls, scores: "Sequence[Score]") -> "Score":
        return cls(pd.concat([score.hits for score in scores]), sum(score.false for score in scores))

    @property
    def precision(self) -> float:
        """An anomaly found in several pieces counts once."""
        return float(self.hits.sum() / max(self.hits.sum() + self.false, 1))

    @property
    def recall(self) -> float:
        return float(self.hits.mean())

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)

    def row(self, months: float) -> str:
        kinds = self.hits.groupby(level=0).mean().reindex(KINDS)
        by_kind = " ".join(f"{share:8.2f}" for share in kinds)
        return f"{self.precision:9.2f}{self.recall:8.2f}{self.f1:6.2f}{self.false / months:13.2f} {by_kind}"
