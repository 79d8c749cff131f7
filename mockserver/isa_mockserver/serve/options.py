"""What a person may choose when they start the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from isa_mockserver.fixtures import SeedChoice

from .ports import choose_ports
from .sockets import is_loopback


class OptionError(ValueError):
    """Options that do not go together; the text is one sentence for the person who gave them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """The options of `isa-mockserver serve`. `clock` None ticks with real time; `jwt_public_key` is PEM.

    `data` is the file that keeps the state; what `seed`, `id_seed` and `clock` say counts where it is new.
    """

    host: str = "127.0.0.1"
    ports: Mapping[str, int] = field(default_factory=choose_ports)
    seed: SeedChoice = "demo"
    id_seed: int | None = None
    clock: datetime | None = None
    strict_fields: bool = False
    rate_limit: bool = False
    allow_remote: bool = False
    allow_hosts: tuple[str, ...] = ()
    auth: Literal["dev", "verify"] = "dev"
    jwt_secret: str | None = field(default=None, repr=False)
    jwt_public_key: bytes | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    webhooks: tuple[str, ...] = ()
    webhook_secret: str | None = field(default=None, repr=False)
    data: Path | None = None

    @property
    def is_remote(self) -> bool:
        """Whether other machines can reach the server."""
        return not is_loopback(self.host)

    @property
    def is_plain(self) -> bool:
        """Whether nothing that was chosen could turn out to be impossible, or has to be told at the start."""
        return (
            not self.is_remote
            and self.seed in ("demo", "none")
            and self.auth == "dev"
            and self.data is None
            and not (self.allow_hosts or self.webhooks or self.webhook_secret)
        )
