"""What several tests of the services share, because it takes long to make."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from isolation.world import World, two_users


@pytest.fixture(scope="session")
def world(_server: None, server_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two users with everything, and an administrator; who changes something gives it back."""
    with two_users(server_dir, tmp_path_factory.mktemp("people")) as found:
        yield found
