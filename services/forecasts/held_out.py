"""What a model would have said of the days held out, of each period the evening before it began."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Floats
from ml.forecasting.backtest import Backtest, backtest
from ml.forecasting.forecast import Forecaster, bound
from ml.forecasting.history import LEVEL_DAYS
from ml.forecasting.prediction_intervals import LEVELS
from ml.forecasting.training import COMBINATION, Trained
from services.forecasts.bounds import with_bounds
from services.forecasts.periods import FACILITY, PERIODS, end_of, start_of


def held_out(trained: Trained, matrix: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """By model, predictions of every day, week and month that lies wholly within the days held out.

    Each is made from the readings before the period alone: a day is forecast one day ahead, a month's
    last day thirty. Columns: type, device (id, or FACILITY), start, predicted (kWh); of the combination
    also the bounds that it gives what is to come as far ahead.
    """
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in trained.tested}
    for period in PERIODS:
        starts, lengths = _whole(matrix, trained.first_held_out, period)
        if not len(starts):
            continue
        everything = trained.tested[COMBINATION]
        eves = matrix.index.get_indexer(starts) - 1
        said = backtest(everything.models, matrix, everything.country, eves, int(lengths.max()))
        running = matrix.rolling(LEVEL_DAYS, min_periods=1).count().iloc[eves].to_numpy() > 0
        for name, forecaster in trained.tested.items():
            shares = forecaster.choice.apply(said.predicted, said.devices, said.ahead)
            sums = _sums(shares, said, lengths)
            table = pd.DataFrame(np.where(running, sums, np.nan), starts, matrix.columns)
            long = _long(table, period)
            if name == COMBINATION:
                long = with_bounds(
                    long, _days(forecaster, shares, said, starts, lengths, running), forecaster
                )
            parts[name].append(long)
    return {name: pd.concat(found, ignore_index=True) for name, found in parts.items() if found}


def _whole(matrix: pd.DataFrame, first: pd.Timestamp, period: str) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """First days and lengths of the periods that lie wholly between ``first`` and the last day."""
    days = pd.DatetimeIndex(matrix.index[matrix.index >= first])
    starts = pd.DatetimeIndex(start_of(days, period).unique())
    ends = end_of(starts, period)
    whole = (starts >= days[0]) & (ends <= days[-1])
    return starts[whole], ((ends - starts).days.to_numpy() + 1)[whole]


def _sums(shares: Floats, said: Backtest, lengths: np.ndarray) -> np.ndarray:
    """kWh of each period and device."""
    within = said.ahead[None, :] <= lengths[:, None]
    sums: np.ndarray = (shares * within[:, :, None]).sum(axis=1) * said.scale
    return sums


def _days(
    forecaster: Forecaster,
    shares: Floats,
    said: Backtest,
    starts: pd.DatetimeIndex,
    lengths: npt.NDArray[np.int64],
    running: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    """What was said of each day of the periods, as `ml.forecasting.forecast` gives it."""
    within = (said.ahead[None, :] <= lengths[:, None])[:, :, None] & running[:, None, :]
    period, step, device = np.nonzero(within)
    level = said.scale[period, device]
    kwh = shares[within] * level
    found = pd.DataFrame(
        {
            "device": said.devices.to_numpy()[device],
            "date": starts[period] + pd.to_timedelta(step, unit="D"),
            "step": step + 1,
            "predicted": kwh,
        }
    )
    reach = level * forecaster.intervals.scatter_ratio(said.devices, said.scatter)[period, device]
    for share in LEVELS:
        below, above = forecaster.intervals.bounds(share, said.devices, said.ahead)
        found[bound("lower", share)] = np.maximum(kwh - below[step, device] * reach, np.minimum(kwh, 0.0))
        found[bound("upper", share)] = kwh + above[step, device] * reach
    return found


def _long(table: pd.DataFrame, period: str) -> pd.DataFrame:
    facility = table.sum(axis=1, min_count=1).to_frame(FACILITY)
    long = (
        table.join(facility)
        .rename_axis("start")
        .melt(ignore_index=False, var_name="device", value_name="predicted")
    )
    return long.dropna().reset_index().assign(type=period)
