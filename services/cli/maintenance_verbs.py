"""The verbs that look after the installation."""

import sys
from argparse import Namespace
from datetime import datetime

from services import backups, support
from services import doctor as examination
from services.cli.printing import print_json, print_lines, show_progress
from services.database import BackupRefused
from services.file_names import as_text
from services.messages import N_, formats, gettext
from services.settings import Settings
from services.startup import opened

ALTERED = N_(
    "{file} was altered since this installation wrote it. Whoever did so decides on accounts, mail servers, "
    "watched folders and every reading, and has as administrators: {administrators}. If you trust where it "
    "comes from: --trust-foreign"
)
FOREIGN = N_(
    "{file} was not written by this installation, or was altered since. Whoever did so decides on accounts, "
    "mail servers, watched folders and every reading, and has as administrators: {administrators}. If you "
    "trust where it comes from: --trust-foreign"
)


def backup(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens backup`."""
    with opened(settings) as db:
        counts = backups.back_up_database(db, settings, chosen.file, backups.COMMAND_LINE, show_progress)
    _print_counts(counts, chosen, N_("Backed up: {counts}."))


def restore(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens restore`."""
    with opened(settings) as db:
        found = backups.describe_backup(db, settings, chosen.file)
        if not found.backup.made_here and not chosen.trust_foreign:
            raise _not_trusted(found)
        if found.backup.made_here and found.newest_change and not chosen.yes:
            _confirm(found, found.newest_change)
        counts = backups.restore_database(
            db,
            settings,
            chosen.file,
            backups.COMMAND_LINE,
            show_progress,
            trust_foreign=chosen.trust_foreign,
        )
    _print_counts(counts, chosen, N_("Restored: {counts}."))


def _not_trusted(found: backups.Description) -> BackupRefused:
    return BackupRefused(
        ALTERED if found.backup.altered else FOREIGN,
        file=found.backup.path.name,
        administrators=", ".join(found.administrators) or gettext("nobody"),
    )


def _confirm(found: backups.Description, newest: datetime) -> None:
    """Raises `BackupRefused` unless somebody at a terminal says that newer data may go."""
    refusal = BackupRefused(
        "{file} is of {made}, and the database was changed since, last at {newest}: what came later would be "
        "lost. To restore it all the same: --yes",
        file=found.backup.path.name,
        made=_moment(found.backup.made_at),
        newest=_moment(newest),
    )
    if not sys.stdin.isatty():
        raise refusal
    prompt = gettext("{question} (or type “yes” here): ", question=refusal)
    print(prompt, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise BackupRefused("Nothing was changed.")


def _moment(at: datetime | None) -> str:
    if at is None:
        return gettext("an unknown time")
    local = at.astimezone()  # to the second: two of one minute are told apart
    return f"{formats().day(local)}, {local:%H:%M:%S}"


def _print_counts(counts: dict[str, int], chosen: Namespace, message: str) -> None:
    if chosen.json:
        print_json({"file": as_text(chosen.file), "documents": counts})
    else:
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        print_lines(gettext(message, counts=listed))


def doctor(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens doctor`."""
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
