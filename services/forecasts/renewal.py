"""Predict the days, weeks and months to come, and anew after each import."""

from dataclasses import dataclass

import pandas as pd
from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from ml.forecasting.forecast import Forecaster, forecast, last_known
from ml.forecasting.history import LEVEL_DAYS
from ml.parallel import Workers
from services import audit, cluster, ids, readings
from services.forecasts.coarse_periods import CoarseForecasts, add_coarse
from services.forecasts.metered import Metered, ends, energy_meters, metered, metered_of
from services.forecasts.periods import FACILITY, PERIODS, end_of, period_sums, with_bounds
from services.forecasts.predictions import Prediction, list_upcoming, store_predictions
from services.forecasts.training import check_days, train
from services.forecasts.versions import ForecastRefused, ModelReport, known_devices, reports, trained_model
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed

STAGE = "Predicting"
LEAST_HORIZON = 60


def latest_import(scope: Scope) -> Document | None:
    """Find `_id` and `createdAt` of the latest import that brought readings; None where there is none."""
    brought = {"state": "done", "$or": [{"added": {"$gt": 0}}, {"changed": {"$gt": 0}}]}
    latest_first = [("createdAt", -1), ("_id", -1)]
    return scope.db["imports"].find_one(scope.owned(brought), {"createdAt": True}, sort=latest_first)


def note_followed(scope: Scope, import_id: ObjectId) -> None:
    """Record that predictions rest on the readings of this import and all before."""
    change = {"$set": {"followedImport": import_id}}
    scope.db["forecast_settings"].update_one(scope.owned(), change, upsert=True)


def claim_import(scope: Scope) -> bool:
    """Claim the latest import for new predictions; False where there is none or another program has it."""
    latest = latest_import(scope)
    if latest is None:
        return False
    settings = scope.db["forecast_settings"]
    if not settings.count_documents(scope.owned({"followedImport": {"$exists": True}})):
        # A database from before this was noted.
        since = {"heldOut": False, "createdAt": {"$gte": latest["createdAt"]}}
        if scope.db["predictions"].find_one(scope.owned(since), {"_id": True}):
            return False
    other = scope.owned({"followedImport": {"$ne": latest["_id"]}})
    try:
        settings.update_one(other, {"$set": {"followedImport": latest["_id"]}}, upsert=True)
    except DuplicateKeyError:
        return False
    return True


def forget_import(scope: Scope, import_id: str) -> None:
    """Remove the open predictions made since an import that was taken back; models are trained again soon.

    What rests on readings that are no more is no forecast: until then none is stored, and `next_month` takes
    the last weeks as usual.
    """
    taken_back = scope.db["imports"].find_one(
        scope.owned({"_id": ids.object_id(import_id)}), {"createdAt": 1}
    )
    if taken_back is None:
        return
    stale = {"heldOut": False, "actualValue": None, "createdAt": {"$gte": taken_back["createdAt"]}}
    scope.db["predictions"].delete_many(scope.owned(stale))
    # None, so that whichever import is now the latest is to be followed.
    change = {"$set": {"followedImport": None, "trainsAgain": True}}
    scope.db["forecast_settings"].update_one(scope.owned({"followedImport": {"$exists": True}}), change)


@dataclass(frozen=True)
class Outdated:
    """What models do not know, so that they are to be trained again."""

    readings_gone: bool
    """Whether readings that they learnt from were taken back since."""
    new_devices: frozenset[str] = frozenset()
    """Running ones, by id, that are metered for long enough to be learnt."""


def models_are_old(scope: Scope, settings: Settings) -> bool:
    """Return whether models learnt from readings that are no more, or do not know a running meter."""
    return outdated(scope, settings) is not None


def outdated(scope: Scope, settings: Settings) -> Outdated | None:
    """Return what the models in use do not know; None where that is nothing, or there are none."""
    gone = scope.db["forecast_settings"].find_one(scope.owned({"trainsAgain": True})) is not None
    new = _new_devices(scope, settings)
    return Outdated(gone, new) if gone or new else None


def _new_devices(scope: Scope, settings: Settings) -> frozenset[str]:
    known, ended = known_devices(scope, settings), ends(scope)
    if known is None or ended is None or ended.running <= known:
        return frozenset()
    new = ended.running.intersection(energy_meters(scope)) - known
    of_new = readings.daily_consumption(scope, device_ids=sorted(new))
    days = metered(of_new).days.notna().sum()
    return frozenset(str(device) for device in days.index[days >= LEVEL_DAYS])


def retrains_after_imports(scope: Scope) -> bool:
    """Return whether models are trained after each import: not unless wanted, as they stay good for weeks."""
    return scope.db["forecast_settings"].find_one(scope.owned({"retrainsAfterImports": True})) is not None


@typed
def retrain_after_imports(scope: Scope, wanted: bool) -> None:
    """Store whether models are trained after each import, or only predict anew."""
    change = {"$set": {"retrainsAfterImports": wanted}}
    scope.db["forecast_settings"].update_one(scope.owned(), change, upsert=True)
    audit.record_for(scope, "settings.changed", "forecasts", {"retrainsAfterImports": wanted})


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
    known = metered_of(scope)
    matrix = known.days
    check_days(known)
    if matrix.empty:
        raise ForecastRefused("There are no readings to predict from. Import readings first.")
    last = known.last
    ended = ends(scope)
    # A day that is read in part only may begin a month.
    end = horizon_end(max(last, pd.Timestamp(ended.origin)) if ended else last)
    with cluster.workers(settings.loadlens_cluster) as workers:
        found = _forecast(forecaster, matrix, last, end, workers)
    progress(STAGE, 1, 2)
    predictions = with_bounds(_periods(known, found, last, end), found, forecaster, known.counts)
    predictions = add_coarse(predictions, CoarseForecasts(known), last)
    progress(STAGE, 2, 2)
    store_predictions(scope, name, predictions, held_out=False, origin=ended.origin if ended else None)
    if followed is not None:
        note_followed(scope, followed["_id"])
    return list_upcoming(scope, name)


def horizon_end(last: pd.Timestamp) -> pd.Timestamp:
    """Return the last day predicted when readings end on ``last``."""
    next_month = (last.to_period("M") + 1).end_time.normalize()
    return max(next_month, last + pd.Timedelta(days=LEAST_HORIZON))


def _forecast(
    forecaster: Forecaster, matrix: pd.DataFrame, last: pd.Timestamp, end: pd.Timestamp, workers: Workers
) -> pd.DataFrame:
    """Forecast the days that running devices lack until the horizon's end."""
    lasts = last_known(matrix)
    running = lasts[lasts > last - pd.Timedelta(days=LEVEL_DAYS)]
    steps = (end - running.min()).days
    found = forecast(forecaster, matrix[running.index], steps, workers)
    return found[found["date"] <= end]


def _periods(known: Metered, found: pd.DataFrame, last: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Sum to columns type, device (id, or FACILITY), start, predicted (kWh)."""
    ahead = found.pivot_table(index="date", columns="device", values="predicted")
    days = known.days.reindex(pd.date_range(known.days.index[0], end)).combine_first(ahead)
    facility = days[known.counting(days.columns)].sum(axis=1, min_count=1).to_frame(FACILITY)
    parts = []
    for period in PERIODS:
        sums = period_sums(days[ahead.columns].join(facility), period)
        ahead_sums = sums[end_of(pd.DatetimeIndex(sums.index), period) > last]
        long = ahead_sums.rename_axis("start").melt(
            ignore_index=False, var_name="device", value_name="predicted"
        )
        parts.append(long.dropna().reset_index().assign(type=period))
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class Renewal:
    """What became of predictions that were to be renewed."""

    models: list[ModelReport]
    """Those that have predicted."""
    trained: bool
    """Whether they were trained first."""
    refusal: ForecastRefused | None
    """Why not all of them have; it is tried again after the next import."""


def renew(scope: Scope, settings: Settings, progress: Progress = silent) -> Renewal:
    """Predict with every trained model.

    Models are trained first where there are none yet, they are old, or the user wants it after each import.
    Raises whatever ``progress`` raises, with the earlier predictions still whole.
    """
    old = models_are_old(scope, settings)
    done: list[ModelReport] = []
    models: list[ModelReport] = []
    try:
        if not (old or retrains_after_imports(scope)):
            models = reports(scope, settings)
        for report in models or train(scope, settings, progress):
            predict(scope, settings, report.name, progress)
            done.append(report)
        scope.db["forecast_settings"].update_one(scope.owned(), {"$unset": {"trainsAgain": True}})
    except ForecastRefused as refusal:
        return Renewal(done, not models, refusal)
    return Renewal(done, not models, None)
