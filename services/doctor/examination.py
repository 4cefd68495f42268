"""Everything looked at, one thing after the other, whatever is found on the way."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from pymongo.database import Database
from pymongo.errors import PyMongoError

from services import accounts, startup
from services.database.errors import disconnects_named
from services.doctor import (
    advisories,
    backups,
    clock,
    cluster,
    data_folder,
    disk,
    imports,
    log_files,
    mail,
    models,
    names,
    packed,
    schema,
    secrets,
    server,
    unexpected_ends,
)
from services.doctor.check import Check, Look, Seen
from services.errors import LoadlensError
from services.progress import Cancelled, Progress, silent
from services.scope import Document, Scope
from services.settings import Settings

log = logging.getLogger(__name__)

UNEXPECTED_ENDS = "unexpected ends"
STAGE = "Looking after everything"
Named = tuple[str, Look]


def examine(
    db: Database[Document] | Exception, settings: Settings, progress: Progress = silent
) -> list[Check]:
    """Look at everything; where there is no database but why it does not open, at what needs none.

    Raises what ``progress`` raises, and nothing else.
    """
    if isinstance(db, Exception):
        refused: Named = ("database", partial(_raise, db))
        return _all_looked_at([*_anywhere(settings, None), refused], progress)
    return _all_looked_at([*_anywhere(settings, db), *_in(db, settings)], progress)


def examine_for(scope: Scope, settings: Settings, progress: Progress = silent) -> list[Check]:
    """`examine` for an account that looks after the database. Raises `NotAllowed` for any other."""
    accounts.require_keeper(scope)
    return examine(scope.db, settings, progress)


def examine_unexpected_ends(checks: Sequence[Check], settings: Settings) -> list[Check]:
    """The same checks, after unexpected ends were acknowledged."""
    again = _looked_at(UNEXPECTED_ENDS, partial(unexpected_ends.look, settings))
    return [again if check.name == UNEXPECTED_ENDS else check for check in checks]


@contextmanager
def opened(settings: Settings) -> Iterator[Database[Document] | Exception]:
    """The database as `startup.opened` gives it, or why it does not open."""
    with ExitStack() as closing:
        try:
            found: Database[Document] | Exception = closing.enter_context(startup.opened(settings))
        except (LoadlensError, PyMongoError, OSError) as error:
            found = error
        yield found


def _anywhere(settings: Settings, db: Database[Document] | None) -> list[Named]:
    """What can be looked at where there is no database, too."""
    address = settings.loadlens_cluster
    configured: list[Named] = [("cluster", lambda _: cluster.look(address))] if address else []
    return [
        ("data folder", lambda _: data_folder.look(settings)),
        ("disk space", lambda _: disk.look(settings, db)),
        ("secrets", lambda _: secrets.look(settings)),
        ("logs", lambda _: log_files.look(settings)),
        (UNEXPECTED_ENDS, lambda _: unexpected_ends.look(settings)),
        ("clock", lambda _: clock.look(settings, db)),
        ("backups", lambda progress: backups.look(settings, db, progress)),
        *configured,
    ]


def _in(db: Database[Document], settings: Settings) -> list[Named]:
    return [
        ("database", lambda _: server.look(settings, db)),
        ("known flaws", lambda _: advisories.check(settings, db)),
        ("schema", lambda _: schema.look(db)),
        ("indexes", lambda _: schema.look_at_indexes(db)),
        ("names", lambda _: names.look(db)),
        ("imports", lambda _: imports.look(db)),
        ("packed readings", lambda progress: packed.look(db, progress)),
        ("models", lambda progress: models.look(db, settings, progress)),
        ("mail", lambda progress: mail.look(db, settings, progress)),
    ]


def _raise(error: Exception, _: Progress) -> Seen:
    raise error


def _all_looked_at(looks: Iterable[Named], progress: Progress) -> list[Check]:
    looks = list(looks)
    checks = []
    for number, (name, look) in enumerate(looks):
        progress(STAGE, number, len(looks))
        checks.append(_looked_at(name, partial(look, progress)))
    return checks


def _looked_at(name: str, look: Callable[[], Seen]) -> Check:
    try:
        with disconnects_named():
            found = look()
    except LoadlensError as error:
        return Check(name, False, error.sentence, error.details)
    except Cancelled:
        raise
    except Exception as error:
        # What is unwell may fail in ways that nobody foresaw, and must not hide the rest.
        log.warning("the look at the %s failed", name, exc_info=True)
        return Check(name, False, "It cannot be looked at: {reason}.", {"reason": str(error).rstrip(".")})
    return Check(name, True, found.sentence, found.details)
