"""A small process that stops the private `mongod` when the programs using it have died.

A program that ends in order stops the server itself; this one is for those that crash.
"""

import sys
import time
from pathlib import Path

from services.database.private.server import PrivateServer

SECONDS_BETWEEN_CHECKS = 2


def main() -> None:
    """Watch the server of the data folder named on the command line until it is gone."""
    server = PrivateServer(Path(sys.argv[1]))
    while server.stop_if_unused():
        time.sleep(SECONDS_BETWEEN_CHECKS)


if __name__ == "__main__":
    main()
