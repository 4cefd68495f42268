"""Moves to a team's server killed at random moments, the program and both servers in turn.

Until a move is whole the private database is the one in use and stays as it was; the next one ends it.

``python tests/faults/kill_moves.py [--kills N] [--seed S]``. After each kill the move is done again, and both
databases are compared, document by document. The exit status is 1 if anything differs.
"""

import argparse
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil
from bson import ObjectId
from pymongo.database import Database

from services import accounts, database, server_migration
from services.database import TeamServer, opened
from services.scope import Document
from services.settings import Settings

EMAIL = "ada@example.com"
READINGS = 60_000
NAME = "moved"
VICTIMS = ("program", "private server", "team's server")
FAULTS = ("not ended", "switched too early", "source changed", "copy differs", "unindexed")
OWN_ACTIONS = {"database.moved", "settings.changed"}

MOVE = """
import sys
from services import accounts, server_migration
from services.database import TeamServer, opened
from services.settings import Settings

settings = Settings(_env_file=None, loadlens_data_dir=sys.argv[1])
with opened(settings) as db:
    scope = accounts.scope_of(db, sys.argv[4])
    print("begins", flush=True)
    server = TeamServer(sys.argv[2], sys.argv[5], "loadlens", tls=False)
    server_migration.move(scope, settings, server, sys.argv[3])
    print("done", flush=True)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        own = Settings(_env_file=None, loadlens_data_dir=Path(folder) / "own")
        team = Settings(_env_file=None, loadlens_data_dir=Path(folder) / "team", mongodb_port=free_port())
        fill(own)
        longest = 3.0
        for number in range(chosen.kills):
            victim = VICTIMS[number % len(VICTIMS)]
            longest = one_kill(own, team, victim, chance.uniform(0, longest), counts)
            print(f"{number + 1}/{chosen.kills} {dict(counts)}", flush=True)
    print(json.dumps({name: counts[name] for name in (*VICTIMS, "killed too late", *FAULTS)}))
    return 1 if any(counts[fault] for fault in FAULTS) else 0


def fill(own: Settings) -> None:
    """A private database worth moving."""
    with opened(own) as db:
        accounts.register(db, "Ada", "Wong", EMAIL, "correct horse battery")
        scope = accounts.scope_of(db, EMAIL)
        meter = ObjectId()
        db["consumption_data"].insert_many(
            [scope.owned({"deviceId": meter, "date": n, "consumption": n / 7}) for n in range(READINGS)]
        )


def one_kill(own: Settings, team: Settings, victim: str, seconds: float, counts: Counter[str]) -> float:
    """Kill a move after so long, finish it and compare; how long the whole move took."""
    with opened(own) as db:
        before = everything(db)
    with opened(team) as there:
        there.client.drop_database(NAME)
        server = TeamServer(f"127.0.0.1:{team.mongodb_port}", NAME, "loadlens", tls=False)
        password = team.private_database_password
        arguments = [str(own.data_dir), server.address, password, EMAIL, NAME]
        command = [sys.executable, "-c", MOVE, *arguments]
        mover = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert mover.stdout is not None
        mover.stdout.readline()
        time.sleep(seconds)
        kill(mover, victim, own, team)
        counts[victim] += 1
        done = mover.communicate()[0] == "done\n"
        counts["killed too late"] += done
        counts["switched too early"] += not done and not database.place(own).is_private
    return finish(own, team, server, before, counts)


def kill(mover: "subprocess.Popen[str]", victim: str, own: Settings, team: Settings) -> None:
    if victim == "program":
        mover.kill()
        return
    settings = own if victim == "private server" else team
    with suppress(psutil.NoSuchProcess, FileNotFoundError):
        psutil.Process(json.loads((settings.data_dir / "mongod.json").read_text())["pid"]).kill()


def finish(
    own: Settings, team: Settings, server: TeamServer, before: dict[str, list[Document]], counts: Counter[str]
) -> float:
    """Move again unless the move was whole, compare, and have the private database in use again."""
    with opened(team) as there:
        began = time.monotonic()
        if database.place(own).is_private:
            with opened(own) as db:
                counts["source changed"] += everything(db) != before
                server_migration.move(
                    accounts.scope_of(db, EMAIL), own, server, team.private_database_password
                )
        took = time.monotonic() - began
        counts["not ended"] += database.place(own).is_private
        with opened(own) as moved:
            counts["unindexed"] += bool(database.missing_indexes(moved))
            counts["copy differs"] += everything(moved) != before
        database.choose_private(own)
        there.client.drop_database(NAME)
    return max(took, 1.0)


def everything(db: Database[Document]) -> dict[str, list[Document]]:
    """All that is moved, but for the notes of the moves."""
    names = set(db.list_collection_names()) - {"sessions", "turns", "moving"}
    found = {name: list(db[name].find().sort("_id")) for name in sorted(names)}
    found["audit_log"] = [one for one in found.get("audit_log", []) if one["action"] not in OWN_ACTIONS]
    return {name: documents for name, documents in found.items() if documents}


def free_port() -> int:
    """A port that stays the team's server's when it is started again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    sys.exit(main())
