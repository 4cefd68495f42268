"""Days, weeks and months: where they begin, and what they sum to."""

import pandas as pd

FACILITY = ""
"""In frames, what stands for the whole facility where a device's id would."""
KINDS = {"daily": "D", "weekly": "W-SUN", "monthly": "M"}
PERIODS = tuple(KINDS)


def start_of(days: pd.DatetimeIndex, period: str) -> pd.DatetimeIndex:
    """The first day of the period that each day lies in; weeks begin on Monday."""
    return days.to_period(KINDS[period]).to_timestamp()


def end_of(starts: pd.DatetimeIndex, period: str) -> pd.DatetimeIndex:
    """The last day of the periods that begin on these days."""
    return starts.to_period(KINDS[period]).end_time.normalize()


def period_sums(days: pd.DataFrame, period: str) -> pd.DataFrame:
    """Daily values (rows are consecutive days) summed by period; NaN where a day of it is missing."""
    starts = start_of(pd.DatetimeIndex(days.index), period)
    grouped = days.groupby(starts)
    distinct = pd.DatetimeIndex(starts.unique())
    lengths = pd.Series((end_of(distinct, period) - distinct).days + 1, index=distinct)
    return grouped.sum().where(grouped.count().eq(lengths, axis=0))
