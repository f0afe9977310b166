"""Every setting with its default and meaning; read from ``ASSESS_*`` variables at the edge and nowhere else."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assess.errors import InvalidSettings

PREFIX = "ASSESS_"
SECRET_LENGTH = 32
NOT_SETTINGS = frozenset({"ASSESS_REQUIRE_BROWSER"})  # read by the browser tests


def _has_usable_port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


class Settings(BaseSettings):
    """The settings of an installation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    data: Path = Field(Path("instance"), description="folder for the SQLite file, the secret key and .eml files")
    database_url: str = Field("", description="database; none: an SQLite file in the data folder")
    base_url: str = Field("", description="address that people reach it by; none: http:// with host and port")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, description="port to listen on", ge=1, le=65535)
    processes: int = Field(2, description="web server processes", ge=1, le=64)
    threads: int = Field(4, description="threads of each process", ge=1, le=64)
    mail_url: str = Field(
        "", description="smtp://user:password@host:587 or smtps://…; none: .eml files in the data folder"
    )
    mail_from: str = Field("rapport@localhost", description="sender's address of all mail")
    secret_key: str = Field("", description="signs form tokens and reports; none: made once, kept in the data folder")
    trusted_proxies: int = Field(0, description="number of reverse proxies in front", ge=0, le=9)
    item_banks: Path | None = Field(
        None, description="folder of the item banks; none: the ones that come with the program"
    )
    log_format: Literal["plain", "json"] = Field("plain", description="form of log lines on stderr")

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or not _has_usable_port(parts)):
            raise ValueError("must look like https://rapport.example.org")
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _is_a_mail_server(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("smtp", "smtps") or not parts.hostname or not _has_usable_port(parts)):
            raise ValueError("must look like smtp://user:password@host:587")
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_a_mail_address(cls, value: str) -> str:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            raise ValueError("must be a mail address")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: str) -> str:
        if value and len(value) < SECRET_LENGTH:
            raise ValueError(f"must have at least {SECRET_LENGTH} characters; leave it out to have one made")
        return value

    @property
    def url(self) -> str:
        """The address that people reach the installation by, the default filled in."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @classmethod
    def read(cls) -> Self:
        """Return the settings in the environment; raise `InvalidSettings` with all that is wrong with them."""
        known = {PREFIX + name.upper() for name in cls.model_fields}
        unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known | NOT_SETTINGS)
        problems = [f"{name}: there is no such setting" for name in unknown]
        try:
            settings = cls()
        except ValidationError as error:
            problems += [
                f"{PREFIX}{'.'.join(map(str, each['loc'])).upper()}: {each['msg'].removeprefix('Value error, ')}"
                for each in error.errors()
            ]
        if problems:
            raise InvalidSettings("\n".join(["The settings cannot be used:", *(f"  {each}" for each in problems)]))
        return settings

    @property
    def is_secure(self) -> bool:
        """Whether people reach the installation by https."""
        return self.url.startswith("https://")

    @property
    def database(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{(self.data / 'rapport.sqlite3').absolute()}"

    def key(self) -> str:
        """Return the secret key, made on first use and readable by the owner alone."""
        if self.secret_key:
            return self.secret_key
        self.data.mkdir(parents=True, exist_ok=True)
        file = self.data / "secret_key"
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        key = secrets.token_urlsafe(32)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(key + "\n")
        return key
