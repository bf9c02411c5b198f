"""The contract as OpenAPI 3.1, with the webhooks that we send; written from the code and committed."""

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from app.contract import examples, operations, webhooks
from app.contract.page import POLICY, page
from app.settings import ROOT

TITLE = "Desk for data-subject rights"
SUMMARY = "Access, correction, deletion, suspension and withdrawal of consent (개인정보 보호법 35-38)"
DESCRIPTION = """
A company in Korea answers people who ask to see, correct, delete or stop the processing of their data.

Callers bring a bearer token (JWT, ES256) of a role; every operation names the roles it is for. A foreign id answers
exactly like an unknown one. Every error is a problem document (RFC 9457) whose code stands at `/problems`.
Writes that make something want an `Idempotency-Key`; decisions name the version they were made on in `If-Match`.
Times carry their offset, dates are Seoul dates, ids are UUIDs of version 7.
"""
FILE = ROOT / "openapi" / "openapi.json"
EXAMPLES = ROOT / "openapi" / "examples.json"

pages = APIRouter(include_in_schema=False)


def document(app: FastAPI) -> dict[str, Any]:
    """The contract of this application; made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version="3.1.0",
            summary=app.summary,
            description=app.description,
            tags=operations.TAGS,
            servers=[{"url": "/", "description": "This instance"}],
            routes=app.routes,
        )
        operations.complete(made, app.routes)
        webhooks.put(made)
        examples.put(made, EXAMPLES)
        app.openapi_schema = made
    return app.openapi_schema


def text(app: FastAPI) -> str:
    """The contract file as it is committed."""
    return json.dumps(document(app), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def is_fresh(app: FastAPI, file: Path = FILE) -> bool:
    """Whether the committed file says what the code says."""
    return file.exists() and file.read_text(encoding="utf-8") == text(app)


@pages.get("/docs", response_class=HTMLResponse)
async def docs(request: Request) -> HTMLResponse:
    """The contract as a page, drawn without anything from outside."""
    return HTMLResponse(page(document(request.app)), headers={"Content-Security-Policy": POLICY})
