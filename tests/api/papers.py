"""Handing in papers and having them accepted, each by whoever does it."""

import io
import os
from datetime import timedelta
from typing import Any

import httpx
from PIL import Image

from app import db
from app.law.deadline import seoul_date
from tests.house import House, bearer, key

CERTIFICATES = ("basic_certificate", "family_relation_certificate")
OF_GUARDIAN = (*CERTIFICATES, "identity_document")


def scan() -> bytes:
    """A small picture of a paper, of which there is no other like it."""
    made = io.BytesIO()
    Image.frombytes("L", (120, 160), os.urandom(120 * 160)).save(made, "PNG")
    return made.getvalue()


async def hand_in(
    house: House, filed: dict[str, Any], kind: str, *, party: str = "requester", headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """Hand in one paper with the request's token, or as somebody else."""
    reply = await house.api.post(
        f"/v1/requests/{filed['id']}/evidence",
        data={"kind": kind, "party": party},
        files={"file": (f"{kind}.png", scan(), "image/png")},
        headers={**(headers or bearer(filed["requester_token"])), **key()},
    )
    assert reply.status_code == 201, reply.text
    await house.workshop.run()
    found: dict[str, Any] = reply.json()
    return found


async def review(house: House, paper: dict[str, Any], result: str = "accepted", **more: Any) -> httpx.Response:
    """An officer has seen every line of the checklist."""
    as_officer = house.auth("officer")
    seen = await house.api.get(f"/v1/evidence/{paper['id']}", headers=as_officer)
    document = house.desk.policy.documents[paper["kind"]]
    body: dict[str, Any] = {"result": result, "checklist": [one.id for one in document.checklist], **more}
    if document.max_age_days is not None:
        body.setdefault("issued_on", (seoul_date(db.now()) - timedelta(days=3)).isoformat())
    if document.issuer_number:
        body.setdefault("issuer_number", "1234-5678-9012")
    version = {"If-Match": seen.headers["etag"]}
    reply = await house.api.put(f"/v1/evidence/{paper['id']}/review", json=body, headers={**as_officer, **version})
    await house.workshop.run()
    return reply


async def accept(house: House, filed: dict[str, Any], *kinds: str, **how: Any) -> None:
    """Hand in these papers and have each accepted."""
    for kind in kinds:
        reply = await review(house, await hand_in(house, filed, kind, **how))
        assert reply.status_code == 200, reply.text
