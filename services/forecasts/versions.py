"""Every training's models on disk, the last few of them, and which of them are in use.

A user's folder has one folder for each version, named for the moment it was trained at, and a file that
names the one in use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from filelock import FileLock

from ml import artifacts
from ml.forecasting.forecast import Forecaster
from ml.forecasting.models import NAMES
from ml.forecasting.training import COMBINATION
from services.errors import LoadlensError
from services.messages import gettext
from services.scope import Scope
from services.settings import Settings
from services.typed import typed
from services.whole_file import replace_text

KEPT = 5
IN_USE = "in_use"
DRAFT = ".draft"
ALL = (COMBINATION, *NAMES)


class ForecastRefused(LoadlensError):
    """A model cannot be trained or used, or a forecast not be made, as asked."""


@dataclass(frozen=True)
class ModelReport:
    """A trained model: on what, its test metrics, and what it rests on.

    ``metrics`` (see `ml.forecasting.evaluation`) are those of the backtest's last fold: forecasts of up to
    28 days ahead, made from days before the fold by models that had seen none of the backtest, and where
    models were combined, by a choice that had not seen the fold. The model itself was then trained on all
    days.
    """

    name: str
    """One of `ml.forecasting.models.NAMES`, or `combination`: what was chosen for each device and horizon."""
    trained_at: datetime
    trained_from: date
    trained_to: date
    held_out_from: date
    """The first day of the backtest."""
    country: str | None
    """Whose public holidays it knows."""
    devices: int
    rows: int
    """Device days."""
    metrics: dict[str, float]
    importance: dict[str, float]
    """The share of each kind of knowledge in the forecasts: see `ml.forecasting.evaluation.KINDS`."""


def from_metadata(metadata: dict[str, Any]) -> ModelReport:
    """Read the report that a model's metadata hold."""
    return ModelReport(
        name=metadata["name"],
        trained_at=datetime.fromisoformat(metadata["trainedAt"]),
        trained_from=date.fromisoformat(metadata["trainedFrom"]),
        trained_to=date.fromisoformat(metadata["trainedTo"]),
        held_out_from=date.fromisoformat(metadata["heldOutFrom"]),
        country=metadata["country"],
        devices=metadata["devices"],
        rows=metadata["rows"],
        metrics=metadata["metrics"],
        importance=metadata["mattered"],
    )


def in_order(found: list[ModelReport]) -> list[ModelReport]:
    """Sort reports: the combination first, because it was chosen before the test; then by test error."""
    return sorted(found, key=lambda report: (report.name != COMBINATION, report.metrics["WAPE"]))


@dataclass(frozen=True)
class Version:
    """The models of one training."""

    id: str
    in_use: bool
    reports: list[ModelReport]
    """As `reports` gives them."""


def reports(scope: Scope, settings: Settings) -> list[ModelReport]:
    """List the models in use, the combination first, then by test error; none that was tampered with."""
    folder = _folder_in_use(scope, settings)
    return _reports(scope, folder, settings) if folder else []


def known_devices(scope: Scope, settings: Settings) -> frozenset[str] | None:
    """Return the devices whose days the models in use have learnt; None where none say."""
    folder = _folder_in_use(scope, settings)
    if folder is None:
        return None
    try:
        metadata = artifacts.read(folder, COMBINATION, settings.signing_key, _place(scope, folder))
    except artifacts.ArtifactRefused:
        return None
    known = (metadata or {}).get("deviceIds")
    return None if known is None else frozenset(known)


def versions(scope: Scope, settings: Settings) -> list[Version]:
    """List the trainings that can be used, the latest first."""
    in_use = _folder_in_use(scope, settings)
    found = [
        Version(folder.name, folder == in_use, _reports(scope, folder, settings))
        for folder in _folders(models_folder(scope, settings))
    ]
    return [version for version in found if version.reports]


def refused_models(scope: Scope, settings: Settings) -> list[str]:
    """Say why models of the version in use would not be used, in a sentence each."""
    folder = _folder_in_use(scope, settings)
    if folder is None:
        return []
    refused = []
    for name in ALL:
        try:
            artifacts.check(folder, name, settings.signing_key, _place(scope, folder))
        except artifacts.ArtifactRefused as reason:
            refused.append(gettext(reason.sentence, **reason.details))
    return refused


@typed
def use_version(scope: Scope, settings: Settings, version_id: str) -> list[ModelReport]:
    """Use the models of that training from now on; return their reports. `predict` makes predictions anew.

    Raises `ForecastRefused`.
    """
    if version_id not in {version.id for version in versions(scope, settings)}:
        raise ForecastRefused("The models trained at {version} are not there any more.", version=version_id)
    folder = models_folder(scope, settings)
    try:
        _use(folder / version_id)
    except OSError as error:
        raise folder_refused(folder, error) from None
    return reports(scope, settings)


def trained_model(scope: Scope, settings: Settings, name: str | None) -> tuple[str, Forecaster]:
    """Load the model of that name, else the first of `reports`. Raises `ForecastRefused`."""
    if name is not None and name not in ALL:
        raise ForecastRefused(
            "There is no model “{name}”. Choose one of: {names}.", name=name, names=", ".join(ALL)
        )
    chosen = name or next((report.name for report in reports(scope, settings)), COMBINATION)
    folder = _folder_in_use(scope, settings)
    try:
        loaded = (
            artifacts.load(folder, chosen, settings.signing_key, _place(scope, folder)) if folder else None
        )
    except artifacts.ArtifactRefused as refused:
        raise ForecastRefused(
            "The model is not used: {reason} Train the models again.",
            reason=gettext(refused.sentence, **refused.details),
        ) from None
    if loaded is None:
        raise ForecastRefused("No model has been trained yet. Train the models first.")
    return chosen, loaded[0]


def store_version(
    models: Mapping[str, Forecaster], metadata: Mapping[str, dict[str, Any]], scope: Scope, settings: Settings
) -> list[ModelReport]:
    """Make these models the version in use; older ones than the last `KEPT` go.

    Raises `ForecastRefused` where they cannot be written, and then the earlier ones stay in use.
    """
    folder = models_folder(scope, settings)
    trained_at = datetime.fromisoformat(metadata[COMBINATION]["trainedAt"])
    version = folder / f"{trained_at:%Y%m%dT%H%M%S.%f}Z"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(folder / "models.lock"):
            for left in folder.glob(f"*Z{DRAFT}"):  # by a program that died while it had the lock
                rmtree(left)
            found = _put(models, metadata, version, settings.signing_key, _place(scope, version))
    except OSError as error:
        raise folder_refused(folder, error) from None
    # By a clock that was set back, the newest may bear the oldest name.
    for old in [path for path in _folders(folder) if path != version][KEPT - 1 :]:
        rmtree(old, ignore_errors=True)
    return found


def _put(
    models: Mapping[str, Forecaster],
    metadata: Mapping[str, dict[str, Any]],
    version: Path,
    key: bytes,
    place: str,
) -> list[ModelReport]:
    """Write a version and use it; after an error it is not there."""
    draft = version.with_name(f"{version.name}{DRAFT}")
    try:
        found = write_models(models, metadata, draft, key, place)
        draft.rename(version)
        _use(version)
    except BaseException:
        for half in (draft, version):
            rmtree(half, ignore_errors=True)
        raise
    return found


def write_models(
    models: Mapping[str, Forecaster],
    metadata: Mapping[str, dict[str, Any]],
    folder: Path,
    key: bytes,
    place: str = "",
) -> list[ModelReport]:
    """Write models to a folder, signed with the installation's key for their place; return their reports."""
    for name, model in models.items():
        artifacts.save(folder, name, model, metadata[name], key, place)
    return in_order([from_metadata({**metadata[name], "name": name}) for name in models])


def models_folder(scope: Scope, settings: Settings) -> Path:
    """Return the folder of this user's models."""
    return settings.models_dir / str(scope.user_id)


def _place(scope: Scope, version: Path) -> str:
    """Return what a version's models are signed for: another user's or training's are refused."""
    return f"{scope.user_id}/{version.name}"


def _reports(scope: Scope, folder: Path, settings: Settings) -> list[ModelReport]:
    found = []
    for name in ALL:
        try:
            metadata = artifacts.read(folder, name, settings.signing_key, _place(scope, folder))
        except artifacts.ArtifactRefused:
            continue
        if metadata is not None:
            found.append(from_metadata(metadata))
    return in_order(found)


def _folders(folder: Path) -> list[Path]:
    """List the folders of all versions, the latest first."""
    return sorted((path for path in folder.glob("*Z") if path.is_dir()), reverse=True)


def _folder_in_use(scope: Scope, settings: Settings) -> Path | None:
    """Return the version that was chosen last, else the latest that is there."""
    folder = models_folder(scope, settings)
    known = _folders(folder)
    chosen = folder / IN_USE
    named = chosen.read_text(encoding="utf-8") if chosen.is_file() else ""
    return next((path for path in known if path.name == named), next(iter(known), None))


def _use(version: Path) -> None:
    replace_text(version.with_name(IN_USE), version.name)


def folder_refused(folder: Path, error: OSError) -> ForecastRefused:
    """Return the refusal of a folder that models cannot be written to."""
    return ForecastRefused(
        "The models cannot be written to {folder}: {reason}. Make room there, or give yourself the right to "
        "write there.",
        folder=folder,
        reason=error.strerror or error,
    )
