"""The contract as OpenAPI 3.1, with the webhooks that we send; written from the code and committed."""

import json
from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from app.settings import ROOT

TITLE = "Desk for data-subject rights"
SUMMARY = "Access, correction, deletion, suspension and withdrawal of consent (개인정보 보호법 35-38)"
DESCRIPTION = """
A company in Korea answers people who ask to see, correct, delete or stop the processing of their data.
Every error is a problem document (RFC 9457) whose code stands at `/problems`.
Writes that make something want an `Idempotency-Key`; decisions name the version they were made on in `If-Match`.
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
            routes=app.routes,
        )
        made["webhooks"] = webhooks()
        made["components"].setdefault("securitySchemes", {})["bearer"] = {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
        }
        app.openapi_schema = made
    return app.openapi_schema


def webhooks() -> dict[str, Any]:
    """What we send to registered endpoints: thin events, signed after Standard Webhooks."""
    task = {
        "type": "object",
        "required": ["task_id", "action", "claim_id", "due_at"],
        "properties": {
            "task_id": {"type": "string", "format": "uuid"},
            "action": {"type": "string"},
            "claim_id": {"type": "string", "format": "uuid"},
            "due_at": {"type": "string", "format": "date-time"},
        },
    }
    challenge = {
        "type": "object",
        "required": ["challenge"],
        "properties": {"challenge": {"type": "string"}},
    }
    return {
        "task.created": _webhook("task.created", "A task waits to be fetched", task),
        "task.cancelled": _webhook("task.cancelled", "A task is called back", task),
        "endpoint.challenge": _webhook("endpoint.challenge", "Say the challenge back to become active", challenge),
        "endpoint.test": _webhook("endpoint.test", "A test event that touches nobody", {"type": "object"}),
    }


def text(app: FastAPI) -> str:
    """The contract file as it is committed."""
    return json.dumps(document(app), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def is_fresh(app: FastAPI, file: Path = FILE) -> bool:
    """Whether the committed file says what the code says."""
    return file.exists() and file.read_text(encoding="utf-8") == text(app)


def _webhook(kind: str, summary: str, data: dict[str, Any]) -> dict[str, Any]:
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": kind},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": data,
        },
    }
    return {
        "post": {
            "operationId": "on_" + kind.replace(".", "_"),
            "summary": summary,
            "parameters": headers,
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {"2XX": {"description": "Taken"}, "410": {"description": "This endpoint is gone"}},
        }
    }


@pages.get("/docs", response_class=HTMLResponse)
async def docs() -> HTMLResponse:
    """The contract as a page, drawn without anything from outside."""
    return HTMLResponse(
        _page(json.loads(FILE.read_text(encoding="utf-8"))), headers={"Content-Security-Policy": _POLICY}
    )


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


def _page(contract: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{method.upper()}</code></td><td><code>{escape(path)}</code></td>"
        f"<td><b>{escape(one.get('summary', ''))}</b><br>{escape(one.get('description', ''))}</td></tr>"
        for path, methods in contract["paths"].items()
        for method, one in methods.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(TITLE)}</title><style>"
        "body{font:16px/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}"
        "td{padding:.4rem .8rem;border-top:1px solid #ccc;vertical-align:top}</style></head>"
        f"<body><main><h1>{escape(TITLE)}</h1><p>{escape(SUMMARY)}</p>"
        '<p><a href="/openapi.json">openapi.json</a> · <a href="/problems">problems</a></p>'
        f"<table>{rows}</table></main></body></html>"
    )
