"""Train every model on a facility's readings, and predict the days held out with each."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Floats
from ml.forecasting import training
from ml.forecasting.backtest import Backtest, backtest
from ml.forecasting.forecast import Forecaster, bound
from ml.forecasting.history import LEARNABLE, LEVEL_DAYS
from ml.forecasting.prediction_intervals import LEVELS
from ml.forecasting.training import COMBINATION, Trained
from ml.holidays import CountryUnknown
from ml.parallel import Workers
from services import cluster
from services.forecasts.coarse_periods import CoarseForecasts, add_coarse
from services.forecasts.metered import Metered, metered_of
from services.forecasts.periods import FACILITY, PERIODS, PeriodKind, end_of, start_of, with_bounds
from services.forecasts.predictions import fill_actuals, store_predictions
from services.forecasts.versions import ForecastRefused, ModelReport, store_version
from services.holidays import holiday_country, unknown_holidays
from services.progress import Progress, silent
from services.scope import Scope
from services.settings import Settings

STAGE = "Training models"
HORIZON = 60
"""Days ahead that models are trained for; they can be asked for more."""


@dataclass(frozen=True)
class TrainingResult:
    """All that training has brought, and what is to be written beside each model."""

    models: training.Trained
    metadata: dict[str, dict[str, Any]]


def train(scope: Scope, settings: Settings, progress: Progress = silent) -> list[ModelReport]:
    """Train every model, store its held-out predictions and return how each did, as `reports` does.

    The models are a new version, in use from now on; earlier ones are kept. Until all are trained, models
    and predictions stay as they are. Raises `ForecastRefused` for readings of less than 14 days or too far
    apart, `HolidaysUnknown`, and whatever ``progress`` raises.
    """
    known = metered_of(scope)
    matrix = known.days
    check_days(known)
    with cluster.workers(settings.loadlens_cluster) as workers:
        result = train_models(matrix, HORIZON, holiday_country(scope), progress, workers)
    predicted = held_out(result.models, known)
    progress(STAGE, 1, 1)
    found = store_version(result.models.forecasters, result.metadata, scope, settings)
    for name, predictions in predicted.items():
        store_predictions(scope, name, predictions, held_out=True)
    fill_actuals(scope)
    return found


def check_days(known: Metered) -> None:
    """Raise `ForecastRefused` where all meters are read by the week, the month or longer."""
    if known.coarse and known.days.empty:
        raise ForecastRefused(
            "No meter is read every day, and days cannot be forecast from longer readings. The next month "
            "is forecast from these without training. Import daily or hourly readings for more."
        )


def train_models(
    matrix: pd.DataFrame, horizon: int, country: str | None, progress: Progress, workers: Workers
) -> TrainingResult:
    """Train every model on the days (rows) and devices (columns) of ``matrix``, kWh.

    Raises `ForecastRefused` and `HolidaysUnknown`.
    """
    try:
        models = training.train(
            matrix, horizon, country, lambda done, total: progress(STAGE, done, total + 1), workers
        )
    except training.HistoryTooShort as short:
        raise ForecastRefused(
            "There are too few readings to forecast from: {days} whole days, and at least {least} are "
            "needed. Import earlier readings.",
            days=short.days,
            least=training.LEAST_DAYS,
        ) from None
    except training.HistoryTooSparse:
        raise ForecastRefused(
            "The readings are too far apart to forecast days from: at least one device needs {least} days "
            "with readings in every {within}, up to the last. Import daily or hourly readings.",
            least=LEARNABLE,
            within=LEVEL_DAYS,
        ) from None
    except CountryUnknown:
        raise unknown_holidays(country) from None
    metadata = {
        "trainedAt": datetime.now(UTC).isoformat(),
        "trainedFrom": matrix.index[0].date().isoformat(),
        "trainedTo": matrix.index[-1].date().isoformat(),
        "heldOutFrom": models.first_held_out.date().isoformat(),
        "country": country,
        "devices": int(matrix.notna().any().sum()),
        "rows": int(matrix.notna().to_numpy().sum()),
        "deviceIds": [str(device) for device in matrix.columns],
        "learnt": models.learnt,
    }
    return TrainingResult(
        models,
        {
            name: {**metadata, "metrics": models.scores[name], "mattered": models.importance[name]}
            for name in models.forecasters
        },
    )


def held_out(trained: Trained, known: Metered) -> dict[str, pd.DataFrame]:
    """Predict, by model, every day, week and month that lies wholly within the days held out.

    Each is made from the readings before the period alone: a day is forecast one day ahead, a month's
    last day thirty. Columns: type, device (id, or FACILITY), start, predicted (kWh); of the combination
    also the bounds that it gives what is to come as far ahead. A coarse meter's days are never predicted.
    """
    matrix, coarse = known.days, CoarseForecasts(known)
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in trained.tested}
    for period in PERIODS:
        starts, lengths = _whole(matrix, trained.first_held_out, period)
        if not len(starts):
            continue
        everything = trained.tested[COMBINATION]
        eves = matrix.index.get_indexer(starts) - 1
        tested = backtest(everything.models, matrix, everything.country, eves, int(lengths.max()))
        running = matrix.rolling(LEVEL_DAYS, min_periods=1).count().iloc[eves].to_numpy() > 0
        for name, forecaster in trained.tested.items():
            shares = forecaster.choice.apply(tested.predicted, tested.devices, tested.ahead)
            sums = _sums(shares, tested, lengths)
            table = pd.DataFrame(np.where(running, sums, np.nan), starts, matrix.columns)
            long = _long(table, period, known.counting(table.columns))
            if name == COMBINATION:
                long = with_bounds(
                    long,
                    _days(forecaster, shares, tested, starts, lengths, running),
                    forecaster,
                    known.counts,
                )
            parts[name].append(add_coarse(long, coarse))
    return {name: pd.concat(found, ignore_index=True) for name, found in parts.items() if found}


def _whole(
    matrix: pd.DataFrame, first: pd.Timestamp, period: PeriodKind
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return first days and lengths of the periods that lie wholly between ``first`` and the last day."""
    days = pd.DatetimeIndex(matrix.index[matrix.index >= first])
    starts = pd.DatetimeIndex(start_of(days, period).unique())
    ends = end_of(starts, period)
    whole = (starts >= days[0]) & (ends <= days[-1])
    return starts[whole], ((ends - starts).days.to_numpy() + 1)[whole]


def _sums(shares: Floats, tested: Backtest, lengths: np.ndarray) -> np.ndarray:
    """Sum the kWh of each period and device."""
    within = tested.ahead[None, :] <= lengths[:, None]
    sums: np.ndarray = (shares * within[:, :, None]).sum(axis=1) * tested.scale
    return sums


def _days(
    forecaster: Forecaster,
    shares: Floats,
    tested: Backtest,
    starts: pd.DatetimeIndex,
    lengths: npt.NDArray[np.int64],
    running: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    """Return the forecast of each day of the periods, as `ml.forecasting.forecast` does."""
    within = (tested.ahead[None, :] <= lengths[:, None])[:, :, None] & running[:, None, :]
    period, step, device = np.nonzero(within)
    level = tested.scale[period, device]
    kwh = shares[within] * level
    found = pd.DataFrame(
        {
            "device": tested.devices.to_numpy()[device],
            "date": starts[period] + pd.to_timedelta(step, unit="D"),
            "step": step + 1,
            "predicted": kwh,
        }
    )
    reach = level * forecaster.intervals.scatter_ratio(tested.devices, tested.scatter)[period, device]
    for share in LEVELS:
        below, above = forecaster.intervals.bounds(share, tested.devices, tested.ahead)
        found[bound("lower", share)] = np.maximum(kwh - below[step, device] * reach, np.minimum(kwh, 0.0))
        found[bound("upper", share)] = kwh + above[step, device] * reach
    return found


def _long(table: pd.DataFrame, period: PeriodKind, counting: list[str]) -> pd.DataFrame:
    facility = table[counting].sum(axis=1, min_count=1).to_frame(FACILITY)
    long = (
        table.join(facility)
        .rename_axis("start")
        .melt(ignore_index=False, var_name="device", value_name="predicted")
    )
    return long.dropna().reset_index().assign(type=period)
