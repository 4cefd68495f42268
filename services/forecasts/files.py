"""Forecasts and models from a file, without a database."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ml.forecasting.forecast import forecast, last_known
from ml.forecasting.history import LEVEL_DAYS
from ml.forecasting.training import COMBINATION
from services import cluster, readings
from services.forecasts.metered import Metered, metered
from services.forecasts.training import HORIZON, check_days, train_models
from services.forecasts.versions import ForecastRefused, ModelReport, folder_refused, write_models
from services.messages import formats, gettext
from services.progress import Progress, silent
from services.settings import Settings
from services.tables import write_table

MOST_DAYS = 366
BOUNDS = ["lower_80", "upper_80", "lower_95", "upper_95"]


@dataclass(frozen=True)
class LeftOut:
    """A device of a file that is not forecast, and why."""

    device: str
    why: str
    """A sentence."""


@dataclass(frozen=True)
class FileForecast:
    """What was written: how many rows, and which devices are not among them."""

    rows: int
    left_out: list[LeftOut]


def forecast_file(
    path: Path,
    horizon_days: int,
    output: Path,
    country: str | None = None,
    progress: Progress = silent,
    scheduler: str | None = None,
) -> FileForecast:
    """Forecast the daily kWh of each device in a spreadsheet for some days after its own last day.

    For each device and horizon the model or combination is used that a backtest on this very file chose.
    ``country`` (ISO 3166) is whose public holidays the devices keep, ``scheduler`` the address of a Dask
    cluster that takes the work. ``output`` (.csv or .xlsx) gets the columns device, date, consumption, lower,
    upper: the interval that holds 95 % of days; then lower_80, upper_80, lower_95, upper_95 and model.
    Devices that had stopped 28 days before the others' last, and those that are not read every day, are
    left out. Raises `ForecastRefused`, `HolidaysUnknown`, `readings.FileRefused`,
    `readings.MappingRefused` and `tables.TableRefused`; ``output`` is written whole or not at all.
    """
    if not 1 <= horizon_days <= MOST_DAYS:
        raise ForecastRefused(
            "A forecast of {days} days cannot be made. Choose from 1 to {most} days.",
            days=horizon_days,
            most=MOST_DAYS,
        )
    daily = _daily(path)
    rows = forecast_days(daily, horizon_days, country, progress, scheduler)
    table = rows.assign(
        date=rows["date"].dt.strftime("%Y-%m-%d"), lower=rows["lower_95"], upper=rows["upper_95"]
    )
    columns = ["device", "date", "consumption", "lower", "upper", *BOUNDS, "model"]
    write_table(table[columns].round(dict.fromkeys(("consumption", "lower", "upper", *BOUNDS), 3)), output)
    return FileForecast(len(rows), _left_out(metered(daily)))


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
    known = metered(daily)
    check_days(known)
    matrix = known.days
    # Readings may end in the middle of a day: that day is forecast on the way, but not asked for.
    wanted = last_known(known.every[matrix.columns])
    with cluster.workers(scheduler) as workers:
        result = train_models(matrix, horizon_days, country, progress, workers)
        late = int((wanted - last_known(matrix)).dt.days.max())
        running = matrix.drop(columns=_stopped(matrix).index)
        found = forecast(result.models.forecasters[COMBINATION], running, horizon_days + late, workers)
    ahead = (found["date"] - found["device"].map(wanted)).dt.days
    rows = found[ahead.between(1, horizon_days)].rename(columns={"predicted": "consumption"})
    return rows[["device", "date", "consumption", *BOUNDS, "model"]]


def _stopped(matrix: pd.DataFrame) -> pd.Series:
    """Return the last day of each device that has stopped."""
    last = last_known(matrix)
    stopped: pd.Series = last[last <= last.max() - pd.Timedelta(days=LEVEL_DAYS)]
    return stopped


def _left_out(known: Metered) -> list[LeftOut]:
    """Say of each device that is not forecast why."""
    coarse = [
        LeftOut(
            device,
            gettext(
                "{device} is read about every {days} days: its days cannot be forecast from such readings.",
                device=device,
                days=formats().number(meter.step),
            ),
        )
        for device, meter in known.coarse.items()
    ]
    stopped = [
        LeftOut(
            str(device),
            gettext(
                "{device} has no readings after {day}: it is not forecast to go on.",
                device=device,
                day=formats().day(last.date()),
            ),
        )
        for device, last in _stopped(known.days).items()
    ]
    return coarse + stopped


def train_file(
    path: Path, folder: Path, settings: Settings, country: str | None = None, progress: Progress = silent
) -> list[ModelReport]:
    """Train every model on a spreadsheet, write them to a folder and return how each did.

    Raises `ForecastRefused`, `readings.FileRefused`, `readings.MappingRefused`.
    """
    known = metered(_daily(path))
    check_days(known)
    matrix = known.days
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
