"""The events that we send to registered endpoints: thin, and signed after Standard Webhooks."""

from typing import Any, Final

from app.models import ACTIONS

_ID: Final = "0193a5b0-7c1e-7000-8000-0000000000e1"
_TASK: Final = {
    "task_id": "0193a5b0-7c1e-7000-8000-0000000000f1",
    "action": "correct",
    "claim_id": "0193a5b0-7c1e-7000-8000-0000000000c1",
    "due_at": "2026-11-27T18:00:00+09:00",
}
_UUID: Final = {"type": "string", "format": "uuid"}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_HEADERS: Final = (
    ("webhook-id", "The delivery; the same again when it is repeated, so do its work once.", {"type": "string"}, _ID),
    ("webhook-timestamp", "When this attempt was sent, in Unix seconds: refuse what is five minutes off, either way.",
     {"type": "string", "pattern": "^[0-9]+$"}, "1795312800"),
    ("webhook-signature", "Signatures over `id.timestamp.body`, parted by spaces: `v1,` HMAC-SHA256, `v1a,` Ed25519.",
     {"type": "string"}, "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
)  # fmt: skip
_RETRY_AFTER: Final = {
    "Retry-After": {
        "description": "Seconds or a date; kept within once and twice what the schedule says.",
        "schema": {"type": "string"},
        "example": "120",
    }
}
_REFUSED: Final[dict[str, Any]] = {
    "410": {"description": "It is stopped; what is open waits, and after four working hours a person is asked."},
    "429": {"description": "Too much at once: it comes again, after a minute at least.", "headers": _RETRY_AFTER},
    "503": {"description": "Not now: it comes again, after a minute at least.", "headers": _RETRY_AFTER},
    "default": {
        "description": "Everything else, redirects too, is a failed attempt: it comes again, ten times in all."
    },
}
_EVENTS: Final[tuple[tuple[str, str, str, str, dict[str, Any]], ...]] = (
    ("task.created", "TaskCreated", "A task waits to be fetched", "TaskRef", _TASK),
    ("task.cancelled", "TaskCancelled", "A task is called back", "TaskRef", _TASK),
    ("endpoint.challenge", "EndpointChallenge", "Answer 200 with the same word to become active", "Challenge",
     {"challenge": "kq3zvJ0mTt2cW4sYb1LxPA"}),
    ("endpoint.test", "EndpointTest", "A test event, which carries nothing", "Nothing", {}),
)  # fmt: skip


def put(contract: dict[str, Any]) -> None:
    """Put the webhooks and their shapes into the contract."""
    contract["webhooks"] = {kind: _webhook(kind, name, summary, data) for kind, name, summary, _, data in _EVENTS}
    contract["components"]["schemas"] |= _shapes()


def _shapes() -> dict[str, Any]:
    shapes: dict[str, Any] = {
        "TaskRef": _object(
            "Which task, of which claim, and by when; whom it is about is told when it is fetched.",
            task_id=_UUID,
            action={"type": "string", "enum": list(ACTIONS)},
            claim_id=_UUID,
            due_at=_MOMENT,
            test={"const": True, "description": "Only where the task is to be tried: about nobody, of no claim."},
            optional=("test",),
        ),
        "Challenge": _object("A word to be said back.", challenge={"type": "string"}),
        "Nothing": {"type": "object", "description": "Nothing.", "additionalProperties": False},
    }
    for kind, name, summary, data, _ in _EVENTS:
        shapes[name] = _object(
            f"{summary}.", type={"const": kind}, timestamp=_MOMENT, data={"$ref": f"#/components/schemas/{data}"}
        )
    return shapes


def _object(description: str, optional: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
        "additionalProperties": False,
    }


def _webhook(kind: str, name: str, summary: str, data: dict[str, Any]) -> dict[str, Any]:
    challenge = kind == "endpoint.challenge"
    content = {
        "schema": {"$ref": f"#/components/schemas/{name}"},
        "example": {"type": kind, "timestamp": "2026-11-22T10:00:00+09:00", "data": data},
    }
    taken: dict[str, Any] = {"description": "Taken. Anything in the body is ignored."}
    if challenge:
        answer = {"schema": {"$ref": "#/components/schemas/Challenge"}, "example": data}
        taken = {"description": "The challenge said back.", "content": {"application/json": answer}}
    return {
        "post": {
            "operationId": "on_" + kind.replace(".", "_"),
            "tags": ["systems" if kind.startswith("endpoint") else "tasks"],
            "summary": summary,
            "description": "Sent to the endpoint a system registered, without redirects; an answer within 15 seconds"
            " counts. Verify the signature over the raw body before reading it.",
            "security": [],
            "parameters": [
                {
                    "name": header,
                    "in": "header",
                    "required": True,
                    "description": says,
                    "schema": schema,
                    "example": one,
                }
                for header, says, schema, one in _HEADERS
            ],
            "requestBody": {"required": True, "content": {"application/json": content}},
            "responses": {"200" if challenge else "2XX": taken, **_REFUSED},
        }
    }
