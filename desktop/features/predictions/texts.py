"""Models in a manager's words, and what is to come in a row of figures."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.features.predictions.loading import Expectation, Loaded
from desktop.framework.formatting import (
    day,
    kwh,
    money,
    number,
    percent,
    period,
    rounded,
    short_day,
    short_moment,
)
from desktop.framework.record_table import Column
from services.forecasts import ModelReport, Outlook, Prediction, Version

translate = QCoreApplication.translate
NAMED = 3
"""Up to so many new devices are named."""
Figure = tuple[str, str, str]
"""(name, figure as the locale writes it, what it means)."""


def model_name(model: str) -> str:
    names = {
        "combination": translate("models", "Chosen for each device"),
        "seasonal_naive": translate("models", "Like the week before"),
        "exponential_smoothing": translate("models", "Exponential smoothing"),
        "linear_regression": translate("models", "Linear regression"),
        "gradient_boosting": translate("models", "Gradient boosting"),
        "random_forest": translate("models", "Random forest"),
        "lstm": translate("models", "Neural network (LSTM)"),
    }
    return names.get(model, model.replace("_", " ").capitalize())


def model_choice(report: ModelReport) -> str:
    """Name a model and how far off it was in its test, to choose from."""
    template = translate("models", "{model}, off by {error}")
    return template.format(model=model_name(report.name), error=percent(report.metrics["WAPE"]))


def verdict(report: ModelReport, others: Sequence[ModelReport]) -> str:
    """Say how good a model is, beside what the seasonal naive among the others did on the same days."""
    metrics = report.metrics
    off = translate(
        "models",
        "Device by device, up to 28 days ahead, it was off by {share} of what was used on days it had not "
        "seen: {energy} a device and day.",
    ).format(share=percent(metrics["WAPE"], 1), energy=kwh(metrics["MAE"]))
    naive = next((other for other in others if other.name == "seasonal_naive"), report)
    if naive is report:
        return off
    gain = 1 - metrics["MAE"] / naive.metrics["MAE"] if naive.metrics["MAE"] else 0.0
    compared = (
        translate("models", "That is {share} closer than expecting each day to repeat the week before.")
        if gain > 0
        else translate("models", "Expecting each day to repeat the week before would be as good, or better.")
    )
    return f"{off} {compared.format(share=percent(gain))}"


def particulars(report: ModelReport, zone: str) -> list[tuple[str, str]]:
    """Return (label, value) of what a model was trained and tested on."""
    spanned = translate("models", "{first} to {last}")
    return [
        (translate("models", "Trained"), short_moment(report.trained_at, zone)),
        (
            translate("models", "On readings of"),
            spanned.format(first=short_day(report.trained_from), last=short_day(report.trained_to)),
        ),
        (translate("models", "Tested on days from"), short_day(report.held_out_from)),
        (
            translate("models", "Public holidays"),
            report.country or translate("models", "not known: Settings, Facility"),
        ),
        (translate("models", "Devices"), number(report.devices)),
        (translate("models", "Days of all devices"), number(report.rows)),
    ]


def score_columns() -> list[Column[ModelReport]]:
    """Return columns of the test scores of models, to be compared."""
    return [
        Column(translate("models", "Model"), lambda report: model_name(report.name)),
        *(
            _score(title, metric, is_share)
            for title, metric, is_share in (
                (translate("models", "Off by\nWAPE"), "WAPE", True),
                (translate("models", "A day\nMAE"), "MAE", False),
                (translate("models", "Times naive\nMASE"), "MASE", None),
                (translate("models", "Scatter\nCV(RMSE)"), "CVRMSE", True),
                (translate("models", "Bias\nNMBE"), "NMBE", True),
                (translate("models", "Explained\nR²"), "R2", None),
            )
        ),
    ]


def measures_text() -> str:
    """Explain the scores for somebody who reads no statistics."""
    return translate(
        "models",
        "WAPE: of 100 kWh used, so many were foretold wrongly. MAE: the same in kWh a device and day. MASE: "
        "so many times the error that repeating the week before made on earlier days. CV(RMSE): like WAPE, "
        "but large misses count more. NMBE: above 0 more was used than foretold, below 0 less. R²: 1 would "
        "be all ups and downs foretold. What was chosen for each device was chosen on earlier days, and not "
        "by this test.",
    )


def _score(title: str, metric: str, is_share: bool | None) -> Column[ModelReport]:
    def text(report: ModelReport) -> str:
        value = report.metrics[metric]
        if is_share is None:
            return number(value, 2)
        return percent(value, 1) if is_share else kwh(value)

    return Column(title, text, lambda report: report.metrics[metric], numeric=True)


def reasons(report: ModelReport) -> list[tuple[str, str, float]]:
    """Return (what, its share in words, the share) of what the forecasts rest on, the greatest first."""
    kinds = {
        "level": translate("models", "How much was used lately"),
        "same_weekday": translate("models", "The same weekday in the weeks before"),
        "shape_of_week": translate("models", "The shape of the week"),
        "days_off": translate("models", "Weekends and public holidays"),
        "year_before": translate("models", "The year before"),
        "scatter": translate("models", "How much the days differ"),
        "horizon": translate("models", "How far ahead the day is"),
    }
    shares = sorted(report.importance.items(), key=lambda item: item[1], reverse=True)
    return [(kinds.get(kind, kind), percent(share), share) for kind, share in shares]


def version_columns(zone: str) -> list[Column[Version]]:
    """Return columns of the trainings, to go back to one."""
    return [
        Column(
            translate("models", "Trained"),
            lambda version: short_moment(version.reports[0].trained_at, zone),
            lambda version: version.reports[0].trained_at.timestamp(),
        ),
        Column(translate("models", "In use"), lambda version: "✓" if version.in_use else ""),
        Column(
            translate("models", "Last readings of"),
            lambda version: short_day(version.reports[0].trained_to),
            lambda version: version.reports[0].trained_to.toordinal(),
        ),
        Column(
            translate("models", "Devices"),
            lambda version: number(version.reports[0].devices),
            lambda version: version.reports[0].devices,
            numeric=True,
        ),
        Column(translate("models", "Best model"), lambda version: model_name(version.reports[0].name)),
        Column(
            translate("models", "Off by (WAPE)"),
            lambda version: percent(version.reports[0].metrics["WAPE"], 1),
            lambda version: version.reports[0].metrics["WAPE"],
            numeric=True,
        ),
    ]


def origin_text(outlook: Outlook) -> str:
    """Say up to which day readings are known to the forecast; empty without any."""
    if outlook.origin is None:
        return ""
    return translate("predictions", "From the readings up to {day}.").format(day=day(outlook.origin))


def outdated_text(page: Loaded) -> str:
    """Say why the models should be trained again; empty where they are as new as the readings."""
    if page.outdated is None:
        return ""
    names = [device.name for device in page.devices if device.id in page.outdated.new_devices]
    if not names:
        return translate(
            "predictions", "The models have learnt from readings that were taken back since: train again."
        )
    if len(names) == 1:
        return translate(
            "predictions", "“{device}” is new since the models were trained: train again."
        ).format(device=names[0])
    if len(names) <= NAMED:
        listed = ", ".join(f"“{name}”" for name in names)
        return translate(
            "predictions", "{devices} are new since the models were trained: train again."
        ).format(devices=listed)
    return translate(
        "predictions", "{count} devices are new since the models were trained: train again."
    ).format(count=number(len(names)))


def outlook_figures(outlook: Outlook, kind: str, shown: Sequence[Expectation]) -> list[Figure]:
    """Return the figures from left to right; the last is computed from ``shown``, periods of this kind."""
    figures: list[Figure] = []
    if outlook.week is not None:
        meaning = translate("predictions", "What the seven days after the last reading will come to.")
        figures.append((translate("predictions", "kWh, next 7 days"), rounded(outlook.week), meaning))
    figures += [_month(month) for month in outlook.months]
    if outlook.months:
        figures += _of_last_month(outlook, outlook.months[-1])
    if (off := off_by(shown)) is not None:
        meaning = translate(
            "predictions",
            "What was foretold wrongly of what is shown: in {count} past periods, each foretold just before "
            "it began by a model that had not seen it.",
        ).format(count=number(len(_known(shown))))
        figures.append((_how_far_ahead(kind), percent(off, 1), meaning))
    return figures


def _how_far_ahead(kind: str) -> str:
    names = {
        "daily": translate("predictions", "Off by, a day ahead"),
        "weekly": translate("predictions", "Off by, a week ahead"),
        "monthly": translate("predictions", "Off by, a month ahead"),
    }
    return names.get(kind, "")


def off_by(shown: Sequence[Expectation]) -> float | None:
    """Return the error in the periods held out, as a share (0..1) of what was used in them."""
    used = sum(abs(actual) for _, actual in _known(shown))
    return sum(abs(actual - predicted) for predicted, actual in _known(shown)) / used if used else None


def _known(shown: Sequence[Expectation]) -> list[tuple[float, float]]:
    """Return what was predicted of each period held out, and what came."""
    return [(of.predicted, of.actual) for of in shown if of.held_out and of.actual is not None]


def _month(month: Prediction) -> Figure:
    name = translate("predictions", "kWh, {month}").format(month=period("monthly", month.start))
    if month.lower_80 is None or month.upper_80 is None:
        return name, rounded(month.predicted_value), ""
    meaning = translate("predictions", "Most likely between {lower} and {upper} kWh.").format(
        lower=rounded(month.lower_80), upper=rounded(month.upper_80)
    )
    return name, rounded(month.predicted_value), meaning


def _of_last_month(outlook: Outlook, month: Prediction) -> list[Figure]:
    """Return what the month to come costs, and what it is compared with."""
    figures: list[Figure] = []
    value, name = month.predicted_value, period("monthly", month.start)
    if outlook.price is not None:
        meaning = translate(
            "predictions",
            "{month} at what a kWh cost on average in the last four weeks, without a charge for the peak.",
        ).format(month=name)
        title = translate("predictions", "Cost of {month}").format(month=name)
        figures.append((title, money(value * outlook.price, outlook.currency), meaning))
    if outlook.budget:
        meaning = translate("predictions", "{month} as a share of the monthly budget of {budget}.").format(
            month=name, budget=kwh(outlook.budget)
        )
        figures.append((translate("predictions", "Of the budget"), percent(value / outlook.budget), meaning))
    if outlook.year_before:
        over = value / outlook.year_before - 1
        meaning = translate("predictions", "{month} beside the same month a year before: {energy}.").format(
            month=name, energy=kwh(outlook.year_before)
        )
        sign = "+" if over > 0 else ""
        figures.append((translate("predictions", "On the year before"), f"{sign}{percent(over)}", meaning))
    return figures
