"""The verb that watches a folder where no window does."""

import sys
import time
from argparse import Namespace

from services import accounts, alerts, backups, notifications, watching
from services.cli.printing import as_json, print_json, print_lines
from services.scope import Scope
from services.settings import Settings
from services.startup import opened

EVERY = 10
"""Seconds between two looks into the folder."""


def watch(settings: Settings, chosen: Namespace) -> None:
    """`loadlens watch`: until it is interrupted, or one look with ``--once``.

    Alerts are mailed, and the backup is made that is due.
    """
    with opened(settings) as db:
        scope = accounts.scope_of(db, chosen.user)
        if watching.watched_folder(scope) != chosen.folder.absolute():
            watching.set_folder(scope, chosen.folder)
        trouble = ""
        while True:
            trouble = _back_up(scope, settings, trouble)
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


def _back_up(scope: Scope, settings: Settings, trouble: str) -> str:
    """Make the backup that is due; why it was not, which is said once."""
    made = backups.make_due(scope, settings)
    if made is None:
        return trouble
    if made.refusal and str(made.refusal) != trouble:
        print(made.refusal, file=sys.stderr)
    return str(made.refusal or "")


def _tell(outcomes: list[watching.Outcome], chosen: Namespace) -> None:
    if chosen.json and (outcomes or chosen.once):
        print_json({"files": [_as_json(outcome) for outcome in outcomes]})
    elif outcomes:
        print_lines(*map(_line, outcomes))


def _line(outcome: watching.Outcome) -> str:
    name = watching.printable(outcome.file)
    if outcome.refusal or not outcome.summary:
        return f"{name}: {outcome.refusal}"
    added, refused = outcome.summary.added, len(outcome.summary.refused)
    told = f"{added} added, {refused} refused, {len(outcome.summary.alerts)} new alerts."
    return f"{name}: {'read again, ' if outcome.again else ''}{told}"


def _as_json(outcome: watching.Outcome) -> dict[str, object]:
    return {
        "file": outcome.file,
        "summary": as_json(outcome.summary),
        "refusal": str(outcome.refusal) if outcome.refusal else None,
        "movedTo": str(outcome.moved_to) if outcome.moved_to else None,
        "again": outcome.again,
    }
