"""Forecasts at each meter's own step, and from where the readings really end."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services import devices, forecasts, importing, reports
from services.forecasts import ForecastRefused
from services.messages import formats
from services.reports.amounts import percent
from services.reports.summary import summary
from services.scope import Scope
from services.settings import Settings

LAST = "2024-06-30"


def _hours(name: str, kwh: float, last: str = LAST) -> pd.DataFrame:
    times = pd.date_range("2024-01-01", f"{last} 23:00", freq="h")
    use = kwh * np.where(times.day_of_week < 5, 1.0, 0.5)
    return pd.DataFrame({"Date": times, "Device": name, "Consumption (kWh)": use})


def _bills(name: str, kwh_a_day: float, first: str = "2023-07-01", count: int = 12) -> pd.DataFrame:
    months = pd.date_range(first, periods=count, freq="MS")
    kwh = months.days_in_month.to_numpy() * kwh_a_day
    return pd.DataFrame({"Date": months, "Device": name, "Consumption (kWh)": kwh})


def _write(folder: Path, *parts: pd.DataFrame) -> list[Path]:
    paths = [folder / f"{number}.csv" for number in range(len(parts))]
    for path, part in zip(paths, parts, strict=True):
        part.to_csv(path, index=False)
    return paths


def _take(scope: Scope, folder: Path, *parts: pd.DataFrame) -> None:
    for path in _write(folder, *parts):
        importing.import_file(scope, path)


def _july(kwh: float) -> float:
    days = pd.date_range("2024-07-01", "2024-07-31")
    return float(24 * kwh * np.where(days.day_of_week < 5, 1.0, 0.5).sum())


def test_each_meter_is_foretold_at_its_own_step_and_stopped_ones_not_at_all(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    stray = pd.DataFrame({"Date": ["2025-06-03 12:00"], "Device": "Hall", "Consumption (kWh)": 10.0})
    hall = pd.concat([_hours("Hall", 10.0), stray])
    _take(scope, tmp_path, hall, _hours("Press", 5.0, "2024-04-20"), _bills("Shop", 70.0))
    true = _july(10.0) + 31 * 70.0

    untrained = forecasts.next_month_interval(scope)
    assert untrained.value == pytest.approx(true, rel=0.02)
    assert untrained.lower < true < untrained.upper

    models = forecasts.train(scope, settings)
    assert models[0].devices == 2, "bills teach no days"
    found = forecasts.predict(scope, settings)
    assert {p.type for p in found if p.device == "Shop"} == {"monthly"}
    assert not [p for p in found if p.device == "Press"], "it has stopped"
    shop = next(p for p in found if p.device == "Shop")
    assert (shop.start.isoformat(), shop.predicted_value) == (
        "2024-07-01",
        pytest.approx(31 * 70.0, rel=0.01),
    )
    assert shop.upper_80 - shop.lower_80 > 0.05 * shop.predicted_value, "twelve bills are not certain"
    assert forecasts.next_month(scope) == pytest.approx(true, rel=0.02)
    assert forecasts.next_month(scope, [shop.device_id]) == pytest.approx(shop.predicted_value)
    july = forecasts.daily_forecast(scope, None, 31)
    assert july["date"].iloc[0] == pd.Timestamp("2024-07-01")
    assert july["consumption"].sum() == pytest.approx(forecasts.next_month(scope))

    shops = forecasts.list_predictions(scope, "monthly", shop.device_id)
    assert all(p.accuracy > 0.9 for p in shops if p.held_out)
    assert forecasts.list_predictions(scope, "daily", shop.device_id) == []
    days = forecasts.list_predictions(scope, "daily", None, "combination")
    past = [p for p in days if p.held_out and p.start.isoformat() >= "2024-06-01"]
    assert past
    assert np.mean([p.accuracy for p in past]) > 0.9, "the facility's days are told of all meters alike"


def test_a_report_compares_with_what_had_been_forecast_before_its_month(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    _take(scope, tmp_path, _hours("Hall", 10.0))
    forecasts.train(scope, settings)
    forecasts.predict(scope, settings)
    july, before = date(2024, 7, 1), forecasts.next_month(scope)
    came = _hours("Hall", 11.0, "2024-07-31")
    half = came["Date"] < "2024-07-16"
    _take(scope, tmp_path, came[half & (came["Date"] >= "2024-07-01")])
    forecasts.predict(scope, settings)
    under_way = forecasts.list_predictions(scope, "monthly", None, "combination")[-2]
    assert under_way.start == july
    assert under_way.predicted_value > 1.02 * before

    made = forecasts.made_ahead(scope, "monthly", july)
    assert (made.value, made.read_to) == (pytest.approx(before), date(2024, 6, 30))
    assert made.lower < made.value < made.upper
    assert forecasts.made_ahead(scope, "monthly", date(2024, 6, 1)) is None, "nothing was forecast of June"
    _take(scope, tmp_path, came[~half])
    contents = reports.gather(scope, settings, reports.FACILITY, reports.period_of(july, "month"))
    said = " ".join(summary(contents))
    share = percent(_july(11.0) / before - 1)
    day = formats().day(date(2024, 6, 30))
    assert f"{share} more than had been forecast from the readings up to {day}." in said


def test_models_that_do_not_know_the_readings_are_old_and_trained_again(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    _take(scope, tmp_path, _hours("Hall", 10.0))
    forecasts.claim_import(scope)
    assert forecasts.renew(scope, settings).trained
    assert not forecasts.models_are_old(scope, settings)
    assert not forecasts.renew(scope, settings).trained

    (second,) = _write(tmp_path, _hours("Press", 5.0))
    imported = importing.import_file(scope, second)
    press = next(device.id for device in devices.list_devices(scope) if device.name == "Press")
    assert forecasts.outdated(scope, settings) == forecasts.Outdated(False, frozenset({press}))
    assert forecasts.next_month(scope) == pytest.approx(_july(15.0), rel=0.05), "the new meter counts at once"
    assert forecasts.claim_import(scope)
    assert forecasts.renew(scope, settings).trained

    importing.undo_import(scope, imported.import_id)
    assert forecasts.next_month(scope) == pytest.approx(_july(10.0), rel=0.02)
    assert forecasts.outdated(scope, settings) == forecasts.Outdated(True)
    assert forecasts.claim_import(scope), "the job has something to do"
    assert forecasts.renew(scope, settings).trained
    assert not forecasts.models_are_old(scope, settings)


def test_bills_alone_give_the_next_month_and_no_days(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    _take(scope, tmp_path, _bills("Shop", 70.0))
    month = forecasts.next_month_interval(scope)
    assert month.value == pytest.approx(31 * 70.0, rel=0.02)
    assert month.lower < month.value < month.upper
    with pytest.raises(ForecastRefused, match="No meter is read every day"):
        forecasts.train(scope, settings)


def test_a_file_says_which_meters_have_no_days_to_come(tmp_path: Path) -> None:
    table = pd.concat([_hours("Hall", 10.0), _hours("Press", 5.0, "2024-04-20"), _bills("Shop", 70.0)])
    (source,), output = _write(tmp_path, table), tmp_path / "forecast.csv"
    found = forecasts.forecast_file(source, 14, output)
    assert set(pd.read_csv(output)["device"]) == {"Hall"}
    assert {left_out.device for left_out in found.left_out} == {"Press", "Shop"}
    assert "20" in next(left_out.why for left_out in found.left_out if left_out.device == "Press")

    (bills,) = _write(tmp_path, _bills("Shop", 70.0))
    with pytest.raises(ForecastRefused, match="No meter is read every day"):
        forecasts.forecast_file(bills, 14, tmp_path / "none.csv")
    assert not (tmp_path / "none.csv").exists()
