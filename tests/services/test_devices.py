"""Devices and categories, and what goes with them when they are deleted."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from services import devices, readings, reports
from services.devices import parents as parents_of
from services.importing import import_file
from services.scope import Scope


def test_device_is_added_edited_and_refused(scope: Scope) -> None:
    cooling = devices.add_category(scope, "Cooling")
    device_id = devices.add_device(scope, " Chiller 1 ", cooling.id, 12_000, 8)
    [device] = devices.list_devices(scope)
    assert (device.id, device.name, device.category, device.rated_power) == (
        device_id,
        "Chiller 1",
        "Cooling",
        12_000,
    )
    devices.edit_device(scope, device_id, "Chiller one", None, None, None, "inactive")
    [device] = devices.list_devices(scope)
    assert (device.name, device.category, device.rated_power, device.status) == (
        "Chiller one",
        "",
        None,
        "inactive",
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("", None), "Enter a name"),
        (("Hall " * 60, None), "has 299 characters, and a name at most 255"),
        (("chiller", None), "There is a device named"),
        (("Lift", "0123456789abcdef01234567"), "This category is not there"),
        (("Lift", None, -5), "must be above 0 W"),
        (("Lift", None, None, 25), "between 0 and 24"),
        (("Lift", None, None, None, "broken"), "active or inactive"),
    ],
)
def test_refused_device_says_why(scope: Scope, arguments: tuple[object, ...], sentence: str) -> None:
    devices.add_device(scope, "Chiller")
    with pytest.raises(devices.DeviceRefused, match=sentence):
        devices.add_device(scope, *arguments)  # type: ignore[arg-type]
    assert len(devices.list_devices(scope)) == 1


def test_deletion_says_first_what_it_takes_along(scope: Scope, tmp_path: Path) -> None:
    dates = pd.date_range("2024-01-01", periods=72, freq="h")
    frame = pd.concat(
        [pd.DataFrame({"date": dates, "device": name, "kWh": 2.0}) for name in ("Chiller", "Lift")]
    )
    frame.to_csv(tmp_path / "readings.csv", index=False)
    import_file(scope, tmp_path / "readings.csv")
    chiller, lift = devices.list_devices(scope)
    effect = devices.deletion_effect(scope, [chiller.id])
    assert (effect.devices, effect.readings) == (1, 72)
    devices.delete_devices(scope, [chiller.id])
    assert devices.list_devices(scope) == [lift]
    assert readings.daily_consumption(scope)["device"].unique().tolist() == ["Lift"]
    assert readings.is_consistent(scope)


def test_deleted_category_leaves_its_devices(scope: Scope) -> None:
    category = devices.add_category(scope, "Cooling")
    devices.add_device(scope, "Chiller", category.id)
    with pytest.raises(devices.DeviceRefused, match="There is a category named"):
        devices.add_category(scope, "COOLING")
    devices.rename_category(scope, category.id, "Chillers")
    assert [(c.name, c.devices) for c in devices.list_categories(scope)] == [("Chillers", 1)]
    devices.delete_category(scope, category.id)
    assert devices.list_devices(scope)[0].category_id is None


def test_many_are_edited_or_none(scope: Scope) -> None:
    for name in ("Fan", "Lift", "Pump"):
        devices.add_device(scope, name)
    before = devices.list_devices(scope)
    devices.edit_devices(scope, [replace(device, rated_power=500.0) for device in before])
    assert [device.rated_power for device in devices.list_devices(scope)] == [500, 500, 500]
    devices.edit_devices(scope, before)
    fan, lift, pump = before
    with pytest.raises(devices.DeviceRefused, match="There is a device named “PUMP”"):
        devices.edit_devices(scope, [replace(fan, name="Blower"), replace(lift, name="PUMP")])
    with pytest.raises(devices.DeviceRefused, match="not there any more"):
        devices.edit_devices(scope, [replace(fan, name="Blower"), replace(pump, id=devices.new_id())])
    assert devices.list_devices(scope) == before


def test_added_device_is_taken_back_unless_it_has_readings(scope: Scope, tmp_path: Path) -> None:
    devices.add_device(scope, "Chiller")
    [chiller] = devices.list_devices(scope)
    devices.remove_unused(scope, [chiller.id])
    assert devices.list_devices(scope) == []
    devices.add_devices(scope, [chiller])
    assert devices.list_devices(scope) == [chiller]
    (tmp_path / "readings.csv").write_text("date,device,kWh\n2024-01-01,Chiller,1\n2024-01-02,Chiller,1\n")
    import_file(scope, tmp_path / "readings.csv")
    with pytest.raises(devices.DeviceRefused, match="“Chiller” has readings by now"):
        devices.remove_unused(scope, [chiller.id])
    assert devices.list_devices(scope) == [chiller]


def test_another_spelling_is_no_other_name(scope: Scope) -> None:
    cold = devices.add_category(scope, "Kühlung")
    devices.add_device(scope, "Chiller 1", cold.id)
    lift = devices.add_device(scope, "Lift")
    for name in ("Chiller\u00a01", "ＣＨＩＬＬＥＲ　１", "Chil\u00adler  1"):
        with pytest.raises(devices.DeviceRefused, match="There is a device named"):
            devices.add_device(scope, name)
        with pytest.raises(devices.DeviceRefused, match="There is a device named"):
            devices.edit_device(scope, lift, name)
    with pytest.raises(devices.DeviceRefused, match="There is a category named"):
        devices.add_category(scope, unicodedata.normalize("NFD", "KÜHLUNG"))
    with pytest.raises(devices.DeviceRefused, match="no character that can be seen"):
        devices.add_device(scope, "\u200b\u2060")
    devices.edit_device(scope, lift, "LIFT")
    assert [device.name for device in devices.list_devices(scope)] == ["Chiller 1", "LIFT"]
    assert reports.subject_named(scope, "device", "chiller\u2009１").name == "Chiller 1"


def test_name_that_another_program_makes_meanwhile_is_told(scope: Scope) -> None:
    first, second = (devices.match_devices(scope, {name: ""}) for name in ("Pump", "PUMP"))
    devices.create_new_devices(scope, first)
    with pytest.raises(devices.DeviceRefused, match="“PUMP” was made elsewhere"):
        devices.create_new_devices(scope, second)


def hang(scope: Scope, child: str, parent: str | None) -> None:
    known = {device.name: device for device in devices.list_devices(scope)}
    above = known[parent].id if parent else None
    devices.edit_devices(scope, [replace(known[child], parent_id=above)])


def parents(scope: Scope) -> dict[str, str]:
    return {device.name: device.parent for device in devices.list_devices(scope)}


def test_meters_stand_in_a_tree_and_never_behind_themselves(scope: Scope) -> None:
    for name in ("Main", "Hall", "Lamp"):
        devices.add_device(scope, name)
    devices.add_device(scope, "Boiler", utility="gas")
    hang(scope, "Hall", "Main")
    hang(scope, "Lamp", "Hall")
    assert parents(scope) == {"Main": "", "Hall": "Main", "Lamp": "Hall", "Boiler": ""}
    for child, parent, sentence in (
        ("Main", "Lamp", "“Main” cannot hang behind “Lamp”: “Lamp” hangs behind “Main”."),
        ("Main", "Main", "“Main” cannot hang behind itself."),
        ("Boiler", "Main", r"“Boiler” \(Gas\) cannot hang behind “Main” \(Electricity\)"),
        ("Hall", "Boiler", "must measure the same utility"),
    ):
        with pytest.raises(devices.DeviceRefused, match=sentence):
            hang(scope, child, parent)
    boiler, hall, lamp, main = devices.list_devices(scope)
    with pytest.raises(devices.DeviceRefused, match="“Lamp” is to hang is not there any more"):
        devices.edit_devices(scope, [replace(lamp, parent_id=devices.new_id())])
    with pytest.raises(devices.DeviceRefused, match="must measure the same utility"):
        devices.edit_devices(scope, [devices.revised(hall, utility="heat")])
    with pytest.raises(devices.DeviceRefused, match="cannot hang behind"):  # both at once
        devices.edit_devices(scope, [replace(main, parent_id=hall.id), replace(hall, parent_id=main.id)])
    assert devices.list_devices(scope) == [boiler, hall, lamp, main]
    devices.edit_devices(scope, [devices.revised(d, utility="heat") for d in (main, hall, lamp)])
    assert parents(scope)["Lamp"] == "Hall"


def test_two_programs_hang_no_two_meters_behind_each_other(
    scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Main", "Hall"):
        devices.add_device(scope, name)
    hall, main = devices.list_devices(scope)
    checked = parents_of.check

    def meanwhile(scope: Scope, wanted: parents_of.Documents) -> None:
        checked(scope, wanted)
        monkeypatch.setattr(parents_of, "check", checked)
        hang(scope, "Main", "Hall")

    monkeypatch.setattr(parents_of, "check", meanwhile)
    with pytest.raises(devices.DeviceRefused, match="“Main” hangs behind “Hall”"):
        devices.edit_devices(scope, [replace(hall, parent_id=main.id)])
    assert parents(scope) == {"Main": "Hall", "Hall": ""}


def test_what_hangs_behind_a_deleted_meter_hangs_behind_the_next(scope: Scope) -> None:
    for name in ("Main", "Hall", "Lamp", "Plug"):
        devices.add_device(scope, name)
    for child, parent in (("Hall", "Main"), ("Lamp", "Hall"), ("Plug", "Hall")):
        hang(scope, child, parent)
    hall = next(device for device in devices.list_devices(scope) if device.name == "Hall")
    assert devices.deletion_effect(scope, [hall.id]).rehung == (("Lamp", "Main"), ("Plug", "Main"))
    devices.delete_devices(scope, [hall.id])
    assert parents(scope) == {"Main": "", "Lamp": "Main", "Plug": "Main"}
    main = next(device for device in devices.list_devices(scope) if device.name == "Main")
    devices.delete_devices(scope, [main.id])
    assert parents(scope) == {"Lamp": "", "Plug": ""}


def test_unit_belongs_to_the_utility_and_readings_follow_it_as_energy_alone(
    scope: Scope, tmp_path: Path
) -> None:
    with pytest.raises(devices.DeviceRefused, match="Water is not counted in kWh"):
        devices.add_device(scope, "Well", utility="water", unit="kWh")
    devices.add_device(scope, "Well", utility="water")
    (tmp_path / "readings.csv").write_text("date,device,kWh\n2024-01-01,Lift,1500\n2024-01-02,Lift,500\n")
    import_file(scope, tmp_path / "readings.csv", timezone="UTC")
    lift, well = devices.list_devices(scope)
    assert (well.unit, lift.unit) == ("m3", "kWh")
    devices.edit_devices(scope, [replace(lift, unit="MWh")])
    stored = list(scope.db["consumption_data"].find(scope.owned()).sort("date"))
    assert [(reading["consumption"], reading["quantity"]) for reading in stored] == [(1500, 1.5), (500, 0.5)]
    with pytest.raises(devices.DeviceRefused, match="“Lift” has readings in MWh, which are no m3"):
        devices.edit_devices(scope, [replace(lift, utility="gas", unit="m3")])
    devices.edit_devices(scope, [lift])
    assert not scope.db["consumption_data"].count_documents({"quantity": {"$exists": True}})
    devices.edit_devices(scope, [replace(well, unit="L")])
    assert readings.is_consistent(scope)
