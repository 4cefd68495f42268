"""Files that were altered, forged or put in another's place: never run, and never shown to anybody."""

import json
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from isolation.world import Person, World

from ml import artifacts
from ml.forecasting.training import COMBINATION
from services import forecasts, revision
from services.forecasts import ForecastRefused
from services.readings.load_cache import LoadCache
from services.readings.load_profile import LoadProfile

MODEL, OTHER = "seasonal_naive", "linear_regression"
PICKLE, PASSPORT = f"{MODEL}_model.pkl", f"{MODEL}_model.json"


class Bomb:
    """Unpickling it makes a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.target,)


class Models(NamedTuple):
    """What an attacker who can write to the folder of models has at hand."""

    version: Path
    """Ada's in use."""
    earlier: Path
    eves: Path
    bomb: bytes


@pytest.fixture
def models(world: World, tmp_path: Path) -> Iterator[Models]:
    folder = world.settings.models_dir
    adas, eves = (folder / str(person.scope.user_id) for person in (world.ada, world.eve))
    earlier, version = sorted(adas.glob("*Z"))
    went_off = tmp_path / "went off"
    with _given_back(adas):
        yield Models(version, earlier, sorted(eves.glob("*Z"))[-1], pickle.dumps(Bomb(went_off)))
    assert not went_off.exists()
    pickle.loads(pickle.dumps(Bomb(went_off)))
    assert went_off.exists(), "the bomb would have gone off"


@contextmanager
def _given_back(folder: Path) -> Iterator[None]:
    """The folder afterwards as it was."""
    kept = folder.with_name(f"{folder.name} kept")
    shutil.copytree(folder, kept, symlinks=True)
    try:
        yield
    finally:
        shutil.rmtree(folder)
        kept.rename(folder)


def _copied(source: Path, target: Path, name: str = MODEL) -> None:
    for kind in ("pkl", "json"):
        shutil.copy(source / f"{name}_model.{kind}", target / f"{MODEL}_model.{kind}")


def _eves(models: Models) -> None:
    _copied(models.eves, models.version)


def _earlier(models: Models) -> None:
    _copied(models.earlier, models.version)


def _renamed(models: Models) -> None:
    _copied(models.version, models.version, OTHER)


def _whole_version_of_eve(models: Models) -> None:
    shutil.rmtree(models.version)
    shutil.copytree(models.eves, models.version)


def _link_to_eves_version(models: Models) -> None:
    shutil.rmtree(models.version)
    models.version.symlink_to(models.eves)


def _link_to_eves_model(models: Models) -> None:
    for name in (PICKLE, PASSPORT):
        (models.version / name).unlink()
        (models.version / name).symlink_to(models.eves / name)


def _link_to_a_bomb(models: Models) -> None:
    (models.version.parent / "bomb").write_bytes(models.bomb)
    (models.version / PICKLE).unlink()
    (models.version / PICKLE).symlink_to(models.version.parent / "bomb")


def _bomb(models: Models) -> None:
    (models.version / PICKLE).write_bytes(models.bomb)


def _bomb_behind_the_model(models: Models) -> None:
    path = models.version / PICKLE
    path.write_bytes(path.read_bytes() + models.bomb)


def _unsigned_bomb(models: Models) -> None:
    _bomb(models)
    _told(models, signature=None)


def _bomb_signed_with_another_key(models: Models) -> None:
    place = f"{models.version.parent.name}/{models.version.name}"
    artifacts.save(models.version, MODEL, Bomb(models.version / "x"), {"rows": 1}, b"another key", place)  # type: ignore[arg-type]


def _one_byte(models: Models) -> None:
    content = bytearray((models.version / PICKLE).read_bytes())
    content[len(content) // 2] ^= 1
    (models.version / PICKLE).write_bytes(content)


def _other_metadata(models: Models) -> None:
    _told(models, rows=10**6)


def _other_place(models: Models) -> None:
    _eves(models)
    _told(models, place=f"{models.version.parent.name}/{models.version.name}")


def _told(models: Models, **changes: object) -> None:
    path = models.version / PASSPORT
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    "attack",
    [
        _eves,
        _earlier,
        _renamed,
        _whole_version_of_eve,
        _link_to_eves_version,
        _link_to_eves_model,
        _link_to_a_bomb,
        _bomb,
        _bomb_behind_the_model,
        _unsigned_bomb,
        _bomb_signed_with_another_key,
        _one_byte,
        _other_metadata,
        _other_place,
    ],
)
def test_a_model_that_is_not_its_owner_s_own_is_never_used(
    world: World, models: Models, attack: Callable[[Models], None]
) -> None:
    before = forecasts.versions(world.ada.scope, world.settings)
    assert MODEL in {report.name for report in before[0].reports}
    attack(models)
    with pytest.raises(ForecastRefused, match=r"The model is not used: .*Train the models again"):
        forecasts.predict(world.ada.scope, world.settings, MODEL)
    for version in forecasts.versions(world.ada.scope, world.settings):
        if version.id == models.version.name:
            assert MODEL not in {report.name for report in version.reports}
    assert forecasts.versions(world.ada.scope, world.settings)[-1] == before[-1], "the earlier one is whole"


@pytest.mark.parametrize("name", ["../{other}/{version}", "{root}/{other}/{version}", "..", ".", ""])
def test_no_path_leads_out_of_the_own_folder_of_models(world: World, name: str) -> None:
    written = name.format(
        other=world.ada.scope.user_id, version=world.ada.version, root=world.settings.models_dir
    )
    with pytest.raises(ForecastRefused, match="not there any more"):
        forecasts.use_version(world.eve.scope, world.settings, written)
    for model in (f"{written}/{MODEL}", f"../{MODEL}"):
        with pytest.raises(ForecastRefused, match="There is no model"):
            forecasts.predict(world.eve.scope, world.settings, model)
    folder = world.settings.models_dir / str(world.eve.scope.user_id)
    before = forecasts.versions(world.eve.scope, world.settings)
    with _given_back(folder):
        (folder / "in_use").write_text(written)
        assert [version.id for version in forecasts.versions(world.eve.scope, world.settings)] == [
            version.id for version in before
        ]
        forecasts.predict(world.eve.scope, world.settings, COMBINATION)


class Loads(NamedTuple):
    """The folders of both users' readings in memory, as files."""

    adas: Path
    eves: Path
    bomb: bytes


@pytest.fixture
def loads(world: World, tmp_path: Path) -> Iterator[Loads]:
    folders = []
    for person in (world.ada, world.eve):
        _load(person)
        now = revision.current(person.scope)
        folders.append(world.settings.data_dir / "loads" / str(person.scope.user_id) / str(now))
        assert folders[-1].is_dir()
    went_off = tmp_path / "went off"
    yield Loads(*folders, pickle.dumps(Bomb(went_off)))
    assert not went_off.exists()
    shutil.rmtree(folders[0].parent)


def _load(person: Person) -> LoadProfile:
    """As another program would come by it."""
    program = LoadCache()
    program.settings = person.settings
    return program.load(person.scope)


def _eves_load(loads: Loads) -> None:
    shutil.rmtree(loads.adas)
    shutil.copytree(loads.eves, loads.adas)


def _eves_load_under_ada_s_name(loads: Loads) -> None:
    about = json.loads((loads.adas / "load.json").read_text())["about"]
    _eves_load(loads)
    told = json.loads((loads.adas / "load.json").read_text())
    changes = {name: about[name] for name in ("owner", "revision")}
    (loads.adas / "load.json").write_text(json.dumps({**told, "about": {**told["about"], **changes}}))


def _link_to_eves_load(loads: Loads) -> None:
    shutil.rmtree(loads.adas)
    loads.adas.symlink_to(loads.eves)


def _eves_numbers(loads: Loads) -> None:
    for path in loads.eves.glob("*.npy"):
        shutil.copy2(path, loads.adas / path.name)


def _links_to_eves_numbers(loads: Loads) -> None:
    for path in loads.eves.glob("*.npy"):
        (loads.adas / path.name).unlink()
        (loads.adas / path.name).symlink_to(path)


def _one_number(loads: Loads) -> None:
    """And nobody shall see it by its size or its time."""
    path = loads.adas / "days-kwh.npy"
    state, values = path.stat(), np.load(path)
    values[0, 0] += 1
    np.save(path, values)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def _pickled_numbers(loads: Loads) -> None:
    path = loads.adas / "days-kwh.npy"
    state = path.stat()
    path.write_bytes(loads.bomb)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def _unsigned_load(loads: Loads) -> None:
    path = loads.adas / "load.json"
    path.write_text(json.dumps(json.loads(path.read_text())["about"]))


@pytest.mark.parametrize(
    "attack",
    [
        _eves_load,
        _eves_load_under_ada_s_name,
        _link_to_eves_load,
        _eves_numbers,
        _links_to_eves_numbers,
        _one_number,
        _pickled_numbers,
        _unsigned_load,
    ],
)
def test_a_load_that_is_not_its_owner_s_own_is_read_anew(
    world: World, loads: Loads, attack: Callable[[Loads], None]
) -> None:
    stored = list(world.db["consumption_data"].find(world.ada.scope.owned()))
    attack(loads)
    found = _load(world.ada)
    assert {str(device) for device, _ in found.meters} == set(world.ada.devices)
    assert found.days.kwh.sum() == pytest.approx(sum(reading["consumption"] for reading in stored))
    assert found.days.readings.sum() == len(stored)
    again = _load(world.ada)
    assert np.array_equal(again.days.kwh, found.days.kwh)
