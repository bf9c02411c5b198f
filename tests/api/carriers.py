"""Carriers that refuse, as real servers: a mail server that knows no mailbox, an SMS service that knows no number."""

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.conftest import serving
from tests.e2e.processes import free_port


class Post:
    """A mail server; refuses every recipient with the answer it is given."""

    def __init__(self) -> None:
        self.refusal = ""
        self.mails: list[Any] = []

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not self.refusal:
            envelope.rcpt_tos.append(address)
        return self.refusal or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


class Gateway:
    """An SMS service; answers with the status it is given."""

    def __init__(self) -> None:
        self.status = 200
        self.texts: list[dict[str, Any]] = []

    async def __call__(self, request: Request) -> Response:
        self.texts.append(json.loads(await request.body()))
        return JSONResponse({"id": "1"} if self.status == 200 else {}, self.status)


def post_office(environment: dict[str, str]) -> Iterator[Post]:
    """Run it, and have the desk send its mail there."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    environment["SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield post
    controller.stop()


def sms_service(environment: dict[str, str]) -> Iterator[Gateway]:
    """Run it, and have the desk send its text messages there."""
    gateway = Gateway()

    async def send(request: Request) -> Response:
        return await gateway(request)

    with serving(Starlette(routes=[Route("/", send, methods=["POST"])])) as url:
        environment["SMS_URL"] = f"{url}/"
        yield gateway


def report(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", headers_only: bool = True, subject: str = "x"
) -> bytes:
    """What a mail server sends back of a mail (RFC 3464)."""
    back = "text/rfc822-headers" if headers_only else "message/rfc822"
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nTo: privacy@example.com\r\nSubject: Undelivered Mail\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"\r\n\r\n'
        "--edge\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--edge\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; somebody@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--edge\r\nContent-Type: {back}\r\n\r\n"
        f"From: desk <privacy@example.com>\r\nTo: somebody@example.com\r\nSubject: {subject}\r\n"
        f"Message-ID: {message_id}\r\n\r\n{'' if headers_only else 'its text'}\r\n"
        "--edge--\r\n"
    ).encode()
