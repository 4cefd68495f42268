"""Train the forecast models: `python ml/train_models.py`, or `python -m ml.train_models`.

A door to `services.forecasts` and nothing else: what is said on the command line goes in, the models'
test metrics come out as a table.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from services import accounts, forecasts, settings
from services.command_line import Parser, add_env_file
from services.console import guarded, say
from services.errors import LoadlensError
from services.forecasts import ForecastRefused, ModelReport
from services.messages import formats, gettext
from services.settings import Settings
from services.startup import opened

METRICS = {"WAPE": "%", "MAE": "kWh", "RMSE": "kWh", "R2": "", "MASE": "", "CVRMSE": "%", "NMBE": "%"}


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the database or from a file; return the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        found = _train(settings.load(chosen.env_file), chosen)
    except LoadlensError as error:
        say(error)
        return 1
    _print(found)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="train_models", description=gettext("Train the forecast models and print how each did.")
    )
    add_env_file(parser)
    parser.add_argument(
        "--user", metavar="EMAIL", help="whose readings; not needed where there is one account"
    )
    parser.add_argument(
        "--input", type=Path, metavar="FILE", help="train from a spreadsheet, without a database"
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="where the models of --input go")
    parser.add_argument("--country", metavar="CC", help="whose public holidays the devices of --input keep")
    return parser


def _train(configured: Settings, chosen: argparse.Namespace) -> list[ModelReport]:
    if chosen.input or chosen.output:
        if chosen.user or not (chosen.input and chosen.output):
            raise ForecastRefused("Name a file with --input and a folder with --output, without --user.")
        return forecasts.train_file(chosen.input, chosen.output, configured, chosen.country)
    with opened(configured) as db:
        email = chosen.user or _only_account([user.email for user in accounts.everyone(db)])
        return forecasts.train(accounts.scope_of(db, email), configured)


def _only_account(emails: list[str]) -> str:
    if not emails:
        raise ForecastRefused(
            "There is no account yet, and so no readings. Register and import readings first."
        )
    if len(emails) > 1:
        raise ForecastRefused(
            "There are several accounts. Name one with --user: {emails}.", emails=", ".join(emails)
        )
    return emails[0]


def _print(found: list[ModelReport]) -> None:
    report = found[0]
    print(
        gettext(
            "Trained on {days} device days of {devices} devices, {start} to {end}.",
            days=formats().number(report.rows),
            devices=formats().number(report.devices),
            start=report.trained_from,
            end=report.trained_to,
        )
    )
    print(
        gettext(
            "Backtest: the last fold of days, up to 28 days ahead, held out of training and of the choice:"
        )
    )
    heads = [f"{name} {unit}".strip() for name, unit in METRICS.items()]
    print("  ".join(["model".ljust(21), *(head.rjust(8) for head in heads)]))
    for report in found:
        values = [report.metrics[name] * (100 if unit == "%" else 1) for name, unit in METRICS.items()]
        print("  ".join([report.name.ljust(21), *(f"{value:8.2f}" for value in values)]))


if __name__ == "__main__":
    raise SystemExit(main())
