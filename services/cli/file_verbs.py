"""The verbs that turn one file into another, without a database."""

from argparse import Namespace

from services import alerts, forecasts
from services.cli.printing import print_json, print_lines
from services.file_names import as_text
from services.settings import Settings


def forecast(settings: Settings, chosen: Namespace) -> None:
    """`loadlens forecast`."""
    rows = forecasts.forecast_file(
        chosen.input,
        chosen.horizon_days,
        chosen.output,
        chosen.country,
        scheduler=settings.loadlens_cluster,
    )
    _told(rows, chosen, "forecasts")


def detect(_settings: Settings, chosen: Namespace) -> None:
    """`loadlens detect`."""
    rows = alerts.detect_file(chosen.input, chosen.output, chosen.country)
    _told(rows, chosen, "anomalous readings")


def _told(rows: int, chosen: Namespace, what: str) -> None:
    if chosen.json:
        print_json({"rows": rows, "output": as_text(chosen.output)})
    else:
        print_lines(f"{rows} {what} written to {as_text(chosen.output)}.")
