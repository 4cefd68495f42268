"""The verb that watches a folder where no window does."""

import time
from argparse import Namespace

from services import accounts, alerts, notifications, watching
from services.cli.printing import as_json, print_json, print_lines
from services.settings import Settings
from services.startup import opened

EVERY = 10
"""Seconds between two looks into the folder."""


def watch(settings: Settings, chosen: Namespace) -> None:
    """`loadlens watch`: until it is interrupted, or one look with ``--once``; alerts are mailed, too."""
    with opened(settings) as db:
        scope = accounts.scope_of(db, chosen.user)
        if watching.watched_folder(scope) != chosen.folder.absolute():
            watching.set_folder(scope, chosen.folder)
        while True:
            _tell(watching.scan(scope, settings), chosen)
            alerts.check_rules(scope)
            alerts.post(scope)
            notifications.send_due(scope, settings)
            if chosen.once:
                return
            try:
                time.sleep(EVERY)
            except KeyboardInterrupt:
                return


def _tell(outcomes: list[watching.Outcome], chosen: Namespace) -> None:
    if chosen.json and (outcomes or chosen.once):
        print_json({"files": [_as_json(outcome) for outcome in outcomes]})
    elif outcomes:
        print_lines(*map(_line, outcomes))


def _line(outcome: watching.Outcome) -> str:
    if outcome.refusal or not outcome.summary:
        return f"{outcome.file}: {outcome.refusal}"
    added, refused = outcome.summary.added, len(outcome.summary.refused)
    return f"{outcome.file}: {added} added, {refused} refused, {len(outcome.summary.alerts)} new alerts."


def _as_json(outcome: watching.Outcome) -> dict[str, object]:
    return {
        "file": outcome.file,
        "summary": as_json(outcome.summary),
        "refusal": str(outcome.refusal) if outcome.refusal else None,
        "movedTo": str(outcome.moved_to) if outcome.moved_to else None,
    }
