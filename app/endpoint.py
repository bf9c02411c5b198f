"""Where events may be sent: the form of an endpoint's URL, and the addresses behind its name.

Pure: nothing is looked up here. The form is checked when an endpoint is registered and again before each sending; the
address when the connection is made, so that a name cannot point elsewhere in between.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from app.errors import Invalid

PORTS = frozenset({443, 8443})
URL_CHARS = 2000
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost"})

Network = IPv4Network | IPv6Network

_SHAPE = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]{0,15})://([^/?#@\\\s]*)(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
_AUTHORITY = re.compile(r"(\[[0-9A-Za-z:.%]*\]|[^\[\]:]+)(?::([1-9][0-9]{0,4}))?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP_LABEL = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_PRIVATE_NAMES = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion"})

# What `is_global` of the standard library lets through although it leads inside, or nowhere.
_DENIED: tuple[Network, ...] = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint's URL, taken apart once; `url` is rebuilt from the parts, so no second parser reads it otherwise."""

    url: str
    host: str
    port: int
    loopback: bool


def check_endpoint(url: str, development: bool, *, pointer: str | None = "/endpoint_url") -> Endpoint:
    """The endpoint, or Invalid `endpoint.*` saying what is not allowed.

    https to a fully qualified name on port 443 or 8443; in development also http to 127.0.0.1 or localhost, in
    exactly these spellings and with a port.
    """
    shape = _SHAPE.fullmatch(url) if len(url) <= URL_CHARS else None
    authority = _AUTHORITY.fullmatch(shape[2]) if shape else None
    if shape is None or authority is None or int(authority[2] or 1) > 65535:
        raise Invalid("endpoint.url_malformed", pointer=pointer)
    scheme, host, port = shape[1].lower(), authority[1].lower(), int(authority[2] or 0)
    loopback = development and scheme == "http" and authority[1] in LOOPBACK_HOSTS
    fault = _fault(scheme, host, port, loopback)
    if fault is not None:
        raise Invalid(fault, pointer=pointer)
    port = port or 443
    return Endpoint(f"{scheme}://{host}:{port}{shape[3] or '/'}{shape[4] or ''}", host, port, loopback)


def address_allowed(address: str, networks: Sequence[Network] = ()) -> bool:
    """Whether a connection may go to this address: a public one, or one of the networks the operator opened."""
    try:
        parsed = _plain(ip_address(address))
    except ValueError:
        return False
    if any(parsed in network for network in networks):
        return True
    public = parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)
    return public and not any(parsed in network for network in _DENIED)


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own, in plain form."""
    return address in ("127.0.0.1", "::1")


def _fault(scheme: str, host: str, port: int, loopback: bool) -> str | None:
    if loopback:
        return None if port else "endpoint.port_not_allowed"
    if scheme != "https":
        return "endpoint.scheme_not_allowed"
    literal = _literal(host)
    if literal is not None and not address_allowed(literal):
        return "endpoint.address_not_allowed"
    if literal is not None or not _fully_qualified(host):
        return "endpoint.host_not_allowed"
    return None if port in (0, *PORTS) else "endpoint.port_not_allowed"


def _fully_qualified(host: str) -> bool:
    *labels, top = host.split(".")
    ordinary = bool(labels) and len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return ordinary and _TOP_LABEL.fullmatch(top) is not None and top not in _PRIVATE_NAMES


def _literal(host: str) -> str | None:
    """The address if the host is one in its canonical spelling."""
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(bare))
    except ValueError:
        return None


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
