"""Secrets made once for a development folder: complete or absent, readable by their owner only."""

import os
import secrets
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class Vault:
    """The folder `secrets` of one DATA_DIR."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def once(self, name: str, make: Callable[[], str]) -> str:
        """The secret of that name, made now if it is not there; of two who make it at once both get the first."""
        path = self._folder / name
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._put(path, make())
        return path.read_text(encoding="utf-8").strip()

    @staticmethod
    def _put(path: Path, secret: str) -> None:
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(secret + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(unfinished, path)  # never replaces: what was sealed under the first must stay readable
        except FileExistsError:
            pass
        finally:
            unfinished.unlink(missing_ok=True)

    @staticmethod
    def key() -> str:
        """32 random bytes as base64."""
        return b64encode(secrets.token_bytes(32)).decode()

    @staticmethod
    def master_keys() -> str:
        """One master key under the id `dev`."""
        return f"dev:{Vault.key()}"

    @staticmethod
    def webhook_secret() -> str:
        """A symmetric secret of Standard Webhooks."""
        return f"whsec_{Vault.key()}"

    @staticmethod
    def issuer() -> str:
        """The name of this instance in its own tokens, whatever its port."""
        return f"urn:rights-desk:{uuid4()}"

    @staticmethod
    def token_key() -> str:
        """An ES256 key in PEM."""
        key = generate_private_key(SECP256R1())
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
