"""What commands share: the settings, the database, the banks and the workshop of this installation."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from assess.banks.registry import Registry, default_folder, read_all
from assess.config import Settings
from assess.errors import InvalidSettings
from assess.services import database

if TYPE_CHECKING:  # a second of mathematics that most commands can do without
    from assess.services.mail import Mailer
    from assess.services.seals import Sealer
    from assess.services.workshop import Workshop


def clock() -> datetime:
    """Return the present moment; services are handed it."""
    return datetime.now(UTC)


class Installation:
    """One installation, put together from its settings."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.read()

    @cached_property
    def engine(self) -> Engine:
        """The database; its folder is made if it is missing."""
        try:
            self.settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)  # answers and links: the owner's alone
        except OSError as error:
            raise InvalidSettings(f"ASSESS_DATA cannot be used: {error.strerror}: {self.settings.data}") from None
        return database.make_engine(self.settings.database)

    @cached_property
    def registry(self) -> Registry:
        """The item banks."""
        return read_all(self.bank_folder)

    @property
    def bank_folder(self) -> Path:
        """Where the item banks are."""
        return self.settings.item_banks or default_folder()

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        """Sessions that write."""
        return sessionmaker(database.writing(self.engine))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session on a current database and commit it at the end."""
        database.require_current(self.engine)
        with self.sessions.begin() as session:
            yield session

    @cached_property
    def workshop(self) -> Workshop:
        """What a worker needs."""
        from assess.services.workshop import Workshop  # noqa: PLC0415
        from reports.rendering import Renderer  # noqa: PLC0415

        renderer = Renderer()
        atexit.register(renderer.close)
        return Workshop(
            registry=self.registry,
            mailer=self.mailer,
            render=renderer.render,
            base_url=self.settings.url,
            sender=self.settings.mail_from,
            sealer=self.sealer,
        )

    @property
    def sealer(self) -> Sealer:
        """What signs reports."""
        from assess.services.seals import Sealer  # noqa: PLC0415

        return Sealer(self.settings.url, self.settings.key())

    @property
    def mailer(self) -> Mailer:
        """Where mail goes."""
        from assess.services.mail import FolderMailer, SmtpMailer  # noqa: PLC0415

        if self.settings.mail_url:
            return SmtpMailer(self.settings.mail_url)
        return FolderMailer(self.settings.data / "mail")
