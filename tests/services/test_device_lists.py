"""The list of devices to a spreadsheet and back."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from services import devices
from services.device_lists import (
    BadCell,
    ListPlan,
    ListRefused,
    export_devices,
    import_list,
    plan_list,
    undo_list,
)
from services.errors import LoadlensError
from services.importing import import_file
from services.scope import Scope

ENDLESS = "Hall" * 75


@pytest.fixture
def listed(scope: Scope) -> list[devices.Device]:
    """Three devices, one of whose names a spreadsheet would take for a formula."""
    cooling = devices.add_category(scope, "=Cooling")
    devices.add_device(scope, '=HYPERLINK("http://x")', cooling.id, 12_500.5, 8)
    devices.add_device(scope, "101", None, None, 0.25, "inactive")
    devices.add_device(scope, "Lift, north", cooling.id)
    return devices.list_devices(scope)


def planned(scope: Scope, folder: Path, text: str) -> ListPlan:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return plan_list(scope, path)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_list_that_was_exported_changes_nothing_and_is_no_formula(
    scope: Scope, listed: list[devices.Device], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"devices.{ending}"
    export_devices(listed, path)
    again = plan_list(scope, path)
    assert (again.unchanged, again.new, again.changed, again.bad) == (3, [], [], [])
    if ending == "xlsx":
        cells = [cell for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
    else:
        assert '"101","",,0.25,"inactive"' in path.read_text()
        assert not [line for line in path.read_text().splitlines() if line.startswith(("=", '"='))]
    for device in listed:
        devices.remove_unused(scope, [device.id])
    import_list(scope, plan_list(scope, path))
    assert [replace(d, id="", created_at=listed[0].created_at) for d in devices.list_devices(scope)] == [
        replace(d, id="", created_at=listed[0].created_at) for d in listed
    ]


def test_list_is_brought_in_and_taken_back(
    scope: Scope, listed: list[devices.Device], tmp_path: Path
) -> None:
    text = "Zähler;Leistung (kW);Kategorie\nlift, NORTH;4,5;Lifts\nBoiler;900 W;\n101;;lifts\n"
    plan = planned(scope, tmp_path, text)
    assert [device.name for device in plan.new] == ["Boiler"]
    assert [(change.before.name, change.fields) for change in plan.changed] == [
        ("Lift, north", ["name", "category", "rated_power"]),
        ("101", ["category"]),
    ]
    assert list(plan.new_categories) == ["Lifts"]
    import_list(scope, plan)
    now = {device.name: device for device in devices.list_devices(scope)}
    assert (now["lift, NORTH"].rated_power, now["lift, NORTH"].category) == (4500, "Lifts")
    assert (now["Boiler"].rated_power, now["Boiler"].category_id) == (900, None)
    assert (now["101"].category, now["101"].avg_usage_hours, now["101"].status) == ("Lifts", 0.25, "inactive")
    undo_list(scope, plan)
    assert devices.list_devices(scope) == listed
    assert [category.name for category in devices.list_categories(scope)] == ["=Cooling"]


def test_bad_cells_are_named_and_nothing_is_stored(
    scope: Scope, listed: list[devices.Device], tmp_path: Path
) -> None:
    text = (
        "Device,Rated power (W),Hours per day,Status\n"
        "Fan,lots,8,active\nFAN,100,25,broken\n,50,1,\nPump,-5,2,active\nTower,3 kWh,2,\n"
        f"{ENDLESS},5,2,\n"
    )
    plan = planned(scope, tmp_path, text)
    assert [(cell.row, cell.column, cell.value) for cell in plan.bad] == [
        (2, "Rated power (W)", "lots"),
        (3, "Hours per day", "25"),
        (3, "Status", "broken"),
        (3, "Device", "FAN"),
        (4, "Device", ""),
        (5, "Rated power (W)", "-5"),
        (6, "Rated power (W)", "3 kWh"),
        (7, "Device", ENDLESS),
    ]
    assert (
        BadCell(
            3, "Device", "FAN", "The device of this name stands in row {earlier} already.", {"earlier": 2}
        )
        in plan.bad
    )
    with pytest.raises(ListRefused, match=r"Row 2 of list\.csv, column “Rated power"):
        import_list(scope, plan)
    assert devices.list_devices(scope) == listed


def test_list_that_cannot_be_stored_any_more_leaves_everything_as_it_was(
    scope: Scope, listed: list[devices.Device], tmp_path: Path
) -> None:
    plan = planned(scope, tmp_path, "name,category\nBoiler,Heat\n101,Heat\n")
    device_id = next(device.id for device in listed if device.name == "101")
    devices.delete_devices(scope, [device_id])
    with pytest.raises(devices.DeviceRefused, match="not there any more"):
        import_list(scope, plan)
    assert [device.name for device in devices.list_devices(scope)] == [
        device.name for device in listed if device.id != device_id
    ]
    assert [category.name for category in devices.list_categories(scope)] == ["=Cooling"]


def test_list_is_not_taken_back_once_a_new_device_has_readings(
    scope: Scope, listed: list[devices.Device], tmp_path: Path
) -> None:
    plan = planned(scope, tmp_path, "name,power,category\nBoiler,900,Heat\n101,50,Heat\n")
    import_list(scope, plan)
    (tmp_path / "readings.csv").write_text("date,device,kWh\n2024-01-01,Boiler,1\n2024-01-02,Boiler,1\n")
    import_file(scope, tmp_path / "readings.csv")
    before = devices.list_devices(scope)
    with pytest.raises(devices.DeviceRefused, match="“Boiler” has readings by now"):
        undo_list(scope, plan)
    assert devices.list_devices(scope) == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n1,2\n3,4\n", "no column that names devices"),
        ("name,category\n , \n", "no device below them"),
        ("name,category\n" + "Fan,x\n" * 20_001, "more than a list of devices"),
        ("", "is empty"),
    ],
)
def test_what_is_no_list_is_refused(scope: Scope, tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(LoadlensError, match=sentence):
        planned(scope, tmp_path, text)


def test_list_says_what_meters_measure_and_behind_which_they_hang(
    scope: Scope, listed: list[devices.Device], tmp_path: Path
) -> None:
    text = (
        "Name;Medium;Einheit;Richtung;Hauptzähler;Zählt;Nummer\n"
        "Hall 1;Erdgas;Nm3;Bezug;101;nein;7\nHall 1a;Gas;;;hall 1;;\n101;gas;m³;;;;\nRoof;Strom;;PV;;ja;\n"
    )
    plan = planned(scope, tmp_path, text)
    assert [(c.row, c.column, c.value, c.reason) for c in plan.bad] == [
        (2, "Einheit", "Nm3", "This is no unit that meters count in.")
    ]
    plan = planned(scope, tmp_path, text.replace("Nm3", "m³"))
    assert plan.bad == []
    import_list(scope, plan)
    now = {device.name: device for device in devices.list_devices(scope)}
    hall, roof = now["Hall 1"], now["Roof"]
    assert (hall.utility, hall.unit, hall.parent, hall.counts_in_total, hall.meter_number) == (
        *("gas", "m3", "101", False),
        "7",
    )
    assert (now["Hall 1a"].parent, now["Hall 1a"].unit, now["101"].unit) == ("Hall 1", "m3", "m3")
    assert (roof.utility, roof.direction, roof.counts_in_total) == ("electricity", "generation", True)
    export_devices(devices.list_devices(scope), tmp_path / "again.csv")
    again = plan_list(scope, tmp_path / "again.csv")
    assert (again.new, again.changed, again.bad) == ([], [], [])
    undo_list(scope, plan)
    assert devices.list_devices(scope) == listed


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("Main,electricity,kWh,Nowhere", "Parent", "no device of this name"),
        ("Main,electricity,kWh,Main", "Parent", "cannot hang behind itself"),
        ("Main,electricity,kWh,Hall", "Parent", "cannot hang behind"),
        ("Main,gas,m3,", "Parent", "must measure the same utility"),
        ("Main,water,kWh,", "Unit", "is not counted in"),
    ],
)
def test_list_that_contradicts_itself_names_the_cell(
    scope: Scope, tmp_path: Path, row: str, column: str, sentence: str
) -> None:
    plan = planned(scope, tmp_path, f"Name,Utility,Unit,Parent\n{row}\nHall,electricity,kWh,Main\n")
    assert plan.bad
    assert (plan.bad[0].column, sentence in plan.bad[0].reason) == (column, True)
