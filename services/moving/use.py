"""Another database from the next opening on, with nothing moved."""

from services import audit, database
from services.accounts import require_keeper
from services.database import Inspection, TeamServer
from services.scope import Scope
from services.settings import Settings
from services.typed import typed


@typed
def try_server(scope: Scope, server: TeamServer, password: str) -> Inspection:
    """What the server is and lets Loadlens do.

    Raises `NotAllowed`, and `ConnectionRefused` or `DatabaseUnavailable` with what is wrong.
    """
    require_keeper(scope)
    return database.inspect(server, password)


@typed
def use_server(scope: Scope, settings: Settings, server: TeamServer, password: str) -> None:
    """Open the team's server from now on, with what is there.

    Raises `NotAllowed`, and what `database.require_usable` raises: nothing is chosen that cannot be opened.
    """
    require_keeper(scope)
    database.require_usable(server, password)
    database.choose(settings, server, password)
    audit.record_for(scope, "settings.changed", "database", {"server": ",".join(server.hosts)})


def use_private(scope: Scope, settings: Settings) -> None:
    """Open the private database from now on. Raises `NotAllowed`."""
    require_keeper(scope)
    database.choose_private(settings)
    audit.record_for(scope, "settings.changed", "database", {"server": "private"})
