"""Forecasts and models from a file, without a database."""

from pathlib import Path

import pandas as pd

from ml.features import scale_of
from ml.forecasting import forecast, last_known
from ml.intervals import intervals
from services import readings
from services.forecasts.days import whole_days
from services.forecasts.refused import ForecastRefused
from services.forecasts.reports import ModelReport
from services.forecasts.training import keep, trained
from services.progress import Progress, silent
from services.settings import Settings
from services.tables import write_table

MOST_DAYS = 366


def forecast_file(path: Path, horizon_days: int, output: Path, progress: Progress = silent) -> int:
    """Forecast the daily kWh of each device in a spreadsheet for so many days after its own last day.

    The model with the least test error on this very file is used. ``output`` (.csv or .xlsx) gets the
    columns device, date, consumption, lower, upper; lower and upper hold about nine days in ten. Returns
    how many rows. Raises `ForecastRefused`, `readings.FileRefused`, `readings.MappingRefused` and
    `tables.TableRefused`; ``output`` is written whole or not at all.
    """
    if not 1 <= horizon_days <= MOST_DAYS:
        raise ForecastRefused(
            "A forecast of {days} days cannot be made. Choose from 1 to {most} days.",
            days=horizon_days,
            most=MOST_DAYS,
        )
    daily = _daily(path)
    matrix = whole_days(daily)
    best = min(trained(matrix, progress), key=lambda one: one.evaluation.metrics["WAPE"])
    scale = scale_of(matrix)
    # A file may end in the middle of a day: that day is forecast on the way, but not asked for.
    wanted = daily.groupby("device")["date"].max()
    starts = last_known(matrix) + pd.Timedelta(days=1)
    steps = horizon_days + int((wanted - starts).dt.days.max()) + 1
    found = forecast(best.model, scale, matrix, starts.index, pd.DatetimeIndex(starts), steps)
    half = intervals(best.evaluation, matrix).half_width(found["device"], found["step"])
    low = found["device"].map(scale.low)
    found = found.assign(
        consumption=found["predicted"],
        lower=(found["predicted"] - half).clip(lower=low),
        upper=found["predicted"] + half,
    )
    ahead = (found["date"] - found["device"].map(wanted)).dt.days
    rows = found[ahead.between(1, horizon_days)].round({"consumption": 3, "lower": 3, "upper": 3})
    rows = rows.assign(date=rows["date"].dt.strftime("%Y-%m-%d"))
    write_table(rows[["device", "date", "consumption", "lower", "upper"]], output)
    return len(rows)


def train_file(
    path: Path, folder: Path, settings: Settings, progress: Progress = silent
) -> list[ModelReport]:
    """Train every model on a spreadsheet and write them to a folder; how each did, the best first.

    Raises `ForecastRefused`, `readings.FileRefused`, `readings.MappingRefused`.
    """
    models = list(trained(whole_days(_daily(path)), progress))
    try:
        return keep(models, folder, settings.signing_key)
    except OSError as error:
        raise ForecastRefused(
            "The models cannot be written to {folder}: {reason}.", folder=folder, reason=error.strerror
        ) from None


def _daily(path: Path) -> pd.DataFrame:
    """Daily kWh of a file's devices, shaped like `readings.daily_consumption`; its days are the file's."""
    frame = readings.read_file(path, "UTC").frame
    # Two spellings of a name are one device, as in the database.
    first = frame.groupby(frame["device"].str.casefold())["device"].transform("first")
    days = frame.assign(device=first, date=frame["date"].dt.tz_localize(None).dt.normalize())
    daily = days.groupby(["device", "date"], as_index=False).agg(
        consumption=("consumption", "sum"), readings=("consumption", "size")
    )
    return daily.assign(deviceId=daily["device"])
