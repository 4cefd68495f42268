"""Devices held against what their nameplates say."""

from pathlib import Path

import pandas as pd
import pytest

from services import devices
from services.importing import import_file
from services.nameplate import Nameplate, check_nameplates, measure
from services.scope import Scope


@pytest.fixture
def metered(scope: Scope, tmp_path: Path) -> Scope:
    """Ten days of hourly kWh of devices in two buildings, and a year of monthly kWh of one in none."""
    hours = pd.date_range("2024-01-01", periods=240, freq="h")
    places = {"Chiller 2": "North", "Lift": "North", "Fan": "South", "Pump": "South"}
    kwh = {"Chiller 2": 3.1, "Lift": 0.1, "Fan": 1.0, "Pump": 2.0}
    frames = [
        pd.DataFrame({"date": hours, "device": name, "kWh": kwh[name], "location": place})
        for name, place in places.items()
    ]
    frames[2].loc[:119, "location"] = "North"
    pd.concat(frames).to_csv(tmp_path / "hourly.csv", index=False)
    months = pd.date_range("2023-01-01", periods=12, freq="MS")
    monthly = pd.DataFrame({"month": months, "device": "Tenant", "kWh": months.days_in_month * 48.0})
    monthly.to_csv(tmp_path / "monthly.csv", index=False)
    for name in ("hourly", "monthly"):
        import_file(scope, tmp_path / f"{name}.csv")
    return scope


def rate(scope: Scope, name: str, watts: float | None, hours: float | None) -> None:
    [device] = [device for device in devices.list_devices(scope) if device.name == name]
    devices.edit_device(scope, device.id, name, None, watts, hours)


def nameplates(scope: Scope) -> list[Nameplate]:
    return check_nameplates(devices.list_devices(scope), measure(scope))


def test_suspicious_devices_are_named(metered: Scope) -> None:
    devices.add_device(metered, "Spare", None, 100, 1)
    rate(metered, "Chiller 2", 3000, 8)
    rate(metered, "Lift", 5000, 4)
    rate(metered, "Fan", 1000, None)
    rate(metered, "Pump", 1000, None)
    rate(metered, "Tenant", 4000, 12)
    said = {found.device: (str(found), found.suspicious) for found in nameplates(metered)}
    assert said == {
        "Chiller 2": ("Chiller 2 used 3.1 times what its nameplate says.", True),
        "Lift": ("Lift used only 12 % of what its nameplate says.", True),
        "Fan": ("Fan cannot be checked: how many hours a day it runs is not known.", False),
        "Pump": ("Pump used 2.0 times what it could if it ran at its rated power all day.", True),
        "Tenant": ("Tenant used 100 % of what its nameplate says.", False),
        "Spare": ("Spare cannot be checked: it has no readings.", False),
    }
    rate(metered, "Pump", 500, 0)
    rate(metered, "Fan", None, 8)
    said = {found.device: (str(found), found.suspicious) for found in nameplates(metered)}
    assert said["Pump"] == ("Pump is said to run 0 hours a day, but used 48.0 kWh a day.", True)
    assert said["Fan"] == ("Fan cannot be checked: its rated power is not known.", False)


def test_what_was_measured_is_told_by_place_and_day(metered: Scope) -> None:
    ids = {device.id: device.name for device in devices.list_devices(metered)}
    used = {ids[key]: value for key, value in measure(metered).items()}
    assert used["Chiller 2"].per_day == pytest.approx(24 * 3.1)
    assert used["Fan"].places == pytest.approx({"North": 120.0, "South": 120.0})
    assert used["Fan"].days == 10
    assert used["Tenant"].per_day == pytest.approx(48, rel=0.01)
    assert used["Tenant"].places == pytest.approx({"": 365 * 48.0})


def test_a_few_days_do_not_tell(scope: Scope, tmp_path: Path) -> None:
    days = pd.DataFrame(
        {"date": pd.date_range("2024-01-01", periods=72, freq="h"), "device": "A", "kWh": 9.0}
    )
    days.to_csv(tmp_path / "short.csv", index=False)
    import_file(scope, tmp_path / "short.csv")
    rate(scope, "A", 1000, 1)
    [check] = nameplates(scope)
    assert str(check) == "A cannot be checked yet: it has readings of 3 days, and 7 are needed."
    assert not check.suspicious
