"""Tokens for machines (RFC 6749, 4.4), and the public keys that check them."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.desk import NOBODY
from app.errors import Fault, Invalid, Malformed, TooLarge, Unauthenticated
from app.http.body import shown
from app.http.problems import problem_response
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit, contact_of
from app.routers.answers import AccessToken
from app.routers.documented import headers, problems
from app.services import clients

router = APIRouter(tags=["tokens"], route_class=DeskRoute)
FORM_BYTES_MAX = 4_096
CREDENTIAL_CHARS_MAX = 255
_FORM = "application/x-www-form-urlencoded"
_FIELDS = ("grant_type", "client_id", "client_secret", "agent")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_REFUSED = Unauthenticated("auth.client_failed")


class PublicKeyOut(BaseModel):
    """A public ES256 key (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class KeySetOut(BaseModel):
    """The public keys of this instance."""

    keys: list[PublicKeyOut]


class TokenForm(BaseModel):
    """The form; client_id and client_secret only where they do not stand in the Authorization header."""

    grant_type: str
    client_id: str | None = None
    client_secret: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    client_id: str
    secret: str
    agent: str | None


_DOCUMENTED: dict[str, Any] = {
    "security": [{"client": []}, {}],
    "requestBody": {"required": True, "content": {_FORM: {"schema": TokenForm.model_json_schema()}}},
}


@router.post(
    "/v1/oauth/token",
    operation_id="issue_token",
    summary="Get a token for a client",
    response_model=AccessToken,
    responses=problems(
        "auth.client_failed",
        "request.malformed",
        "request.body_required",
        "request.encoding",
        "request.duplicate_param",
        "request.timeout",
        "request.too_large",
        "request.media_type",
        "field.required",
        "field.value",
        "field.unknown",
        "field.format",
    ),
    openapi_extra=_DOCUMENTED,
)
async def issue_token(request: Request, session: Unit) -> Response:
    """A token of 15 minutes for client id and secret, by HTTP Basic or in the form (`client_credentials`).

    A call center says in `agent` who speaks. Five failures within 15 minutes close the client for 15 minutes, with
    the same answer as any failure.
    """
    asked = await _read(request)
    if asked is None:
        _tell_failure(request)
        return problem_response(request, _REFUSED)
    issued = await clients.exchange(session, asked.client_id, asked.secret, asked.agent, now=db.now())
    if issued is None:
        # Returned, not raised: the failure was counted and has to be committed.
        _tell_failure(request)
        return problem_response(request, _REFUSED)
    contact_of(request).by = issued.by
    answer = AccessToken(access_token=issued.token, token_type="Bearer", expires_in=issued.seconds)  # noqa: S106
    return JSONResponse(answer.model_dump(), headers={"Cache-Control": "no-store"})


@router.get(
    "/.well-known/jwks.json",
    operation_id="get_key_set",
    summary="The public keys of this instance",
    response_model=KeySetOut,
    responses=headers(200, "Cache-Control"),
)
async def get_key_set(desk: TheDesk) -> Response:
    """The keys that check this service's own tokens (RFC 7517)."""
    return JSONResponse(desk.issuer.jwks(), headers={"Cache-Control": "public, max-age=300"})


def _tell_failure(request: Request) -> None:
    """A failed login is in the access log; which client was meant is not, for it may be anything that was typed."""
    contact = contact_of(request)
    contact.by, contact.result = NOBODY, _REFUSED.code


async def _read(request: Request) -> _Asked | None:
    """What was asked, or None if the credentials cannot be those of any client."""
    form = read_form(request.headers.get("content-type"), await request.body())
    unknown = [name for name in form if name not in _FIELDS]
    if unknown:
        raise Invalid("field.unknown", faults=tuple(Fault(_pointer(name), "field.unknown") for name in unknown))
    if "grant_type" not in form:
        raise Invalid("field.required", pointer="/grant_type")
    if form["grant_type"] != "client_credentials":
        raise Invalid("field.value", pointer="/grant_type")
    header = request.headers.get("authorization")
    if header is not None and "client_secret" in form:
        # One way only: whoever looks at one of the two must not be told something else by the other.
        raise Malformed("request.malformed")
    named = _basic(header) if header is not None else (form.get("client_id", ""), form.get("client_secret", ""))
    if named is None or form.get("client_id", named[0]) != named[0]:
        return None
    if not all(0 < len(part) <= CREDENTIAL_CHARS_MAX for part in named):
        return None
    return _Asked(*named, form.get("agent"))


def read_form(content_type: str | None, raw: bytes) -> dict[str, str]:
    """The fields of a form, each once; a field without a value counts as left out (RFC 6749, 3.2)."""
    kind, _, parameter = (content_type or "").partition(";")
    if kind.strip().lower() != _FORM or parameter.strip().lower() not in ("", "charset=utf-8"):
        raise Malformed("request.media_type")
    if not raw:
        raise Malformed("request.body_required")
    if len(raw) > FORM_BYTES_MAX:
        raise TooLarge("request.too_large")
    pairs = [part.partition("=") for part in _ascii(raw).split("&") if part]
    names = [_decoded(name) for name, _, _ in pairs]
    if len(set(names)) != len(names):
        raise Malformed("request.duplicate_param")
    values = [_decoded(value) for _, _, value in pairs]
    return {name: value for name, value in zip(names, values, strict=True) if value}


def _ascii(raw: bytes) -> str:
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError:
        raise Malformed("request.encoding") from None


def _decoded(part: str) -> str:
    try:
        text = unquote_plus(part, errors="strict")
    except UnicodeDecodeError:
        raise Malformed("request.encoding") from None
    if _CONTROL.search(text):
        raise Malformed("request.malformed")
    return text


def _basic(header: str) -> tuple[str, str] | None:
    """Id and secret of HTTP Basic, each form-encoded before it was joined (RFC 6749, 2.3.1)."""
    scheme, _, value = header.partition(" ")
    try:
        joined = base64.b64decode(value.strip(), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    client_id, colon, secret = joined.partition(":")
    if scheme.lower() != "basic" or not colon:
        return None
    try:
        return _decoded(client_id), _decoded(secret)
    except Malformed:
        return None


def _pointer(name: str) -> str:
    return f"/{name}" if shown(name) else ""
