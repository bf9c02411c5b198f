"""Certificates that the deployment lays down for single systems: `<folder>/<system id>/ca.pem, client.pem, client.key`.

They are read once at start, so that a wrong file stops the start and no sending ever reads one.
"""

import ssl
from pathlib import Path
from uuid import UUID

from app.settings.parse import FaultError, folder, system_id

_CA, _CERTIFICATE, _KEY = "ca.pem", "client.pem", "client.key"


def by_system(text: str) -> dict[UUID, ssl.SSLContext]:
    """How to speak TLS with each system that has a folder of its own."""
    # What a cluster mounts has hidden folders beside the named ones.
    named = (one for one in sorted(folder(text).iterdir()) if one.is_dir() and not one.name.startswith("."))
    return {system_id(one.name): _context(one) for one in named}


def _context(place: Path) -> ssl.SSLContext:
    """Its own authority is believed instead of the machine's, and our certificate is shown where it asks for one."""
    authority, certificate, key = (place / name for name in (_CA, _CERTIFICATE, _KEY))
    if certificate.exists() != key.exists():
        raise FaultError(f"has {_CERTIFICATE} or {_KEY} without the other in {place.name}")
    if not (authority.exists() or key.exists()):
        raise FaultError(f"has neither {_CA} nor {_CERTIFICATE} in {place.name}")
    try:
        context = ssl.create_default_context(cafile=str(authority) if authority.exists() else None)
        if key.exists():
            # Without a password of its own OpenSSL would stop the start and ask the terminal for one.
            context.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError):
        raise FaultError(f"holds no usable certificates in {place.name}") from None
    return context
