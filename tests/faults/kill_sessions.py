"""Programs killed while they open a kept session again or change the password: nobody is locked out.

``python tests/faults/kill_sessions.py [--kills N] [--seed S]``. Two programs open one kept session again and
again, rotating its token, and now and then one of them changes the password; both are killed at a random
moment. After each kill the kept session must open, unless the password was being changed: then the account
must open with the old password or the new one. Whatever happened, no session that was open elsewhere before
a change of the password may be open after it. The exit status is 1 if anything of this fails.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import keyring
from pymongo.database import Database

from services import accounts
from services.accounts import Session, passwords
from services.scope import Document
from services.settings import Settings
from services.startup import opened

EMAIL = "ada@example.com"
PASSWORDS = ("correct horse battery", "staple of the harbour")
FAULTS = ("locked out", "wrong password", "left open")
COUNTED = ("killed", "changed the password", "opened again", *FAULTS)

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[2])
from kill_sessions import work
work(sys.argv[1], sys.argv[3:])
"""


class KeyringInFiles(keyring.backend.KeyringBackend):
    """What a system's keyring does: an entry is there as it was, or as it is to be."""

    priority = 1.0

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def get_password(self, service: str, username: str) -> str | None:
        path = self._path(service, username)
        return path.read_text() if path.exists() else None

    def set_password(self, service: str, username: str, password: str) -> None:
        draft = self._path(service, username).with_suffix(f".{os.getpid()}")
        draft.write_text(password)
        draft.replace(self._path(service, username))

    def delete_password(self, service: str, username: str) -> None:
        self._path(service, username).unlink()

    def _path(self, service: str, username: str) -> Path:
        return self._folder / f"{service} {username}".replace("/", "_")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50, help="of two programs each time")
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    chance, counts = random.Random(chosen.seed), Counter(dict.fromkeys(COUNTED, 0))
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(folder)
        with opened(settings) as db:
            user = accounts.register(db, "Ada", "Wong", EMAIL, PASSWORDS[0])
            for number in range(chosen.kills):
                if Session.resume(db, settings) is None:
                    Session.start(db, settings, user, keep=True)
                _trial(folder, settings, db, number % 3 > 0, chance, counts)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if any(counts[what] for what in FAULTS) else 0


def _settings(folder: str) -> Settings:
    keyring.set_keyring(KeyringInFiles(Path(folder)))
    return Settings(_env_file=None, loadlens_data_dir=Path(folder, "data"))


def _trial(
    folder: str,
    settings: Settings,
    db: Database[Document],
    changes: bool,
    chance: random.Random,
    counts: Counter[str],
) -> None:
    elsewhere = Session.start(db, settings, accounts.find_user(db, _user_id(db)))
    stored = _hash(db)
    command = [sys.executable, "-c", PROGRAM, folder, str(Path(__file__).parent)]
    changing = [*PASSWORDS] if changes else []
    programs = [
        subprocess.Popen(command + more, stdout=subprocess.PIPE, text=True) for more in ([], changing)
    ]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    time.sleep(chance.uniform(0, 3))
    for program in programs:
        program.kill()
        program.communicate()
    counts["killed"] += len(programs)
    was_changed = _hash(db) != stored
    again = Session.resume(db, settings)
    counts["opened again"] += again is not None
    counts["locked out"] += again is None and not changes
    counts["wrong password"] += changes and not _opens(db)
    counts["changed the password"] += was_changed
    counts["left open"] += was_changed and db["sessions"].count_documents({"_id": elsewhere.id})


def work(folder: str, changing: list[str]) -> None:
    """What the programs do until they are killed."""
    settings = _settings(folder)
    passwords.COST = 4  # more kills hit what is between the hashes
    with opened(settings) as db:
        print("begins", flush=True)
        while True:
            session = Session.resume(db, settings)
            if session and changing:
                with suppress(accounts.SignInRefused):  # it is the other way round just now
                    accounts.change_password(session, *changing)
                changing.reverse()
            time.sleep(0.1)  # for the other to come by


def _opens(db: Database[Document]) -> bool:
    db["sign_in_failures"].delete_many({})
    for password in PASSWORDS:
        try:
            return bool(accounts.sign_in(db, EMAIL, password))
        except accounts.SignInRefused:
            continue
    return False


def _user_id(db: Database[Document]) -> str:
    return str(accounts.scope_of(db, EMAIL).user_id)


def _hash(db: Database[Document]) -> str:
    [user] = db["users"].find()
    return str(user["password"])


if __name__ == "__main__":
    sys.exit(main())
