"""A team's replica set: what was acknowledged is there whichever member dies."""

from services import startup
from services.settings import Settings


def test_a_user_of_one_database_may_open_it(team_settings: Settings) -> None:
    with startup.opened(team_settings) as db:
        assert db.name == team_settings.mongodb_name
