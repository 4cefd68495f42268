"""Predict the days, weeks and months to come."""

import pandas as pd

from ml.forecasting.forecast import Forecaster, forecast, last_known
from ml.forecasting.history import LEVEL_DAYS
from ml.parallel import Workers
from services import cluster, readings
from services.forecasts import stored
from services.forecasts.bounds import with_bounds
from services.forecasts.days import whole_days
from services.forecasts.followed_import import latest_import, note_followed
from services.forecasts.listing import Prediction, to_come
from services.forecasts.periods import FACILITY, PERIODS, end_of, period_sums
from services.forecasts.refused import ForecastRefused
from services.forecasts.versions import trained_model
from services.progress import Progress, silent
from services.scope import Scope
from services.settings import Settings
from services.typed import typed

STAGE = "Predicting"
LEAST_HORIZON = 60


@typed
def predict(
    scope: Scope, settings: Settings, model: str | None = None, progress: Progress = silent
) -> list[Prediction]:
    """Predict the next 60 days and more, until the next calendar month is whole; store and return them.

    ``model`` is a name, by default the combination: what the backtest chose for each device and horizon. A
    week or month under way is what was metered of it and what is forecast of the rest. Devices that stopped
    (28 days without a reading) are not predicted. Replaces this model's earlier predictions, but for those
    that came true. Raises `ForecastRefused`, and whatever ``progress`` raises, with the earlier ones still
    whole.
    """
    name, forecaster = trained_model(scope, settings, model)
    progress(STAGE, 0, 2)
    followed = latest_import(scope)
    matrix = whole_days(readings.daily_consumption(scope))
    if matrix.empty:
        raise ForecastRefused("There are no readings to predict from. Import readings first.")
    last = pd.Timestamp(matrix.index[-1])
    with cluster.workers(settings.loadlens_cluster) as workers:
        found = _forecast(forecaster, matrix, last, workers)
    progress(STAGE, 1, 2)
    predictions = with_bounds(_periods(matrix, found, last), found, forecaster)
    progress(STAGE, 2, 2)
    stored.replace(scope, name, predictions, held_out=False)
    if followed is not None:
        note_followed(scope, followed["_id"])
    return to_come(scope, name)


def horizon_end(last: pd.Timestamp) -> pd.Timestamp:
    """The last day predicted when readings end on ``last``."""
    next_month = (last.to_period("M") + 1).end_time.normalize()
    return max(next_month, last + pd.Timedelta(days=LEAST_HORIZON))


def _forecast(
    forecaster: Forecaster, matrix: pd.DataFrame, last: pd.Timestamp, workers: Workers
) -> pd.DataFrame:
    """The days that running devices lack until the horizon's end."""
    ends = last_known(matrix)
    running = ends[ends > last - pd.Timedelta(days=LEVEL_DAYS)]
    steps = (horizon_end(last) - running.min()).days
    found = forecast(forecaster, matrix[running.index], steps, workers)
    return found[found["date"] <= horizon_end(last)]


def _periods(matrix: pd.DataFrame, found: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Columns type, device (id, or FACILITY), start, predicted (kWh)."""
    ahead = found.pivot_table(index="date", columns="device", values="predicted")
    days = matrix.reindex(pd.date_range(matrix.index[0], horizon_end(last))).combine_first(ahead)
    facility = days.sum(axis=1, min_count=1).to_frame(FACILITY)
    parts = []
    for period in PERIODS:
        sums = period_sums(days[ahead.columns].join(facility), period)
        ahead_sums = sums[end_of(pd.DatetimeIndex(sums.index), period) > last]
        long = ahead_sums.rename_axis("start").melt(
            ignore_index=False, var_name="device", value_name="predicted"
        )
        parts.append(long.dropna().reset_index().assign(type=period))
    return pd.concat(parts, ignore_index=True)
