"""A sender that signs as the standard says, and where things are."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes of test secret!").decode()
Start = Callable[..., str]


class Sender:
    """Signs and posts one endpoint's events with v1 or v1a keys."""

    def __init__(self, url: str, *, secret: str | None = SECRET, private: Ed25519PrivateKey | None = None) -> None:
        self.url, self.secret, self.private = url, secret, private

    def headers(self, body: bytes, *, message_id: str, at: float | None = None) -> dict[str, str]:
        """Return the three headers for a body."""
        stamp = str(int(time.time() if at is None else at))
        signed = f"{message_id}.{stamp}.".encode() + body
        if self.private is not None:
            signature = "v1a," + base64.b64encode(self.private.sign(signed)).decode()
        else:
            key = base64.b64decode((self.secret or "").removeprefix("whsec_"))
            signature = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signature}

    def post(
        self,
        content: Any,
        *,
        path: str = "/",
        message_id: str | None = None,
        at: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Post a body; `headers` replace the right ones."""
        body = json.dumps(content, ensure_ascii=False).encode()
        right = self.headers(body, message_id=message_id or str(uuid.uuid4()), at=at)
        return httpx.post(self.url + path, content=body, headers=right | (headers or {}), trust_env=False, timeout=20)
