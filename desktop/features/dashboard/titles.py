"""What the dashboard's charts are called, and what can be done with them."""

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def titles() -> dict[str, tuple[str, str]]:
    """Title with the unit and note of each chart, by the names of `Charts`."""
    click = translate("dashboard", "Click a bar to see it alone.")
    return {
        "consumption": (
            translate("dashboard", "Consumption, kWh"),
            translate(
                "dashboard",
                "Shift and drag picks days: figures and charts follow. "
                "The wheel zooms, a double click shows all.",
            ),
        ),
        "weeks": (
            translate("dashboard", "Weekly consumption, kWh"),
            translate("dashboard", "Paler: not all days have readings."),
        ),
        "heat_map": (
            translate("dashboard", "Heat map, kWh an hour"),
            translate("dashboard", "Days from left to right, hours from top to bottom."),
        ),
        "baseload": (
            translate("dashboard", "Baseload, kW"),
            translate("dashboard", "What never switches off, day by day."),
        ),
        "cusum": (
            translate("dashboard", "Against the baseline, kWh"),
            translate("dashboard", "CUSUM. Rising: more than the baseline. Falling: less."),
        ),
        "budget": (
            translate("dashboard", "Months and budget, kWh"),
            translate("dashboard", "The monthly budget is set on the settings page."),
        ),
        "profile": (
            translate("dashboard", "Average day, kW"),
            translate("dashboard", "Shaded: where 8 of 10 days lie."),
        ),
        "load_duration": (
            translate("dashboard", "Load duration, kW"),
            translate("dashboard", "For which share of the time the demand is at least so high."),
        ),
        "devices": (translate("dashboard", "Share of each device"), click),
        "categories": (translate("dashboard", "Share of each category"), click),
        "pareto": (
            translate("dashboard", "Pareto: the vital few, kWh"),
            translate("dashboard", "The coloured bars make up 80 % of the consumption."),
        ),
    }
