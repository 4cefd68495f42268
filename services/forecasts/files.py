"""Forecasts and models from a file, without a database."""

from pathlib import Path

import pandas as pd

from ml.forecasting.forecast import forecast, last_known
from ml.forecasting.training import COMBINATION
from services import cluster, readings
from services.forecasts.periods import whole_days
from services.forecasts.training import HORIZON, train_models
from services.forecasts.versions import ForecastRefused, ModelReport, folder_refused, write_models
from services.progress import Progress, silent
from services.settings import Settings
from services.tables import write_table

MOST_DAYS = 366
BOUNDS = ["lower_80", "upper_80", "lower_95", "upper_95"]


def forecast_file(
    path: Path,
    horizon_days: int,
    output: Path,
    country: str | None = None,
    progress: Progress = silent,
    scheduler: str | None = None,
) -> int:
    """Forecast the daily kWh of each device in a spreadsheet for some days after its own last day.

    For each device and horizon the model or combination is used that a backtest on this very file chose.
    ``country`` (ISO 3166) is whose public holidays the devices keep, ``scheduler`` the address of a Dask
    cluster that takes the work. ``output`` (.csv or .xlsx) gets the columns device, date, consumption, lower,
    upper: the interval that holds 95 % of days; then lower_80, upper_80, lower_95, upper_95 and model.
    Returns how many rows. Raises `ForecastRefused`, `HolidaysUnknown`, `readings.FileRefused`,
    `readings.MappingRefused` and `tables.TableRefused`; ``output`` is written whole or not at all.
    """
    if not 1 <= horizon_days <= MOST_DAYS:
        raise ForecastRefused(
            "A forecast of {days} days cannot be made. Choose from 1 to {most} days.",
            days=horizon_days,
            most=MOST_DAYS,
        )
    rows = forecast_days(_daily(path), horizon_days, country, progress, scheduler)
    table = rows.assign(
        date=rows["date"].dt.strftime("%Y-%m-%d"), lower=rows["lower_95"], upper=rows["upper_95"]
    )
    columns = ["device", "date", "consumption", "lower", "upper", *BOUNDS, "model"]
    write_table(table[columns].round(dict.fromkeys(("consumption", "lower", "upper", *BOUNDS), 3)), output)
    return len(rows)


def forecast_days(
    daily: pd.DataFrame,
    horizon_days: int,
    country: str | None = None,
    progress: Progress = silent,
    scheduler: str | None = None,
) -> pd.DataFrame:
    """Forecast as `forecast_file` does, from a frame like that of `readings.daily_consumption`.

    Columns: device (id), date, consumption, lower_80, upper_80, lower_95, upper_95, model.
    """
    matrix = whole_days(daily)
    # Readings may end in the middle of a day: that day is forecast on the way, but not asked for.
    wanted = daily.groupby("deviceId")["date"].max()
    with cluster.workers(scheduler) as workers:
        result = train_models(matrix, horizon_days, country, progress, workers)
        late = int((wanted - last_known(matrix)).dt.days.max())
        found = forecast(result.models.forecasters[COMBINATION], matrix, horizon_days + late, workers)
    ahead = (found["date"] - found["device"].map(wanted)).dt.days
    rows = found[ahead.between(1, horizon_days)].rename(columns={"predicted": "consumption"})
    return rows[["device", "date", "consumption", *BOUNDS, "model"]]


def train_file(
    path: Path, folder: Path, settings: Settings, country: str | None = None, progress: Progress = silent
) -> list[ModelReport]:
    """Train every model on a spreadsheet, write them to a folder and return how each did.

    Raises `ForecastRefused`, `readings.FileRefused`, `readings.MappingRefused`.
    """
    matrix = whole_days(_daily(path))
    with cluster.workers(settings.loadlens_cluster) as workers:
        result = train_models(matrix, HORIZON, country, progress, workers)
    try:
        return write_models(result.models.forecasters, result.metadata, folder, settings.signing_key)
    except OSError as error:
        raise folder_refused(folder, error) from None


def _daily(path: Path) -> pd.DataFrame:
    """Read a file's daily kWh, shaped like `readings.daily_consumption`; its days are the file's."""
    daily = readings.sum_file_by_day(readings.read_file(path, "UTC").frame, "UTC")
    return daily.assign(deviceId=daily["device"])
