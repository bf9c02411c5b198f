"""How each setting is read from its text. A fault is told without the value."""

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

KEY_BYTES: Final = 32
LOG_MONTHS_MIN: Final = 24
"""안전성 확보조치 기준 8(1): two years where 고유식별정보 are held, as papers about who somebody is hold them."""
LOG_MONTHS_MAX: Final = 120
IDLE: Final = timedelta(minutes=15)
SESSION: Final = timedelta(hours=8)

Network = IPv4Network | IPv6Network

_SHARED = IPv4Network("100.64.0.0/10")


class FaultError(ValueError):
    """What is wrong with a value, in words that do not quote it."""


def port(text: str) -> int:
    """A TCP port."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise FaultError("must be a number from 1 to 65535")
    return int(text)


def log_months(text: str) -> int:
    """For how many months the access log is kept."""
    return _number(text, LOG_MONTHS_MIN, LOG_MONTHS_MAX)


def idle(text: str) -> timedelta:
    """How many minutes a session may be idle: fewer than the fifteen are better, more are not let pass."""
    return timedelta(minutes=_number(text, 1, int(IDLE.total_seconds()) // 60))


def session(text: str) -> timedelta:
    """How many hours a session may last."""
    return timedelta(hours=_number(text, 1, int(SESSION.total_seconds()) // 3_600))


def _number(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or len(text) > 9 or not least <= int(text) <= most:
        raise FaultError(f"must be a number from {least} to {most}")
    return int(text)


def database_url(text: str) -> str:
    """A PostgreSQL URL, made to name the driver."""
    scheme, mark, rest = text.partition("://")
    if not mark or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise FaultError("must be a PostgreSQL URL (postgresql://...)")
    return f"postgresql+psycopg://{rest}"


def http_url(text: str) -> str:
    """An http or https URL without its closing slash."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise FaultError("must be an http or https URL without user and fragment")
    return text.rstrip("/")


def origin(text: str) -> str:
    """The service's own address."""
    if urlsplit(text).query:
        raise FaultError("must not have a query")
    return http_url(text)


def smtp_url(text: str) -> str:
    """Where mail is handed over."""
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise FaultError("must be smtp://user:password@host:port or smtps://")
    return text


def clamd(text: str) -> str:
    """Where the malware scanner listens: host:port or the path of a socket, with or without `tcp://` or `unix:`."""
    place = re.sub(r"^(?:tcp|unix):(?://)?", "", text)
    host, _, number = place.rpartition(":")
    if not place.startswith("/") and not (host and number.isdecimal() and 1 <= int(number) <= 65535):
        raise FaultError("must be host:port, or the absolute path of a socket")
    return place


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, parted by commas or spaces."""
    try:
        return tuple(ip_network(part) for part in re.split(r"[\s,]+", text) if part)
    except ValueError:
        raise FaultError("must be addresses or networks, parted by commas") from None


def networks_by_system(text: str) -> dict[UUID, tuple[Network, ...]]:
    """`<system id>=network,network;...`: private networks, each for the one system that it is named for."""
    found: dict[UUID, tuple[Network, ...]] = {}
    for part in filter(None, re.split(r"[;\s]+", text)):
        name, mark, named = part.partition("=")
        one = system_id(name)
        if not mark or not named or one in found:
            raise FaultError("must be <system id>=network,network; each system once, parted by semicolons")
        found[one] = networks(named)
        if not all(_is_private(network) for network in found[one]):
            raise FaultError("must name private networks only; what is public is open to every system")
    return found


def system_id(text: str) -> UUID:
    """The id of a system, as the registry writes it. Not its name: whoever changes that must open nothing by it."""
    try:
        found = UUID(text)
    except ValueError:
        found = None
    if found is None or str(found) != text:
        raise FaultError("must name systems by the id they are registered under")
    return found


def proxy_url(text: str) -> str:
    """A forward proxy."""
    parts = urlsplit(text)
    if parts.scheme != "http" or not parts.hostname or not parts.port or parts.path.strip("/") or parts.query:
        raise FaultError("must be http://host:port")
    return text.rstrip("/")


def file(text: str) -> Path:
    """An existing file."""
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise FaultError("names no file")
    return path


def folder(text: str) -> Path:
    """An existing folder."""
    path = Path(text).expanduser().absolute()
    if not path.is_dir():
        raise FaultError("names no folder")
    return path


def key(text: str) -> bytes:
    """32 bytes as base64."""
    try:
        raw = b64decode(text, validate=True)
    except Base64Error:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise FaultError(f"must be base64 of {KEY_BYTES} bytes")
    return raw


def keys(text: str) -> tuple[bytes, ...]:
    """Keys parted by commas, newest first."""
    return tuple(key(part) for part in re.split(r"[\s,]+", text) if part) or (key(text),)


def master_keys(text: str) -> tuple[tuple[str, bytes], ...]:
    """`id:base64` entries, newest first."""
    pairs = [part.partition(":") for part in re.split(r"[\s,]+", text) if part]
    if not pairs or not all(name and value for name, _, value in pairs):
        raise FaultError("must be id:base64 entries parted by commas, newest first")
    return tuple((name, key(value)) for name, _, value in pairs)


def pem(text: str) -> str:
    """A private key in PEM; its line ends may be written as backslash and n, as some tools do."""
    unfolded = text.replace("\\n", "\n")
    if "PRIVATE KEY-----" not in unfolded:
        raise FaultError("must be a private key in PEM")
    return unfolded + "\n"


def audit_key(text: str) -> bytes:
    """The raw Ed25519 key, from base64 or PEM."""
    if "-----" not in text:
        return key(text)
    private = load_pem_private_key(pem(text).encode(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise FaultError("must be an Ed25519 key")
    return private.private_bytes_raw()


def webhook_secret(text: str) -> str:
    """A `whsec_` secret."""
    if not text.startswith("whsec_") or len(text) < 30:
        raise FaultError("must be a whsec_ secret of Standard Webhooks")
    return text


def issuers(text: str) -> dict[str, dict[str, Any]]:
    """TRUSTED_ISSUERS: issuer to its terms."""
    try:
        issuers = json.loads(text)
    except ValueError:
        raise FaultError("must be JSON") from None
    if not isinstance(issuers, dict) or not all(isinstance(terms, dict) for terms in issuers.values()):
        raise FaultError("must be an object of issuers, each with jwks, alg and roles")
    return cast(dict[str, dict[str, Any]], issuers)


def bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def _is_private(network: Network) -> bool:
    """Link-local is not meant: there the machines of a cloud hand out their credentials."""
    shared = isinstance(network, IPv4Network) and network.subnet_of(_SHARED)
    return (network.is_private or shared) and not network.is_link_local
