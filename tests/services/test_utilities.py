"""What is consumption, generation, gas or water, and which meters count in a total."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from bson import ObjectId

from services import dashboard, devices, readings
from services.dashboard import Filter, overview
from services.devices import Device
from services.names import name_key
from services.progress import silent
from services.readings import Readings
from services.readings.meter_names import Meter
from services.scope import Scope

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 14


def store(scope: Scope, name: str, kwh: float | None, meter: Meter, quantity: float | None = None) -> None:
    """Store hours of one meter, which are all alike."""
    hours = 24 * DAYS
    frame = pd.DataFrame(
        {
            "device": name,
            "date": pd.DatetimeIndex([FIRST + timedelta(hours=hour) for hour in range(hours)]),
            "consumption": [kwh if kwh is not None else float("nan")] * hours,
            "quantity": [quantity if quantity is not None else float("nan")] * hours,
            **dict.fromkeys(("category", "location", "notes"), ""),
            "row": range(hours),
            "seconds": 3600,
        }
    )
    found = Readings(frame, [], hours, 0, 0, meters={name_key(name): meter})
    found = readings.identify(scope, readings.fill_kwh(scope, found), name, on_duplicate="new")
    readings.store(scope, found, f"{name}.csv", silent)


def device(scope: Scope, name: str) -> Device:
    return next(device for device in devices.list_devices(scope) if device.name == name)


def hang(scope: Scope, name: str, parent: str) -> None:
    behind = replace(device(scope, name), parent_id=device(scope, parent).id)
    devices.edit_devices(scope, [behind])


def test_only_roots_count_and_the_rest_is_shown(scope: Scope) -> None:
    for name, kwh in (("Main", 10.0), ("Hall 1", 6.0), ("Hall 2", 3.0)):
        store(scope, name, kwh, Meter(name))
    assert dashboard.stats(scope).total_consumption == pytest.approx(19 * 24 * DAYS)
    hang(scope, "Hall 1", "Main")
    hang(scope, "Hall 2", "Main")
    found = dashboard.stats(scope)
    assert found.total_consumption == pytest.approx(10 * 24 * DAYS)
    assert {part.device: part.share for part in found.device_breakdown} == {
        "Hall 1": pytest.approx(0.6),
        "Hall 2": pytest.approx(0.3),
        "Main, not sub-metered": pytest.approx(0.1),
    }
    seen = overview(scope)
    assert seen.remainder == pytest.approx(24 * DAYS)
    assert seen.figures.peak_demand.value == pytest.approx(10)
    halls = tuple(device(scope, name).id for name in ("Hall 1", "Hall 2"))
    assert overview(scope, Filter(device_ids=halls)).figures.total.value == pytest.approx(9 * 24 * DAYS)
    devices.edit_devices(scope, [replace(device(scope, "Hall 2"), counts_in_total=False, parent_id=None)])
    assert dashboard.stats(scope).total_consumption == pytest.approx(10 * 24 * DAYS)


def test_generation_and_export_are_summed_apart(scope: Scope) -> None:
    store(scope, "Main", 10.0, Meter("Main", utility="electricity"))
    store(scope, "PV", 4.0, Meter("PV", direction="generation"))
    store(scope, "Grid out", 1.0, Meter("Grid out", direction="export"))
    found = dashboard.stats(scope)
    assert found.total_consumption == pytest.approx(10 * 24 * DAYS)
    assert {(q.direction, q.unit): q.total for q in found.beside} == {
        ("generation", "kWh"): pytest.approx(4 * 24 * DAYS),
        ("export", "kWh"): pytest.approx(1 * 24 * DAYS),
    }
    assert [share.share for share in overview(scope).devices] == [1.0]
    assert dashboard.device_overview(scope, device(scope, "PV").id).figures.total.value == pytest.approx(
        4 * 24 * DAYS
    )


def test_a_volume_of_gas_is_kwh_by_its_calorific_value_and_water_never(scope: Scope) -> None:
    store(scope, "Main", 10.0, Meter("Main"))
    store(scope, "Boiler", None, Meter("Boiler", utility="gas", unit="m3"), quantity=2.0)
    store(scope, "Tap", None, Meter("Tap", utility="water", unit="m3"), quantity=0.5)
    found = dashboard.stats(scope)
    assert found.total_consumption == pytest.approx(10 * 24 * DAYS)
    assert {q.utility: (q.unit, q.total) for q in found.beside} == {
        "gas": ("m3", pytest.approx(2 * 24 * DAYS)),
        "water": ("m3", pytest.approx(0.5 * 24 * DAYS)),
    }
    water = dashboard.as_json(dashboard.stats(scope, Filter(utility="water")))
    assert (water["totalConsumption"], water["peakConsumption"]) == (None, None)
    readings.set_calorific_value(scope, date(2023, 1, 1), 36.0)
    assert dashboard.stats(scope).total_consumption == pytest.approx((10 + 20) * 24 * DAYS)
    readings.set_calorific_value(scope, date(2024, 1, 8), 39.6)
    gas = dashboard.stats(scope, Filter(utility="gas")).total_consumption
    assert gas == pytest.approx(24 * (7 * 20 + 7 * 22), rel=5e-3), "a day begins by the facility's clock"
    assert readings.is_consistent(scope)
    tap = {"deviceId": ObjectId(device(scope, "Tap").id)}
    stored = scope.db["consumption_data"].find_one(tap) or {}
    assert (stored["consumption"], stored["quantity"], stored["interval"]) == (None, 0.5, 3600)
    store(scope, "Boiler 2", None, Meter("Boiler 2", utility="gas", unit="L"), quantity=1000.0)
    assert dashboard.stats(scope, Filter(utility="gas")).total_consumption > gas


def test_a_meter_is_never_taken_for_a_device_of_another_utility(scope: Scope) -> None:
    store(scope, "Hall", 10.0, Meter("Hall", utility="electricity", unit="kWh"))
    store(scope, "Hall", None, Meter("Hall", utility="water", unit="m3"), quantity=1.0)
    store(scope, "Hall", 2.0, Meter("Hall", direction="export"))
    names = {d.name: (d.utility, d.direction) for d in devices.list_devices(scope)}
    assert names == {
        "Hall": ("electricity", "consumption"),
        "Hall (Water)": ("water", "consumption"),
        "Hall (Export)": ("electricity", "export"),
    }
    assert dashboard.stats(scope).total_consumption == pytest.approx(10 * 24 * DAYS)
