"""Sending files to the desk, rightly and wrongly."""

import io
from typing import Any

import httpx
from PIL import Image

from tests.house import House, bearer, key


def picture(shade: int = 200, size: tuple[int, int] = (120, 160)) -> bytes:
    """A small picture; another shade makes another file."""
    made = io.BytesIO()
    Image.new("L", size, shade % 256).save(made, "PNG")
    return made.getvalue()


async def send(
    house: House,
    filed: dict[str, Any],
    content: bytes | None = None,
    *,
    kind: str = "correction_proof",
    party: str = "subject",
    name: str = "scan.png",
    headers: dict[str, str] | None = None,
    idem: str | None = None,
) -> httpx.Response:
    """Hand in a file with the request's token, or as somebody else; nothing is worked on."""
    once = {"Idempotency-Key": idem} if idem else key()
    return await house.api.post(
        f"/v1/requests/{filed['id']}/evidence",
        data={"kind": kind, "party": party},
        files={"file": (name, picture() if content is None else content, "application/octet-stream")},
        headers={**(headers or bearer(filed["requester_token"])), **once},
    )


async def listed(house: House, filed: dict[str, Any], query: str = "", headers: dict[str, str] | None = None):
    """The papers as the holder of this token sees them."""
    return await house.api.get(
        f"/v1/requests/{filed['id']}/evidence{query}", headers=headers or bearer(filed["requester_token"])
    )
