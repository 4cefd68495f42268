"""Configuration from the environment and `.env`; none of it is required."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services import secret_store
from services.errors import LoadlensError


class SettingsRefused(LoadlensError):
    """The environment or `.env` holds a value that cannot be used."""


class Settings(BaseSettings):
    """The names of the environment in lower case; secrets that are not given are made on first use."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    secret_key: SecretStr | None = None
    debug: bool = False
    mongodb_uri: SecretStr | None = None
    mongodb_name: str = "power_consumption_db"
    mongodb_host: str | None = None
    mongodb_port: int | None = None
    mongodb_user: str | None = None
    mongodb_password: SecretStr | None = None
    jwt_secret_key: SecretStr | None = None
    jwt_algorithm: Literal["HS256"] = "HS256"
    jwt_access_token_expire_minutes: PositiveInt = 30
    jwt_refresh_token_expire_days: PositiveInt = 7
    email_host: str | None = None
    email_port: int = 587
    email_use_tls: bool = True
    email_host_user: str | None = None
    email_host_password: SecretStr | None = None
    loadlens_data_dir: Path | None = None
    loadlens_cluster: str | None = Field(default=None, pattern=r"^(tcp|tls)://[^/]+:\d+$")

    @cached_property
    def data_dir(self) -> Path:
        """The folder with the private database, the models and the secrets."""
        return self.loadlens_data_dir or user_data_path("Loadlens", appauthor=False)

    @property
    def names_a_server(self) -> bool:
        """Whether the environment or `.env` says where the database is, whatever was chosen in the window."""
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
        """The installation's key: a model file that is not signed with it is never loaded."""
        return self._secret("secretKey", self.secret_key).encode()

    @cached_property
    def token_key(self) -> str:
        """The key that signs session tokens."""
        return self._secret("jwtSecretKey", self.jwt_secret_key)

    @cached_property
    def private_database_password(self) -> str:
        """The password of the private `mongod`; of no use to any other server."""
        return self._secret("databasePassword", None)

    def _secret(self, name: str, given: SecretStr | None) -> str:
        return given.get_secret_value() if given else secret_store.secret(self.data_dir, name)


def load() -> Settings:
    """Read the environment and `.env`.

    Raises `SettingsRefused` naming the first setting that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsRefused(
            "The setting {name} cannot be used: {reason}. Correct it in the environment or in .env.",
            name=str(first["loc"][0]).upper(),
            reason=first["msg"],
        ) from None
