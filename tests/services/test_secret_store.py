"""Where the secrets of an installation are, and that they stay the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keyring
import keyring.backends.fail
import keyring.backends.null
import pytest

from services import secret_store
from services.settings import Settings


def in_file(folder: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads((folder / "secrets.json").read_text())
    return known


def test_the_key_of_tokens_is_in_the_keyring_and_what_must_not_be_lost_in_the_owners_file(
    tmp_path: Path,
) -> None:
    settings = Settings(_env_file=None, loadlens_data_dir=tmp_path)
    made = (settings.token_key, settings.signing_key, settings.private_database_password)
    assert set(in_file(tmp_path)) == {"secretKey", "databasePassword"}
    again = Settings(_env_file=None, loadlens_data_dir=tmp_path)
    assert (again.token_key, again.signing_key, again.private_database_password) == made
    assert not any(str(secret) in repr(again) + str(again) for secret in made)


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
def test_without_a_keyring_or_with_one_that_forgets_all_are_in_the_file(
    tmp_path: Path, backend: type[keyring.backend.KeyringBackend]
) -> None:
    keyring.set_keyring(backend())
    made = secret_store.secret(tmp_path, "jwtSecretKey")
    assert in_file(tmp_path) == {"jwtSecretKey": made}
    assert secret_store.secret(tmp_path, "jwtSecretKey") == made


def test_a_key_in_the_file_moves_into_a_keyring_that_has_come_since(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text(json.dumps({"jwtSecretKey": "ab" * 32, "secretKey": "cd" * 32}))
    assert secret_store.secret(tmp_path, "jwtSecretKey") == "ab" * 32
    assert in_file(tmp_path) == {"secretKey": "cd" * 32}
    assert secret_store.secret(tmp_path, "jwtSecretKey") == "ab" * 32


def test_a_lost_keyring_loses_neither_database_nor_models(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, loadlens_data_dir=tmp_path)
    made = (settings.signing_key, settings.private_database_password, settings.token_key)
    keyring.set_keyring(keyring.backends.fail.Keyring())
    after = Settings(_env_file=None, loadlens_data_dir=tmp_path)
    assert (after.signing_key, after.private_database_password) == made[:2]
    assert after.token_key != made[2]


@pytest.mark.skipif(os.name == "nt", reason="the profile's own rights guard the file there")
def test_a_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    secret_store.secret(tmp_path, "secretKey")
    (tmp_path / "secrets.json").chmod(0o644)
    secret_store.secret(tmp_path, "secretKey")
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"secretKey": "ab')
    with pytest.raises(secret_store.DataFolderRefused, match=r"secrets\.json cannot be read"):
        secret_store.secret(tmp_path, "secretKey")
    assert (tmp_path / "secrets.json").read_text() == '{"secretKey": "ab'


def test_programs_that_start_at_once_have_one_secret(tmp_path: Path) -> None:
    program = (
        "import sys, keyring.backends.fail; from pathlib import Path; from services import secret_store;"
        "keyring.set_keyring(keyring.backends.fail.Keyring());"
        "print([secret_store.secret(Path(sys.argv[1]), n) for n in ('secretKey', 'jwtSecretKey')])"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({each.communicate(timeout=60)[0] for each in running}) == 1
    assert all(each.returncode == 0 for each in running)
