"""A model file is used only as this installation signed it."""

import hmac
import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml import artifacts
from ml.forecasting.forecast import Forecaster, forecast
from ml.forecasting.models import FOREST, LINEAR
from ml.forecasting.training import train

KEY, FOREIGN = b"k" * 32, b"f" * 32


class _Bomb:
    """Unpickling it makes a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.target,)


def _matrix() -> pd.DataFrame:
    days = pd.date_range("2024-01-01", periods=60)
    return pd.DataFrame({"A": np.random.default_rng(3).gamma(4, 0.25, 60)}, index=days)


@pytest.fixture(scope="module")
def forecasters() -> dict[str, Forecaster]:
    return train(_matrix(), 10).forecasters


@pytest.fixture
def saved(tmp_path: Path, forecasters: dict[str, Forecaster]) -> Path:
    artifacts.save(tmp_path, LINEAR, forecasters[LINEAR], {"rows": 60}, KEY)
    return tmp_path


def test_a_model_comes_back_as_it_was(tmp_path: Path, forecasters: dict[str, Forecaster]) -> None:
    for name, model in forecasters.items():
        artifacts.save(tmp_path, name, model, {"rows": 60}, KEY)
        loaded = artifacts.load(tmp_path, name, KEY)
        assert loaded is not None
        pd.testing.assert_frame_equal(forecast(loaded[0], _matrix(), 10), forecast(model, _matrix(), 10))
        assert loaded[1]["rows"] == 60
        assert (tmp_path / f"{name}_model.pkl").exists()
    assert artifacts.load(tmp_path / "elsewhere", LINEAR, KEY) is None


def test_a_replaced_pickle_is_refused_and_never_run(saved: Path) -> None:
    went_off = saved / "went off"
    bomb = pickle.dumps(_Bomb(went_off))
    (saved / f"{LINEAR}_model.pkl").write_bytes(bomb)
    with pytest.raises(artifacts.ArtifactRefused):
        artifacts.load(saved, LINEAR, KEY)
    assert not went_off.exists()
    pickle.loads(bomb)
    assert went_off.exists(), "the bomb would have gone off"


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 61},
        {"signature": ""},
        {"signature": None},
        {"signature": "é"},
        {"signature": "\ud800"},
        {"name": FOREST},
        {"place": "elsewhere"},
    ],
)
def test_altered_metadata_are_refused(saved: Path, change: dict[str, object]) -> None:
    passport = saved / f"{LINEAR}_model.json"
    passport.write_text(json.dumps({**json.loads(passport.read_text()), **change}))
    with pytest.raises(artifacts.ArtifactRefused):
        artifacts.read(saved, LINEAR, KEY)


def test_unsigned_foreign_and_swapped_files_are_refused(saved: Path) -> None:
    with pytest.raises(artifacts.ArtifactRefused):
        artifacts.load(saved, LINEAR, FOREIGN)
    for ending in ("pkl", "json"):
        content = (saved / f"{LINEAR}_model.{ending}").read_bytes()
        (saved / f"{FOREST}_model.{ending}").write_bytes(content)
    with pytest.raises(artifacts.ArtifactRefused):
        artifacts.load(saved, FOREST, KEY)
    (saved / f"{LINEAR}_model.json").unlink()
    with pytest.raises(artifacts.ArtifactRefused):
        artifacts.load(saved, LINEAR, KEY)


def test_a_file_that_was_signed_for_another_place_is_refused(
    tmp_path: Path, forecasters: dict[str, Forecaster]
) -> None:
    artifacts.save(tmp_path, LINEAR, forecasters[LINEAR], {"rows": 60}, KEY, "ada/1")
    assert artifacts.read(tmp_path, LINEAR, KEY, "ada/1") is not None
    for place in ("eve/1", "ada/2", ""):
        with pytest.raises(artifacts.ArtifactRefused, match="from another place"):
            artifacts.load(tmp_path, LINEAR, KEY, place)


def test_what_cannot_be_read_is_refused(saved: Path) -> None:
    (saved / f"{LINEAR}_model.pkl").unlink()
    (saved / f"{LINEAR}_model.pkl").mkdir()
    with pytest.raises(artifacts.ArtifactRefused, match="cannot be read"):
        artifacts.read(saved, LINEAR, KEY)


@pytest.mark.parametrize(
    ("other", "said"),
    [({"place": None}, "an earlier Loadlens"), ({"format": 3}, "another version of Loadlens")],
)
def test_a_file_of_another_loadlens_says_so(saved: Path, other: dict[str, object], said: str) -> None:
    passport = saved / f"{LINEAR}_model.json"
    altered = {**json.loads(passport.read_text()), **other}
    told = {name: value for name, value in altered.items() if name != "signature" and value is not None}
    written = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    content = (saved / f"{LINEAR}_model.pkl").read_bytes()
    told["signature"] = hmac.new(KEY, written + b"\0" + content, "sha256").hexdigest()
    passport.write_text(json.dumps(told))
    with pytest.raises(artifacts.ArtifactRefused, match=said):
        artifacts.load(saved, LINEAR, KEY)


def test_dying_between_the_two_files_loses_no_model(
    saved: Path, forecasters: dict[str, Forecaster], tmp_path_factory: pytest.TempPathFactory
) -> None:
    later = tmp_path_factory.mktemp("later")
    artifacts.save(later, LINEAR, forecasters[FOREST], {"rows": 99}, KEY)
    (later / f"{LINEAR}_model.json").rename(saved / f"{LINEAR}_model.json.draft")
    earlier = artifacts.read(saved, LINEAR, KEY)
    assert earlier is not None
    assert earlier["rows"] == 60
    (later / f"{LINEAR}_model.pkl").replace(saved / f"{LINEAR}_model.pkl")
    now = artifacts.read(saved, LINEAR, KEY)
    assert now is not None
    assert now["rows"] == 99
