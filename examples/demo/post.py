"""The demo's own post: a real SMTP server and the receiver of an SMS gateway, on loopback."""

import asyncio
import email
import email.policy
import json
import re
import secrets
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

from examples.demo.telling import until

CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")
STOP_CODE = re.compile(r"(?<![a-z0-9])[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail or SMS as it arrived."""

    to: str
    subject: str
    text: str

    @property
    def code(self) -> str | None:
        """Return the one code in it, if it tells one."""
        found = CODE.findall(self.text)
        return found[0] if len(found) == 1 else None

    @property
    def stop_code(self) -> str | None:
        """Return the code with which its reader can stop a request, if it tells one."""
        found = STOP_CODE.findall(self.text)
        return found[0] if len(found) == 1 else None


class Post:
    """What arrived, by mail and by SMS."""

    def __init__(self) -> None:
        self.mails: list[Letter] = []
        self.texts: list[Letter] = []
        self.sms_token = secrets.token_urlsafe(24)
        self.smtp_url = self.sms_url = ""
        self._read = 0

    async def open(self) -> None:
        """Take connections on free ports."""
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True), "127.0.0.1", 0)
        self.smtp_url = f"smtp://127.0.0.1:{smtp.sockets[0].getsockname()[1]}"
        http = ThreadingHTTPServer(("127.0.0.1", 0), _door(self))
        threading.Thread(target=http.serve_forever, daemon=True).start()
        self.sms_url = f"http://127.0.0.1:{http.server_address[1]}/messages"

    async def handle_DATA(self, _: SMTP, __: Any, envelope: Envelope) -> str:  # noqa: N802 - the name aiosmtpd calls
        """Take in one mail."""
        raw = envelope.original_content or b""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body is not None else ""
        self.mails += [Letter(to, str(message["subject"]), text) for to in envelope.rcpt_tos]
        return "250 taken"

    async def text_to(self, phone: str, *, after: int = 0, holding: str = "") -> Letter:
        """Wait for an SMS to a phone with some words, beyond the first few that arrived."""

        async def look() -> list[Letter]:
            return [one for one in self.texts[after:] if one.to == _dialled(phone) and holding in one.text]

        return (await until(look, bool, f"an SMS to {phone}"))[0]

    async def code_to(self, phone: str, *, after: int) -> str:
        """Wait for an SMS to a phone that tells one code, and return that."""

        async def look() -> list[str]:
            return [one.code for one in self.texts[after:] if one.to == _dialled(phone) and one.code]

        return (await until(look, bool, f"a code to {phone}"))[0]

    async def mail_to(self, address: str, *, after: int = 0, holding: str = "") -> Letter:
        """Wait for a mail to an address with some words, beyond the first few that arrived."""

        async def look() -> list[Letter]:
            return [one for one in self.mails[after:] if one.to == address and holding in one.text]

        return (await until(look, bool, f"a mail to {address}"))[0]

    def told(self, *contacts: str) -> list[Letter]:
        """Return everything that arrived for these, by mail or by SMS."""
        wanted = {_dialled(one) for one in contacts}
        return [one for one in (*self.mails, *self.texts) if one.to in wanted]


def _dialled(contact: str) -> str:
    return contact if "@" in contact else "+82" + contact.replace("-", "").removeprefix("0")


def _door(post: Post) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
            known = self.headers["authorization"] == f"Bearer {post.sms_token}"
            if known:
                post.texts.append(Letter(sent["to"], "", sent["text"]))
            body = json.dumps({"id": sent["ref"]} if known else {"error": "token"}).encode()
            self.send_response(202 if known else 401)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Door
