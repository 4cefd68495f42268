"""Where settings come from, whom they are believed of, and what stops a start."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from services import cli, logs, settings
from services.database.connection import chosen_server
from services.database.errors import DatabaseUnavailable
from services.secret_store import DataFolderRefused, OwnershipRefused
from services.settings import SettingsRefused

posix = pytest.mark.skipif(os.name == "nt", reason="the profile's own rights guard what is in it there")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder that the environment names; the current folder is that of somebody else's stick."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    stick, folder = tmp_path / "stick", tmp_path / "data"
    for made in (stick, folder):
        made.mkdir(mode=0o700)
    monkeypatch.chdir(stick)
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(folder))
    return folder


def test_env_file_is_the_data_folders_or_the_named_one_and_never_the_current_folders(data: Path) -> None:
    Path(".env").write_text("SECRET_KEY=of the stick\nMONGODB_URI=mongodb://evil.example/\n")
    loaded = settings.load()
    assert not loaded.names_a_server
    assert loaded.secret_key is None
    assert any("is not read" in remark for remark in loaded.remarks)
    (data / ".env").write_bytes("\ufeffMONGODB_NAME=mine\nexport EMAIL_HOST='smtp.example.com'\n".encode())
    loaded = settings.load()
    assert (loaded.mongodb_name, loaded.email_host) == ("mine", "smtp.example.com")
    named = settings.load(Path(".env"))
    assert named.names_a_server
    assert named.mongodb_name == "power_consumption_db", "one file is read"


def test_environment_goes_before_the_file(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / ".env").write_text("MONGODB_NAME=of_the_file\nDEBUG=yes\n")
    monkeypatch.setenv("MONGODB_NAME", "of_the_environment")
    monkeypatch.setenv("DEBUG", "release")
    loaded = settings.load()
    assert loaded.mongodb_name == "of_the_environment"
    assert loaded.debug, "what means nothing in the environment leaves the file's word"


def test_a_data_folder_names_no_other_and_a_named_file_may(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / ".env").write_text(f"LOADLENS_DATA_DIR={data}\n")
    assert settings.load().data_dir == data
    (data / ".env").write_text("LOADLENS_DATA_DIR=/elsewhere\n")
    with pytest.raises(SettingsRefused, match="cannot name another data folder"):
        settings.load()
    monkeypatch.delenv("LOADLENS_DATA_DIR")
    (tmp_path / "mine.env").write_text("LOADLENS_DATA_DIR=beside\n")
    assert settings.load(tmp_path / "mine.env").data_dir == tmp_path / "beside"
    monkeypatch.setenv("LOADLENS_DATA_DIR", "relative")
    assert settings.load().data_dir == Path.cwd() / "relative"


HARMLESS = {
    "DEBUG": ["release", "*", "node:*"],
    "SECRET_KEY": ["", "  "],
    "EMAIL_PORT": ["tcp://10.0.0.1:25", "99999"],
    "EMAIL_USE_TLS": ["starttls"],
    "MONGODB_PORT": ["tcp://10.0.0.1:27017"],
    "JWT_ALGORITHM": ["RS256"],
    "JWT_ACCESS_TOKEN_EXPIRE_MINUTES": ["15m"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in HARMLESS for value in HARMLESS[name]])
def test_what_is_meant_for_another_program_does_not_stop_the_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    monkeypatch.setenv(name, value)
    loaded = settings.load()
    assert len(loaded.signing_key) == 64
    if value.strip():
        assert getattr(loaded, name.lower()) == settings.Settings.model_fields[name.lower()].default
        logs.begin(loaded, "test")
        assert f"{name} of the environment is left out" in (data / "logs" / "loadlens.log").read_text()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"MONGODB_PORT": "tcp://10.0.0.1:27017", "MONGODB_HOST": "db.example.com"}, "MONGODB_PORT"),
        ({"MONGODB_PORT": "many"}, "MONGODB_PORT"),
        ({"MONGODB_PORT": "99999"}, "MONGODB_PORT"),
        ({"MONGODB_NAME": "/web/mongodb"}, "MONGODB_NAME"),
        ({"MONGODB_NAME": "admin"}, "MONGODB_NAME"),
        ({"LOADLENS_CLUSTER": "scheduler"}, "LOADLENS_CLUSTER"),
    ],
)
def test_what_would_open_another_database_than_asked_for_is_refused(
    given: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path
) -> None:
    for each, value in given.items():
        monkeypatch.setenv(each, value)
    with pytest.raises(SettingsRefused, match=f"The setting {name} cannot be used: .*in the environment"):
        settings.load()


def test_a_file_is_meant_for_this_program_so_what_is_wrong_in_it_is_told(data: Path, tmp_path: Path) -> None:
    (data / ".env").write_text("DEBUG=release\n")
    with pytest.raises(SettingsRefused, match=r"DEBUG cannot be used: .*\.env"):
        settings.load()
    (data / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsRefused, match="no text in UTF-8"):
        settings.load()
    for named in (tmp_path / "gone.env", tmp_path):
        with pytest.raises(SettingsRefused, match="cannot be read"):
            settings.load(named)


@posix
def test_what_somebody_else_owns_or_may_write_is_not_believed(data: Path) -> None:
    (data / ".env").touch(0o600)
    for path in (data, data / ".env"):
        mode = path.stat().st_mode
        path.chmod(mode | 0o020)
        assert any(f"can change {path}:" in remark for remark in settings.load().remarks)
        path.chmod(mode | 0o002)
        with pytest.raises(OwnershipRefused, match="Everybody on this machine can change"):
            settings.load()
        path.chmod(mode)
    if os.geteuid() == 0:
        for path in (data / ".env", data):
            os.chown(path, 65534, 65534)
            with pytest.raises(OwnershipRefused, match="belongs to another user"):
                settings.load()
            os.chown(path, 0, 0)


NO_OBJECTS = ["[]", "[1, 2]", "null", "5", '"text"', "[" * 100_000, "", "\udcff", "{"]


@pytest.mark.parametrize(
    "held", [*NO_OBJECTS, '{"secretKey": 5}', '{"secretKey": ""}', '{"secretKey": ["a"]}']
)
def test_secrets_that_are_something_else_are_refused_in_a_sentence(
    data: Path, held: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "secrets.json").touch(0o600)
    (data / "secrets.json").write_bytes(held.encode(errors="surrogateescape"))
    loaded = settings.load()
    for read in (lambda: loaded.signing_key, lambda: loaded.private_database_password):
        with pytest.raises(DataFolderRefused, match=r"secrets\.json cannot be read"):
            read()
    assert (data / "secrets.json").read_bytes() == held.encode(errors="surrogateescape")
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr()
    assert "BAD  secrets: The secrets in" in printed.out
    assert "cannot be looked at" not in printed.out


@pytest.mark.parametrize(
    "held",
    [
        *NO_OBJECTS,
        '{"inUse": true}',
        '{"inUse": true, "server": []}',
        '{"inUse": true, "server": {"address": 5}}',
        '{"inUse": true, "server": {"address": ["a"], "tls": "no"}}',
        '{"inUse": "false", "server": {"address": "db.example.com"}}',
    ],
)
def test_a_choice_of_database_that_is_something_else_is_refused_in_a_sentence(data: Path, held: str) -> None:
    (data / "connection.json").write_bytes(held.encode(errors="surrogateescape"))
    with pytest.raises(DatabaseUnavailable, match="does not tell which database to open"):
        chosen_server(settings.load())


@pytest.mark.parametrize("name", ["secrets.json", "connection.json"])
def test_a_folder_in_the_place_of_a_file_is_refused_in_a_sentence(data: Path, name: str) -> None:
    (data / name).mkdir()
    loaded = settings.load()
    read: Callable[[], object] = {
        "secrets.json": lambda: loaded.signing_key,
        "connection.json": lambda: chosen_server(loaded),
    }[name]
    with pytest.raises((DataFolderRefused, DatabaseUnavailable)):
        read()


@pytest.mark.parametrize("order", ["before", "after", "equals"])
def test_every_verb_takes_an_env_file(
    order: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOADLENS_DATA_DIR")
    file = tmp_path / "mine.env"
    file.write_text(f"LOADLENS_DATA_DIR={tmp_path / 'data'}\nMONGODB_NAME=admin\n")
    verb = ["stats", "--user", "ada@example.com"]
    option = [f"--env-file={file}"] if order == "equals" else ["--env-file", str(file)]
    assert cli.main([*option, *verb] if order == "before" else [*verb, *option]) == 1
    assert capsys.readouterr().err.endswith(f"Correct it in {file}.\n")
