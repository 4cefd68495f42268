"""From readings to predictions, and from predictions to how true they came."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from ml import train_models
from ml.forecasting.models import NAMES
from services import forecasts, readings
from services.facility import EVERY_DAY, EVERY_MONTH, Facility, Tariff, TariffPeriod, save
from services.forecasts import ForecastRefused, Prediction
from services.progress import Cancelled, silent
from services.readings import FileRefused, Readings
from services.scope import Scope
from services.settings import Settings

DEVICES = ("Chiller", "Lights")
LAST = date(2024, 3, 31)


def _hourly(first: str, last: str, devices: tuple[str, ...] = DEVICES) -> pd.DataFrame:
    """kWh of each hour of these days in UTC: more by day, less at weekends, different in every device."""
    hours = pd.date_range(first, f"{last} 23:00", freq="h")
    rng = np.random.default_rng(int(hours[0].timestamp()) % 2**32)
    shape = np.where(hours.day_of_week < 5, 1.0, 0.4) * np.where(hours.hour.isin(range(8, 18)), 2.0, 0.5)
    parts = [
        pd.DataFrame(
            {"device": name, "date": hours, "consumption": size * shape * rng.gamma(50, 1 / 50, len(hours))}
        )
        for name, size in ((name, len(name) / 2) for name in devices)
    ]
    return pd.concat(parts, ignore_index=True)


def _import(scope: Scope, frame: pd.DataFrame) -> None:
    whole = frame.assign(
        date=frame["date"]
        .dt.tz_localize(scope.timezone, ambiguous=True, nonexistent="NaT")
        .dt.tz_convert("UTC"),
        category="",
        location="",
        notes="",
        row=range(2, len(frame) + 2),
    )
    whole = whole.dropna(subset="date")  # spring's missing hour
    readings.store(scope, Readings(whole, [], len(whole), 0, 0), "test.csv", silent)
    forecasts.fill_actuals(scope)


def _stopping_at(call: int) -> Callable[[str, int, int], None]:
    calls = iter(range(1, 1000))

    def progress(_stage: str, _done: int, _total: int) -> None:
        if next(calls) == call:
            raise Cancelled

    return progress


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def facility(scope: Scope) -> Scope:
    """Three months of hourly readings of two devices."""
    _import(scope, _hourly("2024-01-01", LAST.isoformat()))
    return scope


@pytest.fixture
def predicted(facility: Scope, settings: Settings) -> list[Prediction]:
    """What the combination of the models foretells of it."""
    forecasts.train(facility, settings)
    return forecasts.predict(facility, settings)


def test_nothing_can_be_foretold_of_nothing(scope: Scope, settings: Settings) -> None:
    assert forecasts.reports(scope, settings) == []
    assert forecasts.next_month(scope) is None
    assert forecasts.fill_actuals(scope) == 0
    with pytest.raises(ForecastRefused, match="too few readings"):
        forecasts.train(scope, settings)
    with pytest.raises(ForecastRefused, match="Train the models first"):
        forecasts.predict(scope, settings)


def test_training_reports_each_model_and_what_it_foretold_of_the_days_held_out(
    facility: Scope, settings: Settings
) -> None:
    found = forecasts.train(facility, settings)
    assert forecasts.reports(facility, settings) == found
    assert found[0].name == "combination"
    assert {report.name for report in found[1:]} == {*NAMES}
    assert all(report.metrics["WAPE"] < 0.1 for report in found)
    assert all(sum(report.importance.values()) == pytest.approx(1) for report in found)
    assert {(r.trained_from, r.trained_to, r.devices, r.rows) for r in found} == {
        (date(2024, 1, 1), LAST, 2, 182)
    }

    days = forecasts.list_predictions(facility, "daily", None, found[0].name)
    assert [p.start for p in days] == [d.date() for d in pd.date_range("2024-03-02", LAST)]
    metered = readings.daily_consumption(facility).groupby("date")["consumption"].sum()
    for p in days:
        assert p.held_out
        assert p.actual_value == pytest.approx(metered[pd.Timestamp(p.start)])
        assert p.accuracy == pytest.approx(1 - abs(p.actual_value - p.predicted_value) / p.actual_value)
    weeks = forecasts.list_predictions(facility, "weekly", None, found[0].name)
    assert [p.start for p in weeks] == [date(2024, 3, day) for day in (4, 11, 18, 25)]
    for p in (*days, *weeks):
        assert p.lower_95 <= p.lower_80 <= p.predicted_value <= p.upper_80 <= p.upper_95
    within = [p.lower_95 <= p.actual_value <= p.upper_95 for p in days]
    assert sum(within) >= 0.85 * len(days)


def test_the_outlook_is_what_was_foretold_at_the_prices_of_the_last_weeks(
    facility: Scope, predicted: list[Prediction]
) -> None:
    night = TariffPeriod("Night", EVERY_MONTH, EVERY_DAY, 18, 8, 0.1)
    save(facility, Facility(tariff=Tariff(0.3, (night,), demand_price=9.0), monthly_budget=1000.0))
    found = forecasts.outlook(facility, model="combination")

    days = [p.predicted_value for p in predicted if p.type == "daily" and p.device_id is None]
    assert found.week == pytest.approx(sum(days[:7]))
    assert [(m.start, m.predicted_value) for m in found.months] == [
        (date(2024, 4, 1), pytest.approx(sum(days[:30])))
    ]
    last = _hourly("2024-01-01", LAST.isoformat()).query("date >= '2024-03-04'")
    price = np.where(last["date"].dt.hour.between(8, 17), 0.3, 0.1)
    mean = (price * last["consumption"]).sum() / last["consumption"].sum()
    assert found.price == pytest.approx(mean, rel=1e-3)  # an hour of March is missing
    assert (found.budget, found.year_before) == (1000.0, None)

    chiller = next(p.device_id for p in predicted if p.device == "Chiller")
    of_one = forecasts.outlook(facility, chiller, "combination")
    assert of_one.budget is None
    assert 0 < of_one.week < found.week
    _import(facility, _hourly("2023-04-01", "2023-04-30"))
    april = _hourly("2023-04-01", "2023-04-30")["consumption"].sum()
    assert forecasts.outlook(facility, model="combination").year_before == pytest.approx(april)


def test_predictions_cover_the_next_month_and_add_up(facility: Scope, predicted: list[Prediction]) -> None:
    def of(period: str, device: str | None) -> dict[date, float]:
        found = [p for p in predicted if p.type == period and (p.device or None) == device]
        assert not any(p.held_out or p.actual_value is not None for p in found)
        return {p.start: p.predicted_value for p in found}

    days = of("daily", None)
    assert list(days) == [d.date() for d in pd.date_range("2024-04-01", "2024-05-30")]
    april = sum(kwh for day, kwh in days.items() if day.month == 4)
    assert of("monthly", None) == {date(2024, 4, 1): pytest.approx(april)}
    assert next(iter(of("weekly", None))) == date(2024, 4, 1)
    for period in ("daily", "weekly", "monthly"):
        parts = [of(period, device) for device in DEVICES]
        assert of(period, None) == {
            start: pytest.approx(sum(part[start] for part in parts)) for start in parts[0]
        }
    assert forecasts.next_month(facility) == pytest.approx(april)


def test_the_interval_of_a_sum_lies_around_it_and_is_no_wider_than_its_days(
    facility: Scope, settings: Settings, predicted: list[Prediction]
) -> None:
    daily = forecasts.daily_forecast(facility, None, 30)
    assert daily["date"].tolist() == list(pd.date_range("2024-04-01", "2024-04-30"))
    assert (daily["lower"] < daily["consumption"]).all()
    assert (daily["consumption"] < daily["upper"]).all()
    month = forecasts.next_month_interval(facility)
    assert month is not None
    assert month.value == pytest.approx(daily["consumption"].sum())
    assert daily["lower"].sum() - 1e-6 < month.lower < month.value < month.upper < daily["upper"].sum() + 1e-6
    assert all(p.lower_95 <= p.lower_80 <= p.predicted_value <= p.upper_80 <= p.upper_95 for p in predicted)

    chiller = next(p.device_id for p in predicted if p.device == "Chiller")
    assert forecasts.next_month_interval(facility, [chiller]).value < month.value
    hours = forecasts.hourly_forecast(facility, None, 3)
    assert len(hours) == 72
    assert hours["consumption"].sum() == pytest.approx(daily["consumption"][:3].sum())
    at = hours.set_index("date")["consumption"]
    assert at["2024-04-01 12:00"] > 2 * at["2024-04-01 03:00"]


def test_four_of_five_hours_lie_within_their_interval(facility: Scope, settings: Settings) -> None:
    forecasts.train(facility, settings)
    forecasts.predict(facility, settings)
    hours = forecasts.hourly_forecast(facility, None, 28).set_index("date")
    came = _hourly("2024-04-01", "2024-04-28").groupby("date")["consumption"].sum()
    within = (hours["lower"] <= came) & (came <= hours["upper"])
    assert 0.72 <= within.mean() <= 0.92


def test_an_earlier_version_of_the_models_can_be_used_again(
    facility: Scope, settings: Settings, predicted: list[Prediction]
) -> None:
    _import(facility, _hourly("2024-04-01", "2024-04-30"))
    forecasts.train(facility, settings)
    later, earlier = forecasts.versions(facility, settings)
    assert (later.in_use, earlier.in_use) == (True, False)
    assert forecasts.reports(facility, settings)[0].trained_to == date(2024, 4, 30)

    assert forecasts.use_version(facility, settings, earlier.id) == earlier.reports
    assert forecasts.reports(facility, settings)[0].trained_to == LAST
    assert [version.in_use for version in forecasts.versions(facility, settings)] == [False, True]
    assert forecasts.predict(facility, settings)
    with pytest.raises(ForecastRefused, match="not there any more"):
        forecasts.use_version(facility, settings, "../../elsewhere")


def test_what_came_is_held_against_what_was_foretold(
    facility: Scope, settings: Settings, predicted: list[Prediction]
) -> None:
    _import(facility, _hourly("2024-04-01", "2024-04-30", ("Chiller",)))
    model = predicted[0].model_used
    chiller = next(p.device_id for p in predicted if p.device == "Chiller")
    assert forecasts.list_predictions(facility, "monthly", chiller, model)[-1].accuracy > 0.9
    still_open = forecasts.list_predictions(facility, "monthly", None, model)[-1]
    assert still_open.actual_value is None, "the lights of April are not known yet"

    _import(facility, _hourly("2024-04-01", "2024-05-05", ("Lights",)))
    april = forecasts.list_predictions(facility, "monthly", None, model)[-1]
    metered = readings.daily_consumption(facility, date(2024, 4, 1), date(2024, 4, 30))["consumption"].sum()
    assert (april.start, april.held_out) == (date(2024, 4, 1), False)
    assert april.actual_value == pytest.approx(metered)
    assert april.accuracy > 0.9

    forecasts.predict(facility, settings, model)
    assert april in forecasts.list_predictions(facility, "monthly", None, model), "what came true is kept"
    starts = [p.start for p in forecasts.list_predictions(facility, "daily", None, model)]
    assert starts == sorted(set(starts))
    assert starts[-1] >= date(2024, 6, 30)


def test_a_cancelled_training_or_prediction_leaves_everything_as_it_was(
    facility: Scope, settings: Settings, predicted: list[Prediction]
) -> None:
    def stored() -> list[object]:
        return list(facility.db["predictions"].find().sort("_id"))

    files, before = _files(settings.models_dir), stored()
    for call in range(1, 6):
        with pytest.raises(Cancelled):
            forecasts.train(facility, settings, _stopping_at(call))
    for call in range(1, 4):
        with pytest.raises(Cancelled):
            forecasts.predict(facility, settings, None, _stopping_at(call))
    assert _files(settings.models_dir) == files
    assert stored() == before


def test_an_altered_model_is_refused_in_words(
    facility: Scope, settings: Settings, predicted: list[Prediction]
) -> None:
    (model,) = (settings.models_dir / str(facility.user_id)).rglob("random_forest_model.pkl")
    model.write_bytes(model.read_bytes()[:-1] + b"?")
    with pytest.raises(ForecastRefused, match="Train the models again"):
        forecasts.predict(facility, settings, "random_forest")
    assert "random_forest" not in {report.name for report in forecasts.reports(facility, settings)}
    assert {p.model_used for p in forecasts.predict(facility, settings)} == {"combination"}


def test_the_next_month_without_a_model_is_the_last_weeks_repeated(facility: Scope) -> None:
    last_weeks = readings.daily_consumption(facility, date(2024, 3, 4), LAST)
    chiller = last_weeks[last_weeks["device"] == "Chiller"]
    of_weekday = chiller.groupby(chiller["date"].dt.day_of_week)["consumption"].mean()
    april = pd.date_range("2024-04-01", "2024-04-30")
    assert forecasts.next_month(facility, [chiller["deviceId"].iloc[0]]) == pytest.approx(
        of_weekday[april.day_of_week].sum()
    )


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_file_is_forecast_without_a_database(tmp_path: Path, suffix: str) -> None:
    source, output = tmp_path / "meters.csv", tmp_path / f"forecast{suffix}"
    ends_earlier = _hourly("2024-01-01", "2024-02-20", ("=cmd()",))
    ends_at_noon = _hourly("2024-01-01", "2024-03-10").query("date <= '2024-03-10 12:00'")
    pd.concat([ends_earlier, ends_at_noon]).to_csv(source, index=False)

    rows = forecasts.forecast_file(source, 70, output).rows

    found = pd.read_csv(output) if suffix == ".csv" else pd.read_excel(output)
    columns = ["device", "date", "consumption", "lower", "upper"]
    bounds = ["lower_80", "upper_80", "lower_95", "upper_95"]
    assert list(found.columns) == [*columns, *bounds, "model"]
    assert len(found) == rows == 3 * 70
    firsts = found.groupby("device")["date"].agg(["min", "max", "count"])
    assert firsts.loc["Chiller"].tolist() == ["2024-03-11", "2024-05-19", 70]
    assert (found["lower"] <= found["consumption"]).all()
    assert (found["consumption"] <= found["upper"]).all()
    width = (found["upper"] - found["consumption"]).groupby(found["device"])
    assert (width.first() > 0).all()
    assert (width.last() > width.first()).all()
    if suffix == ".csv":
        assert "'=cmd()" in set(found["device"])
    else:
        cells = [cell for (cell,) in openpyxl.load_workbook(output).active.iter_rows(max_col=1)]
        assert {cell.data_type for cell in cells if cell.value == "=cmd()"} == {"s"}


def test_what_cannot_be_forecast_is_refused_and_writes_nothing(tmp_path: Path) -> None:
    source, output = tmp_path / "meters.csv", tmp_path / "forecast.csv"
    _hourly("2024-01-01", "2024-01-10").to_csv(source, index=False)
    with pytest.raises(ForecastRefused, match="10 whole days"):
        forecasts.forecast_file(source, 30, output)
    with pytest.raises(ForecastRefused, match="from 1 to 366"):
        forecasts.forecast_file(source, 0, output)
    with pytest.raises(FileRefused):
        forecasts.forecast_file(tmp_path / "missing.csv", 30, output)
    assert not output.exists()


def test_the_training_script_prints_metrics_or_one_sentence(
    facility: Scope,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MONGODB_NAME", settings.mongodb_name)
    assert train_models.main([]) == 0
    printed = capsys.readouterr().out
    assert all(
        word in printed for word in ("linear_regression", "random_forest", "WAPE", "NMBE", "182 device days")
    )
    assert len(forecasts.reports(facility, settings)) == 1 + len(NAMES)

    source = tmp_path / "meters.csv"
    _hourly("2024-01-01", "2024-01-31").to_csv(source, index=False)
    assert train_models.main(["--input", str(source), "--output", str(tmp_path / "models")]) == 0
    assert {path.name for path in (tmp_path / "models").iterdir()} >= {
        "linear_regression_model.pkl",
        "random_forest_model.pkl",
    }
    for bad in (
        ["--user", "nobody@example.com"],
        ["--input", str(tmp_path / "none.csv"), "--output", str(tmp_path)],
    ):
        assert train_models.main(bad) == 1
    errors = capsys.readouterr().err
    assert len(errors.splitlines()) == 2
    assert "Traceback" not in errors
