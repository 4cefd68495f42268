"""Another database from the next opening on, with nothing moved."""

from services import audit, database
from services.accounts import require_keeper
from services.database import TeamServer
from services.scope import Scope
from services.settings import Settings


def use_server(scope: Scope, settings: Settings, server: TeamServer, password: str | None) -> None:
    """Open the team's server from now on; None leaves the password as it is kept.

    It is tried before: a server that does not answer is not chosen. Raises `NotAllowed`,
    `ConnectionRefused` and `DatabaseUnavailable`.
    """
    require_keeper(scope)
    typed = database.password_of(settings, server) if password is None else password
    database.inspect(server, typed)
    database.choose(settings, server, password)
    audit.record_for(scope, "settings.changed", "database", {"server": ",".join(server.hosts)})


def use_private(scope: Scope, settings: Settings) -> None:
    """Open the private database from now on. Raises `NotAllowed`."""
    require_keeper(scope)
    database.choose_private(settings)
    audit.record_for(scope, "settings.changed", "database", {"server": "private"})
