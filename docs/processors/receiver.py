"""A receiver of the desk's events with the standard library; `v1a` needs `cryptography`. Keys: one a line."""

import base64
import hashlib
import hmac
import json
import os
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KEYS_FILE = Path(os.environ.get("WEBHOOK_KEYS_FILE", "keys.txt"))
TOLERANCE_S = 300
BODY_BYTES_MAX = 65_536


# verify
def verified(headers, body: bytes, keys: list[str], now: float) -> str | None:
    """The webhook-id of what one of our keys signed within five minutes of now; None: answer 401."""
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not re.fullmatch(r"[A-Za-z0-9_:-]{1,128}", name) or not re.fullmatch(r"[0-9]{1,12}", stamp):
        return None
    if abs(now - int(stamp)) > TOLERANCE_S:
        return None
    signed = f"{name}.{stamp}.".encode() + body  # the raw bytes: JSON that was parsed and written again is another
    tokens = headers.get("webhook-signature", "").split(" ")
    return name if any(fits(key, token, signed) for key in keys for token in tokens) else None


def fits(key: str, token: str, signed: bytes) -> bool:
    """One key against one signature; what makes no sense does not fit."""
    scheme, _, value = token.partition(",")
    kind, _, text = key.partition("_")
    try:
        secret = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        if (kind, scheme) == ("whsec", "v1"):
            right = hmac.digest(secret, signed, hashlib.sha256)
            return hmac.compare_digest(right, base64.b64decode(value, validate=True))
        if (kind, scheme) == ("whpk", "v1a"):
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

            Ed25519PublicKey.from_public_bytes(secret).verify(base64.b64decode(value, validate=True), signed)
            return True
    except Exception:
        return False
    return False


# end
def keys() -> list[str]:
    """Read at every event: for a rotation a line is added, later one is taken away, and nothing is restarted."""
    return KEYS_FILE.read_text().split() if KEYS_FILE.exists() else []


class Receiver(BaseHTTPRequestHandler):
    """Take, remember, answer; the work is done behind the door."""

    protocol_version = "HTTP/1.1"
    timeout = 15

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not re.fullmatch("[0-9]{1,9}", length) or int(length) > BODY_BYTES_MAX:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(int(length))
        if verified(self.headers, body, keys(), time.time()) is None:
            return self.answer(401)
        try:
            event = json.loads(body)
            kind, data = event["type"], event["data"]
            if kind == "endpoint.challenge":
                return self.answer(200, json.dumps({"challenge": data["challenge"]}).encode())
            if kind in ("task.created", "task.cancelled"):
                remember(kind, data["task_id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return self.answer(400)
        return self.answer(204)

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.answer(405)

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Nothing of a request goes to the log."""


def remember(kind: str, task_id: str) -> None:
    """Yours: write the task's id to disk, once however often it is told, before the 204 goes out."""
    print(kind, task_id, flush=True)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Receiver)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
