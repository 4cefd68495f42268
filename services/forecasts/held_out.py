"""What a model would have said of the days held out, of each period the evening before it began."""

import pandas as pd

from ml.forecasting import forecast
from ml.training import Evaluation
from services.forecasts.periods import FACILITY, PERIODS, end_of, start_of


def held_out(evaluation: Evaluation, matrix: pd.DataFrame) -> pd.DataFrame:
    """Predictions of every day, week and month that lies wholly within the days held out.

    Each is made from the readings before the period alone: a day is forecast one day ahead, a month's
    last day thirty. Columns: type, device (id, or FACILITY), start, predicted (kWh).
    """
    return pd.concat([_of(period, evaluation, matrix) for period in PERIODS], ignore_index=True)


def _of(period: str, evaluation: Evaluation, matrix: pd.DataFrame) -> pd.DataFrame:
    days = pd.DatetimeIndex(matrix.index[matrix.index >= evaluation.first_held_out])
    starts = pd.DatetimeIndex(start_of(days, period).unique())
    ends = end_of(starts, period)
    whole = (starts >= days[0]) & (ends <= days[-1])
    starts, ends = starts[whole], ends[whole]
    steps = int((ends - starts).days.max()) + 1 if len(starts) else 0
    each = matrix.columns.repeat(len(starts)), pd.DatetimeIndex(starts.tolist() * matrix.shape[1])
    found = forecast(evaluation.model, evaluation.scale, matrix, *each, steps)
    within = found[found["date"] <= end_of(pd.DatetimeIndex(found["start"]), period)]
    sums = within.groupby(["device", "start"], as_index=False)["predicted"].sum()
    facility = sums.groupby("start", as_index=False)["predicted"].sum()
    both: pd.DataFrame = pd.concat([sums, facility.assign(device=FACILITY)])
    return both.assign(type=period)
