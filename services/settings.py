"""Configuration from the environment and an env file; none of it is required.

The env file is `.env` in the data folder, or the one that the command line names. Never that of the current
folder: whoever wrote it would decide which data folder is believed, and whose database gets the readings.
"""

from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, PositiveInt, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from services import secret_store
from services.errors import LoadlensError
from services.secret_store import group_may_write, require_own

ENV_FILE = ".env"
"""In the data folder."""
SHARED_NAMES = {
    "debug",
    "mongodb_port",
    "email_port",
    "email_use_tls",
    "jwt_algorithm",
    "jwt_access_token_expire_minutes",
    "jwt_refresh_token_expire_days",
}
"""Other programs read these names, too: in the environment, a value that means nothing here is theirs."""

NOT_IN_A_DATABASE_NAME = set('/\\. "$*<>:|?\0')
DATABASES_OF_MONGODB = {"admin", "local", "config"}
LONGEST_DATABASE_NAME = 63
"""Bytes."""


class SettingsRefused(LoadlensError):
    """The environment or the env file holds a value that cannot be used."""


class Settings(BaseSettings):
    """The names of the environment in lower case; secrets that are not given are made on first use."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    secret_key: SecretStr | None = None
    debug: bool = False
    mongodb_uri: SecretStr | None = None
    mongodb_name: str = "power_consumption_db"
    mongodb_host: str | None = None
    mongodb_port: int | None = Field(default=None, ge=1, le=65535)
    mongodb_user: str | None = None
    mongodb_password: SecretStr | None = None
    jwt_secret_key: SecretStr | None = None
    jwt_algorithm: Literal["HS256"] = "HS256"
    jwt_access_token_expire_minutes: PositiveInt = 30
    jwt_refresh_token_expire_days: PositiveInt = 7
    email_host: str | None = None
    email_port: int = Field(default=587, ge=1, le=65535)
    email_use_tls: bool = True
    email_host_user: str | None = None
    email_host_password: SecretStr | None = None
    loadlens_data_dir: Path | None = None
    loadlens_cluster: str | None = Field(default=None, pattern=r"^(tcp|tls)://[^/]+:\d+$")
    """The address of a Dask scheduler. With tcp:// whoever answers there runs programs as this user."""
    _remarks: list[str] = PrivateAttr(default_factory=list)

    @field_validator("mongodb_name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        if not is_database_name(name):
            raise ValueError("a database's name has letters, digits, - and _")
        return name

    @property
    def remarks(self) -> list[str]:
        """What is to be noted in the log about where these settings come from."""
        return self._remarks

    @cached_property
    def data_dir(self) -> Path:
        """Return the folder with the private database, the models and the secrets; absolute."""
        return _data_dir(self.loadlens_data_dir)

    @property
    def names_a_server(self) -> bool:
        """Whether the environment or the env file says where the database is, whatever was chosen."""
        return bool(self.mongodb_uri or self.mongodb_host)

    @property
    def models_dir(self) -> Path:
        """Trained models, one folder a user."""
        return self.data_dir / "models"

    @property
    def backups_dir(self) -> Path:
        """Backups, unless another folder is chosen for them."""
        return self.data_dir / "backups"

    @cached_property
    def signing_key(self) -> bytes:
        """Return the installation's key: a model file that is not signed with it is never loaded."""
        return self._secret("secretKey", self.secret_key).encode()

    @cached_property
    def token_key(self) -> str:
        """Return the key that signs session tokens."""
        return self._secret("jwtSecretKey", self.jwt_secret_key)

    @cached_property
    def private_database_password(self) -> str:
        """Return the password of the private `mongod`; of no use to any other server."""
        return self._secret("databasePassword", None)

    def _secret(self, name: str, given: SecretStr | None) -> str:
        text = given.get_secret_value() if given else ""
        return text if text.strip() else secret_store.secret(self.data_dir, name)


def is_database_name(name: str) -> bool:
    """Return whether a database may have that name that is none of MongoDB's own."""
    fits = 0 < len(name.encode()) <= LONGEST_DATABASE_NAME
    return fits and not NOT_IN_A_DATABASE_NAME & set(name) and name not in DATABASES_OF_MONGODB


def load(env_file: Path | None = None) -> Settings:
    """Read the environment, and ``env_file`` or else the data folder's; the environment goes first.

    Raises `SettingsRefused` naming the first setting that cannot be used, and `OwnershipRefused` for a data
    folder or an env file that is somebody else's.
    """
    environment = _known(EnvSettingsSource(Settings)())
    folder = _data_dir(environment.get("loadlens_data_dir"))
    file = env_file or folder / ENV_FILE
    in_file = _in_named(file) if env_file else _in_data_folder(file)
    foreign = _foreign(environment, in_file)
    defaults = {name: Settings.model_fields[name].default for name in foreign}
    used = {name: value for name, value in environment.items() if name not in foreign}
    try:
        settings = Settings(**{**defaults, **in_file, **used})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise SettingsRefused(
            "The setting {name} cannot be used: {reason}. Correct it in {place}.",
            name=name.upper(),
            reason=first["msg"].removeprefix("Value error, "),
            place="the environment" if name in used else file,
        ) from None
    require_own(settings.data_dir)
    settings.remarks.extend(_remarks(settings, foreign, env_file))
    return settings


def _data_dir(given: Path | str | None) -> Path:
    """Absolute from the start on, so that it stays the same wherever a program of ours goes to work."""
    found = Path(given) if given else user_data_path("Loadlens", appauthor=False)
    return found.expanduser().absolute()


def _known(said: dict[str, Any]) -> dict[str, Any]:
    """What is said of settings, and of nothing else."""
    return {name: value for name, value in said.items() if name in Settings.model_fields}


def _in_named(file: Path) -> dict[str, Any]:
    """The env file that the command line names; a relative data folder in it lies beside it."""
    found = _read(file)
    if folder := found.get("loadlens_data_dir"):
        found["loadlens_data_dir"] = file.absolute().parent / Path(folder).expanduser()
    return found


def _in_data_folder(file: Path) -> dict[str, Any]:
    """The data folder's env file, if there is one; it cannot name another data folder."""
    require_own(file.parent)
    if not file.exists():
        return {}
    found = _read(file)
    named = found.pop("loadlens_data_dir", None)
    if named and _data_dir(named) != file.parent:
        raise SettingsRefused(
            "{file} cannot name another data folder than its own. Take LOADLENS_DATA_DIR out of it, and set "
            "it in the environment, or in a file that --env-file names.",
            file=file,
        )
    return found


def _read(file: Path) -> dict[str, Any]:
    """Raises `SettingsRefused` for what cannot be read, and `OwnershipRefused` for a file of others."""
    require_own(file)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SettingsRefused(
            "The settings in {file} cannot be read: {reason}. Correct the file, or take it away.",
            file=file,
            reason="it is no text in UTF-8" if isinstance(error, ValueError) else error.strerror or error,
        ) from None
    said = {name.lower(): value for name, value in dotenv_values(stream=StringIO(text)).items() if value}
    return _known(said)


def _foreign(environment: dict[str, Any], in_file: dict[str, Any]) -> set[str]:
    """The names whose value in the environment means nothing here, and may be left out without harm."""
    try:
        Settings()
    except ValidationError as error:
        unusable = {str(each["loc"][0]) for each in error.errors()}
    else:
        return set()
    given = {**in_file, **environment}
    is_link = "://" in environment.get("mongodb_port", "")  # as containers that are linked have it
    if not is_link or (given.get("mongodb_host") and not given.get("mongodb_uri")):
        unusable.discard("mongodb_port")  # without it another database may be opened than was asked for
    return unusable & SHARED_NAMES


def _remarks(settings: Settings, foreign: set[str], env_file: Path | None) -> list[str]:
    found = [
        f"{name.upper()} of the environment is left out: its value means nothing here, and may be another "
        "program's"
        for name in sorted(foreign)
    ]
    here = Path(ENV_FILE).absolute() if env_file is None and Path(ENV_FILE).is_file() else None
    if here is not None and here.parent != settings.data_dir:
        found.append(f"{here} is not read: to use it, name it with --env-file")
    believed = (settings.data_dir, env_file or settings.data_dir / ENV_FILE)
    shared = [path for path in believed if group_may_write(path)]
    return found + [f"others of its group can change {path}: chmod g-w {path}" for path in shared]
