"""All checks, one after the other, whatever is found on the way."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from pymongo.database import Database
from pymongo.errors import PyMongoError

from services import accounts, startup
from services.database.errors import disconnects_named
from services.doctor import advisories, database, installation
from services.doctor.check import Check, CheckKind, Context, Well
from services.errors import LoadlensError
from services.messages import N_
from services.progress import Cancelled, Progress, silent
from services.scope import Document, Scope
from services.settings import Settings

log = logging.getLogger(__name__)

STAGE = "Looking after everything"
UNEXPECTED_ENDS = CheckKind("unexpected ends", installation.check_unexpected_ends, needs_database=False)

CHECKS = (
    CheckKind("data folder", installation.check_data_folder, needs_database=False),
    CheckKind("disk space", installation.check_disk, needs_database=False),
    CheckKind("secrets", installation.check_secrets, needs_database=False),
    CheckKind("logs", installation.check_logs, needs_database=False),
    UNEXPECTED_ENDS,
    CheckKind("clock", installation.check_clock, needs_database=False),
    CheckKind("backups", installation.check_backups, needs_database=False),
    CheckKind(
        "cluster",
        installation.check_cluster,
        needs_database=False,
        applies=lambda settings: bool(settings.loadlens_cluster),
    ),
    CheckKind("database", database.check_server),
    CheckKind("known flaws", advisories.check_known_flaws),
    CheckKind("schema", database.check_schema),
    CheckKind("indexes", database.check_indexes),
    CheckKind("names", database.check_names),
    CheckKind("imports", database.check_imports),
    CheckKind("packed readings", database.check_monthly_blocks),
    CheckKind("models", database.check_models),
    CheckKind("mail", database.check_mail),
)


def examine(
    db: Database[Document] | Exception, settings: Settings, progress: Progress = silent
) -> list[Check]:
    """Run every check; where there is no database but why it does not open, those that need none.

    Raises what ``progress`` raises, and nothing else.
    """
    context = Context(settings, None if isinstance(db, Exception) else db, progress)
    kinds = [
        kind
        for kind in CHECKS
        if kind.applies(settings) and (context.db is not None or not kind.needs_database)
    ]
    if isinstance(db, Exception):
        kinds.append(CheckKind("database", partial(_raise, db)))
    checks = []
    for number, kind in enumerate(kinds):
        progress(STAGE, number, len(kinds))
        checks.append(_run(kind, context))
    return checks


def examine_for(scope: Scope, settings: Settings, progress: Progress = silent) -> list[Check]:
    """Run every check for an account that looks after the database. Raises `NotAllowed` for any other."""
    accounts.require_keeper(scope)
    return examine(scope.db, settings, progress)


def examine_unexpected_ends(checks: Sequence[Check], settings: Settings) -> list[Check]:
    """Return the same checks, after unexpected ends were acknowledged."""
    again = _run(UNEXPECTED_ENDS, Context(settings, None))
    return [again if check.name == UNEXPECTED_ENDS.name else check for check in checks]


@contextmanager
def opened(settings: Settings) -> Iterator[Database[Document] | Exception]:
    """Open the database as `startup.opened` does, or give why it does not open."""
    with ExitStack() as closing:
        try:
            found: Database[Document] | Exception = closing.enter_context(startup.opened(settings))
        except (LoadlensError, PyMongoError, OSError) as error:
            found = error
        yield found


def _raise(error: Exception, _context: Context) -> Well:
    raise error


def _run(kind: CheckKind, context: Context) -> Check:
    try:
        with disconnects_named():
            found = kind.run(context)
    except LoadlensError as error:
        return Check(kind.name, False, error.sentence, error.details)
    except Cancelled:
        raise
    except Exception as error:
        # What is unwell may fail in ways that nobody foresaw, and must not hide the rest.
        log.warning("the look at the %s failed", kind.name, exc_info=True)
        reason = str(error).rstrip(".")
        return Check(kind.name, False, N_("It cannot be looked at: {reason}."), {"reason": reason})
    return Check(kind.name, True, found.sentence, found.details)
