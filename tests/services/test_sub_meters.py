"""Which meters are proposed behind which."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services import devices, sub_meters
from services.importing import import_file
from services.scope import Scope

HOURS = pd.date_range("2024-01-01", periods=24 * 35, freq="h")


def load(rng: np.random.Generator, size: float) -> np.ndarray:
    """Return a load that follows the day, with habits of its own."""
    daily = 1 + 0.6 * np.sin((HOURS.hour + rng.uniform(0, 4)) / 24 * 2 * np.pi)
    own = np.repeat(rng.uniform(0.4, 1.6, len(HOURS) // 4), 4)
    return size * daily * own * rng.uniform(0.8, 1.2, len(HOURS))


def bring(scope: Scope, folder: Path, loads: dict[str, np.ndarray], step: str = "h") -> None:
    wide = pd.DataFrame(loads, index=HOURS).resample(step).sum(min_count=1).dropna()
    long = wide.rename_axis("date").reset_index().melt("date", var_name="device", value_name="kWh")
    long.to_csv(folder / "readings.csv", index=False)
    import_file(scope, folder / "readings.csv", timezone="UTC")


def proposed(scope: Scope) -> list[tuple[str, list[str]]]:
    return [(p.parent.name, [c.name for c in p.children]) for p in sub_meters.propose_parents(scope)]


@pytest.mark.parametrize("step", ["h", "D"])
def test_sums_are_proposed_at_each_level_and_unrelated_meters_are_not(
    scope: Scope, tmp_path: Path, step: str
) -> None:
    rng = np.random.default_rng(5)
    loads = {f"Other {n}": load(rng, size) for n, size in enumerate((1, 3, 9, 20))}
    one, two, three = (load(rng, size) for size in (4, 6, 12))
    loads |= {"Hall 1": one, "Hall 2": two, "Hall 3": three, "Floor": one + two}
    loads["Main"] = (one + two + three) * rng.normal(1.01, 0.003, len(HOURS))
    bring(scope, tmp_path, loads, step)
    assert proposed(scope) == [("Floor", ["Hall 1", "Hall 2"]), ("Main", ["Floor", "Hall 3"])]
    floor, main = sub_meters.propose_parents(scope)
    assert main.difference == pytest.approx(0.01, abs=0.002)
    assert str(floor).startswith("“Floor” is the sum of “Hall 1”, “Hall 2” within 0.0 %")

    sub_meters.decline(scope, main.parent.id, [child.id for child in main.children])
    assert proposed(scope) == [("Floor", ["Hall 1", "Hall 2"])]
    devices.edit_devices(scope, [replace(child, parent_id=floor.parent.id) for child in floor.children])
    assert proposed(scope) == []


def test_a_remainder_of_more_than_two_percent_another_utility_and_few_days_are_no_sum(
    scope: Scope, tmp_path: Path
) -> None:
    rng = np.random.default_rng(7)
    one, two = load(rng, 4), load(rng, 6)
    bring(scope, tmp_path, {"Hall 1": one, "Hall 2": two, "Main": (one + two) * 1.03, "Twin": one})
    assert proposed(scope) == []
    devices.delete_devices(scope, [device.id for device in devices.list_devices(scope)])
    few = slice(0, 24 * 13)
    wide = pd.DataFrame({"Hall 1": one, "Hall 2": two, "Main": one + two}, index=HOURS)[few]
    bring(scope, tmp_path, {name: wide[name].reindex(HOURS).to_numpy() for name in wide})
    assert proposed(scope) == []


def test_two_hundred_meters_are_compared_within_a_second() -> None:
    rng = np.random.default_rng(3)
    loads = [load(rng, size) for size in rng.lognormal(1, 1, 195)]
    loads += [sum(loads[10 * n : 10 * n + 6]) for n in range(5)]
    known = [devices.new_device(name=str(n)) for n in range(200)]
    began = time.process_time()
    found = sub_meters._search(known, loads, [np.ones(len(HOURS), "bool")] * 200, 1344, 336)
    assert time.process_time() - began < 1
    assert sorted((p.parent.name, len(p.children)) for p in found) == [(str(195 + n), 6) for n in range(5)]
