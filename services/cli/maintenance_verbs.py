"""The verbs that look after the installation."""

from argparse import Namespace

from services import database, support
from services import doctor as examination
from services.cli.printing import print_json, print_lines, show_progress
from services.settings import Settings
from services.startup import opened


def backup(settings: Settings, chosen: Namespace) -> None:
    """`loadlens backup`."""
    with opened(settings) as db:
        counts = database.back_up(db, chosen.file, show_progress)
    _told(counts, chosen, "Backed up")


def restore(settings: Settings, chosen: Namespace) -> None:
    """`loadlens restore`."""
    with opened(settings) as db:
        counts = database.restore(db, chosen.file, show_progress)
    _told(counts, chosen, "Restored")


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
