"""What the desk tells a system at its registration, from the command line or from a file that comes later."""

import asyncio
from dataclasses import dataclass
from typing import Any

from examples.common.files import WatchedFile
from examples.common.signature import key_bytes, scheme_of

NAMES = {"api", "client_id", "client_secret", "scheme", "keys"}
LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Config:
    """Where the desk is, who we are there, and which keys sign what it sends."""

    api: str
    client_id: str
    client_secret: str
    scheme: str | None
    keys: tuple[str, ...]

    @staticmethod
    def of(given: dict[str, Any]) -> "Config":
        """Check and return; raises ValueError that says what is wrong."""
        if not set(given) <= NAMES:
            raise ValueError(f"unknown: {', '.join(sorted(set(given) - NAMES))}")
        missing = {"api", "client_id", "client_secret"} - {name for name, value in given.items() if value}
        if missing:
            raise ValueError(f"missing: {', '.join(sorted(missing))}")
        keys = tuple(given.get("keys") or ())
        scheme = given.get("scheme")
        if any(scheme_of(key) != scheme or not key_bytes(key) for key in keys):
            raise ValueError(f"a key is not of scheme {scheme}: v1 has whsec_, v1a has whpk_")
        return Config(given["api"], given["client_id"], given["client_secret"], scheme, keys)


class Registration:
    """The configuration in force: the file's once it is there, else the command line's."""

    def __init__(self, given: Config | None, file: WatchedFile | None) -> None:
        self._given, self._file = given, file
        self._read: Any = None
        self._from_file: Config | None = None

    def now(self) -> Config | None:
        """Return the configuration in force, None as long as nobody gave one."""
        content = self._file.read() if self._file else None
        if content is not None and content is not self._read:
            self._read = content
            try:
                self._from_file = Config.of(content)
            except (ValueError, TypeError, AttributeError) as wrong:
                print(f"configuration file passed over: {wrong}", flush=True)
        return self._from_file or self._given

    async def wait(self, seconds: float) -> Config | None:
        """Return the configuration, waiting a moment for its file.

        The desk challenges an endpoint in the instant it is registered, which is before anybody could have
        written down the key that the registration answered with.
        """
        for _ in range(int(seconds / LOOK_EVERY_SECONDS)):
            config = self.now()
            if config is not None:
                return config
            await asyncio.sleep(LOOK_EVERY_SECONDS)
        return self.now()
