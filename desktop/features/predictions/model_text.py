"""Trained models in a manager's words."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import day, kwh, moment, number, percent
from desktop.framework.record_table import Column
from services.forecasts import ModelReport, Version

translate = QCoreApplication.translate


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
    """A model as it is offered for choice: its name and how far off it was in its test."""
    template = translate("models", "{model}, off by {error}")
    return template.format(model=model_name(report.name), error=percent(report.metrics["WAPE"]))


def verdict(report: ModelReport, others: Sequence[ModelReport]) -> str:
    """How good a model is, beside what the seasonal naive among the others did on the same days."""
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
    """(label, value): what a model was trained and tested on."""
    spanned = translate("models", "{first} to {last}")
    return [
        (translate("models", "Trained"), moment(report.trained_at, zone)),
        (
            translate("models", "On readings of"),
            spanned.format(first=day(report.trained_from), last=day(report.trained_to)),
        ),
        (translate("models", "Tested on days from"), day(report.held_out_from)),
        (
            translate("models", "Public holidays"),
            report.country or translate("models", "not known: Settings, Facility"),
        ),
        (translate("models", "Devices"), number(report.devices)),
        (translate("models", "Days of all devices"), number(report.rows)),
    ]


def score_columns() -> list[Column[ModelReport]]:
    """The test scores of models, to be compared."""
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


def measures_in_words() -> str:
    """What the scores mean, for somebody who reads no statistics."""
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
    """(what, its share in words, the share) of what the model's forecasts rest on, the greatest first."""
    kinds = {
        "level": translate("models", "How much was used lately"),
        "same_weekday": translate("models", "The same weekday in the weeks before"),
        "shape_of_week": translate("models", "The shape of the week"),
        "days_off": translate("models", "Weekends and public holidays"),
        "year_before": translate("models", "The year before"),
        "scatter": translate("models", "How much the days differ"),
        "horizon": translate("models", "How far ahead the day is"),
    }
    mattered = sorted(report.importance.items(), key=lambda item: item[1], reverse=True)
    return [(kinds.get(kind, kind), percent(share), share) for kind, share in mattered]


def version_columns(zone: str) -> list[Column[Version]]:
    """Trainings, to go back to one."""
    return [
        Column(
            translate("models", "Trained"),
            lambda version: moment(version.reports[0].trained_at, zone),
            lambda version: version.reports[0].trained_at.timestamp(),
        ),
        Column(translate("models", "In use"), lambda version: "✓" if version.in_use else ""),
        Column(
            translate("models", "Last readings of"),
            lambda version: day(version.reports[0].trained_to),
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
