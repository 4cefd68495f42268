"""From the private database to a team's server and back: the data whole, or the connection alone."""

from services.server_migration.migration import (
    Moved,
    MoveRefused,
    drop_copy,
    move,
    try_server,
    use_private,
    use_server,
)

__all__ = ["MoveRefused", "Moved", "drop_copy", "move", "try_server", "use_private", "use_server"]
