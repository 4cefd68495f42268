"""The verbs that look after the installation."""

import sys
from argparse import Namespace

from services import backups, support
from services import doctor as examination
from services.cli.printing import print_json, print_lines, show_progress
from services.settings import Settings
from services.startup import opened


def backup(settings: Settings, chosen: Namespace) -> None:
    """`loadlens backup`."""
    with opened(settings) as db:
        counts = backups.made(db, settings, chosen.file, backups.COMMAND_LINE, show_progress)
    _told(counts, chosen, "Backed up")


def restore(settings: Settings, chosen: Namespace) -> None:
    """`loadlens restore`."""
    with opened(settings) as db:
        _warn(backups.described(db, settings, chosen.file))
        counts = backups.restored(db, settings, chosen.file, backups.COMMAND_LINE, show_progress)
    _told(counts, chosen, "Restored")


def _warn(found: backups.Description) -> None:
    if not found.backup.made_here:
        print(
            f"{found.backup.path.name} was not written by this installation, or was altered since: nobody "
            "knows whether what is in it is true. These accounts will be administrators: "
            f"{', '.join(found.administrators) or 'none'}.",
            file=sys.stderr,
        )


def _told(counts: dict[str, int], chosen: Namespace, done: str) -> None:
    if chosen.json:
        print_json({"file": str(chosen.file), "documents": counts})
    else:
        print_lines(f"{done}: {', '.join(f'{count} {name}' for name, count in counts.items())}.")


def doctor(settings: Settings, chosen: Namespace) -> None:
    """`loadlens doctor`."""
    with examination.opened(settings) as db:
        if chosen.bundle is None:
            checks = examination.examine(db, settings, show_progress)
        else:
            checks = support.save_for_installation(db, settings, chosen.bundle, show_progress)
    well = all(check.ok for check in checks)
    if chosen.json:
        told = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks]
        print_json({"ok": well, "checks": told})
    else:
        print_lines(*(f"{'ok ' if check.ok else 'BAD'}  {check.name}: {check.detail}" for check in checks))
    if not well:
        raise examination.Unwell("Something is wrong: see the lines marked BAD.")
