"""Whose readings a file has: meters of one name, and readings that are stored under another one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from services import devices, readings
from services.importing import ImportSummary, import_file, undo_import
from services.readings import MeterUnclear
from services.scope import Scope

DAYS = 28

Importer = Callable[..., ImportSummary]


def series(seed: int, start: str = "2024-01-01", days: int = DAYS, **columns: Any) -> pd.DataFrame:
    """Days of a meter of its own (kWh, at 0.1), with further columns."""
    kwh = np.random.default_rng(seed).integers(1000, 2000, days) / 10
    return pd.DataFrame({"Date": pd.date_range(start, periods=days), **columns, "kWh": kwh})


@pytest.fixture
def bring(scope: Scope, tmp_path: Path) -> Importer:
    """Writes frames as one file and imports it."""

    def imported(name: str, *frames: pd.DataFrame, **options: Any) -> ImportSummary:
        pd.concat(frames).to_csv(tmp_path / name, index=False)
        return import_file(scope, tmp_path / name, **options)

    return imported


def totals(scope: Scope) -> dict[str, float]:
    """kWh of every device."""
    days = readings.daily_consumption(scope)
    names = {device.id: device.name for device in devices.list_devices(scope)}
    found = dict.fromkeys(names.values(), 0.0)
    for device_id, kwh in days.groupby("deviceId")["consumption"].sum().items():
        found[names[str(device_id)]] = round(float(kwh), 1)
    assert readings.is_consistent(scope)
    return found


def kwh(*frames: pd.DataFrame) -> float:
    return round(float(pd.concat(frames)["kWh"].sum()), 1)


def test_meters_of_one_name_at_two_places_are_two(scope: Scope, bring: Importer) -> None:
    mill, depot = (
        series(seed, Meter="Main meter", Location=place) for seed, place in enumerate(("Mill", "Depot"))
    )
    bring("mill.csv", mill)
    second = bring("depot.csv", depot)
    assert (second.added, second.changed, second.new_devices) == (DAYS, 0, ["Main meter (Depot)"])
    assert totals(scope) == {"Main meter": kwh(mill), "Main meter (Depot)": kwh(depot)}
    again = bring("both.csv", depot, mill)
    assert (again.added, again.already_there, again.new_devices) == (0, 2 * DAYS, [])
    later = [
        series(9 + n, "2024-02-01", Meter="MAIN METER", Location=p) for n, p in enumerate((" mill", "DEPOT"))
    ]
    assert bring("february.csv", *later).new_devices == []
    assert totals(scope) == {"Main meter": kwh(mill, later[0]), "Main meter (Depot)": kwh(depot, later[1])}


@pytest.mark.parametrize("sheets", [False, True])
def test_meters_of_one_name_in_one_file_are_two(
    scope: Scope, bring: Importer, tmp_path: Path, sheets: bool
) -> None:
    parts = [series(n, Meter="Main meter", Site=place) for n, place in enumerate(("Mill", "Depot"))]
    if sheets:
        with pd.ExcelWriter(tmp_path / "both.xlsx") as workbook:
            for number, part in enumerate(parts):
                part.to_excel(workbook, sheet_name=f"Part {number}", index=False)
        first = import_file(scope, tmp_path / "both.xlsx")
    else:
        first = bring("both.csv", *parts)
    assert (first.added, first.refused) == (2 * DAYS, [])
    assert totals(scope) == {
        f"Main meter ({p})": kwh(f) for p, f in zip(("Mill", "Depot"), parts, strict=True)
    }
    assert bring("depot again.csv", parts[1]).added == 0
    assert bring("both again.csv", parts[1], parts[0]).added == 0


def test_meters_of_one_name_with_two_numbers_are_two(scope: Scope, bring: Importer) -> None:
    one, other = (series(n, Meter="Main meter", **{"Meter number": 4711 + n}) for n in range(2))
    nameless = one.drop(columns="Meter number")
    bring("nameless.csv", nameless)
    first = bring("one.csv", one, series(3, "2024-02-01", Meter="Main meter", **{"Meter number": 4711}))
    assert (first.added, first.already_there) == (DAYS, DAYS)
    second = bring("other.csv", other)
    assert second.new_devices == ["Main meter (4712)"]
    assert bring("both.csv", one, other).added == 0
    undo_import(scope, second.import_id)
    undo_import(scope, first.import_id)
    assert totals(scope) == {"Main meter": kwh(one)}
    assert scope.db["devices"].distinct("meterNumber") == []
    assert bring("other.csv", other.assign(kWh=one["kWh"])).already_there == DAYS, "the number was forgotten"


def test_meter_that_a_file_says_was_moved_or_exchanged_stays_one(scope: Scope, bring: Importer) -> None:
    before = series(1, Meter="Lift", Place="North", **{"Meter no": "A1"})
    after = series(2, "2024-02-01", Meter="Lift", Place="South", **{"Meter no": "B2"})
    assert bring("moved.csv", before, after).new_devices == ["Lift"]
    assert bring("then.csv", series(3, "2024-03-01", Meter="Lift", Place="South")).new_devices == []
    assert len(totals(scope)) == 1


def test_file_without_a_place_is_of_the_meter_of_that_name(scope: Scope, bring: Importer) -> None:
    mill = series(1, Meter="Main meter", Location="Mill")
    bring("mill.csv", mill)
    assert bring("nowhere.csv", series(2, "2024-02-01", Meter="Main meter")).new_devices == []


def test_readings_that_contradict_those_of_the_name_are_asked_about(scope: Scope, bring: Importer) -> None:
    stored, other = series(1, Meter="Pump"), series(2, Meter="Pump")
    bring("first.csv", stored)
    with pytest.raises(MeterUnclear, match=r"“Pump” has other values .* --on-conflict replace, keep or new"):
        bring("second.csv", other)
    assert totals(scope) == {"Pump": kwh(stored)}
    assert bring("second.csv", other, on_conflict="keep").kept > 20
    assert totals(scope) == {"Pump": kwh(stored)}
    new = bring("second.csv", other, on_conflict="new")
    assert (new.added, new.new_devices) == (DAYS, ["Pump (2)"])
    assert bring("second.csv", other, on_conflict="new").added == 0
    both = {"Pump": kwh(stored), "Pump (2)": kwh(other)}
    assert totals(scope) == both
    later = series(3, "2024-01-10", Meter="Pump")
    assert bring("third.csv", later, on_conflict="new").new_devices == ["Pump (3)"]
    replaced = bring("second.csv", other, on_conflict="replace")
    assert replaced.changed > 20
    undo_import(scope, replaced.import_id)
    assert totals(scope) == both | {"Pump (3)": kwh(later)}


def corrected(frame: pd.DataFrame, change: Callable[[pd.Series], pd.Series]) -> pd.DataFrame:
    return frame.assign(kWh=change(frame["kWh"]))


@pytest.mark.parametrize(
    "change",
    [
        lambda kwh: kwh.where(kwh.index > 2, 0),
        lambda kwh: kwh.where(kwh.index % 4 > 0, kwh * 2),
        lambda kwh: (kwh * 1.02).round(2),
        lambda kwh: kwh.round(),
    ],
    ids=["three", "every fourth", "two percent", "rounded"],
)
def test_corrections_replace_what_is_stored_unasked(
    scope: Scope, bring: Importer, change: Callable[[pd.Series], pd.Series]
) -> None:
    stored = series(1, Meter="Pump")
    bring("first.csv", stored)
    changed = corrected(stored, change)
    assert bring("second.csv", changed).changed > 2
    assert totals(scope) == {"Pump": kwh(changed)}


def test_zeros_of_a_meter_that_stood_still_are_replaced_unasked_but_never_bring_them(
    scope: Scope, bring: Importer
) -> None:
    stored = series(1, Meter="Pump")
    bring("zeros.csv", corrected(stored, lambda kwh: kwh * 0))
    assert bring("then.csv", stored).changed == DAYS
    with pytest.raises(MeterUnclear):
        bring("zeros.csv", corrected(stored, lambda kwh: kwh * 0))


@pytest.mark.parametrize("name", ["usage (1).csv", "usage - Copy.csv", "usage_2.csv", "something else.csv"])
def test_same_readings_under_another_name_are_asked_about(scope: Scope, bring: Importer, name: str) -> None:
    usage = series(1)
    bring("usage.csv", usage)
    stem = name.removesuffix(".csv")
    with pytest.raises(MeterUnclear) as asked:
        bring(name, usage)
    assert str(asked.value) == (
        f"The readings of “{stem}” are those of “usage”, equal at 28 of 28 times: say with "
        "--on-duplicate same, new or skip whether it is the same meter, another one, or not to be imported."
    )
    assert totals(scope) == {"usage": kwh(usage)}
    longer = pd.concat([usage, series(2, "2024-02-01")])
    same = bring(name, longer, on_duplicate="same")
    assert (same.added, same.already_there, same.new_devices) == (len(longer) - DAYS, DAYS, [])
    skipped = bring(name, longer, on_duplicate="skip")
    assert (skipped.read, skipped.left_out, skipped.added) == (len(longer), len(longer), 0)
    assert totals(scope) == {"usage": kwh(longer)}
    assert bring(name, usage, on_duplicate="new").new_devices == [stem]
    assert bring(name, usage).already_there == DAYS


def test_renamed_column_is_asked_about_and_the_others_are_imported(scope: Scope, bring: Importer) -> None:
    days = series(0)["Date"]
    wide = pd.DataFrame({"Date": days, "Hall kWh": series(1)["kWh"], "Roof kWh": series(2)["kWh"]})
    bring("wide.csv", wide)
    renamed = wide.rename(columns={"Roof kWh": "Solar kWh"}).assign(**{"Gate kWh": series(3)["kWh"]})
    with pytest.raises(MeterUnclear, match="“Solar” are those of “Roof”"):
        bring("renamed.csv", renamed)
    done = bring("renamed.csv", renamed, on_duplicate="skip")
    assert (done.added, done.already_there, done.left_out, done.new_devices) == (DAYS, DAYS, DAYS, ["Gate"])


def test_few_or_unvaried_readings_in_common_are_no_evidence(scope: Scope, bring: Importer) -> None:
    hours = pd.date_range("2024-01-01", periods=240, freq="h")
    night = np.where((hours.hour < 8) | (hours.hour > 16), 0.0, 1.0)
    some = np.random.default_rng(5).integers(10, 99, 240) / 10
    frame = pd.DataFrame({"Date": hours, "Zero": 0.0, "Flat": 5.0, "Switched": night, "PV": night * some})
    bring("first.csv", frame)
    other = np.random.default_rng(6).integers(10, 99, 240) / 10
    second = frame.rename(columns=lambda name: name if name == "Date" else f"{name} B").assign(
        **{"PV B": night * other}
    )
    assert len(bring("second.csv", second).new_devices) == 4
    short = series(1, days=5)
    bring("short.csv", short)
    assert bring("else.csv", short).new_devices == ["else"]
    with pytest.raises(MeterUnclear):
        bring("short (1).csv", short)
    assert bring("short (2).csv", series(2, days=5)).new_devices == ["short (2)"]
