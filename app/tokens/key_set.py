"""The public keys of an outside issuer, from a file or over https."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from app.tokens.reading import TokenError, json_object
from app.tokens.signing import ALGORITHM, Key, public_key, thumbprint

KEY_SET_BYTES = 64_000
KEY_SET_KEYS = 50
FETCH_SECONDS = 5
FRESH = timedelta(minutes=10)
USABLE = timedelta(hours=24)
BETWEEN_FETCHES = timedelta(minutes=1)
BETWEEN_FIRST_FETCHES = timedelta(seconds=5)

Loader = Callable[[str], Awaitable[bytes]]


class KeySet:
    """The public keys of an outside issuer: fetched when first needed, then kept and fetched again with care."""

    def __init__(self, source: str, load: Loader) -> None:
        self._source = source
        self._load = load
        self._keys: Mapping[str, Key] = {}
        self._loaded: datetime | None = None
        self._tried: datetime | None = None
        self._lock = asyncio.Lock()
        self.failed = False

    async def having(self, kid: str, now: datetime) -> Mapping[str, Key]:
        """The keys, fetched again if `kid` is unknown or the set is old; a known key never waits."""
        unknown = kid not in self._keys
        if unknown or (self._old(now, FRESH) and not self._lock.locked()):
            async with self._lock:
                if self._rested(now):
                    await self._fetch(now)
        if self._old(now, USABLE):
            raise TokenError
        return self._keys

    def _rested(self, now: datetime) -> bool:
        """Whether it may be fetched again: whoever waited here for another's fetch has its keys."""
        pause = BETWEEN_FETCHES if self._keys else BETWEEN_FIRST_FETCHES
        return self._tried is None or abs(now - self._tried) >= pause

    def _old(self, now: datetime, limit: timedelta) -> bool:
        return self._loaded is None or abs(now - self._loaded) > limit

    async def _fetch(self, now: datetime) -> None:
        self._tried = now
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self._keys = _key_set(await self._load(self._source))
        except Exception:  # noqa: BLE001 - the old keys stay in use until they are too old
            self.failed = True
            return
        self._loaded, self.failed = now, False


async def load_key_set(source: str) -> bytes:
    """Read a key set from a file or over https: bounded, no redirects, no proxies of the environment."""
    if not source.startswith("https://"):
        return await asyncio.to_thread(_read_file, Path(source.removeprefix("file://")))
    body = b""
    tls = ssl.create_default_context()  # the machine's authorities, as everywhere else, not a bundled list
    async with (
        httpx.AsyncClient(verify=tls, trust_env=False, follow_redirects=False, timeout=FETCH_SECONDS) as client,
        client.stream("GET", source, headers={"accept-encoding": "identity"}) as answer,
    ):
        if answer.status_code != 200:
            raise TokenError
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > KEY_SET_BYTES:
                raise TokenError
    return body


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(KEY_SET_BYTES + 1)


def _key_set(raw: bytes) -> dict[str, Key]:
    if len(raw) > KEY_SET_BYTES:
        raise TokenError
    entries = json_object(raw)["keys"]
    if not isinstance(entries, list) or len(entries) > KEY_SET_KEYS:
        raise TokenError
    usable: Iterable[dict[str, Any]] = (entry for entry in entries if _is_es256(entry))
    keys = {entry.get("kid") or thumbprint(entry): public_key(entry) for entry in usable}
    if not keys:
        raise TokenError
    return keys


def _is_es256(entry: object) -> bool:
    """Whether an entry is a public ES256 signing key; others (RSA, encryption, private) are passed over."""
    if not isinstance(entry, dict) or "d" in entry or (entry.get("kty"), entry.get("crv")) != ("EC", "P-256"):
        return False
    named = isinstance(entry.get("kid", ""), str)
    return named and entry.get("use", "sig") == "sig" and entry.get("alg", ALGORITHM) == ALGORITHM
