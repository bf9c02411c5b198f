"""A receiver for one's own machine: verifies what comes, prints it, answers. Events carry ids, never a person."""

import json
from collections.abc import Callable, Sequence

from aiohttp import web

from app import db, signature
from app.errors import Unauthenticated

BODY_BYTES_MAX = 65_536


def build(keys: Callable[[], Sequence[str]], say: Callable[[str], None]) -> web.Application:
    """The server; `keys` is asked at every event, so that a rotation needs no restart."""

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        try:
            message_id = signature.verify(keys(), request.headers, body, now=int(db.now().timestamp()))
            event = json.loads(body)
            kind, data = event["type"], event["data"]
        except Unauthenticated as refusal:
            say(f"refused: {refusal.code}")
            return web.Response(status=401)
        except (ValueError, KeyError, TypeError, RecursionError):
            say("refused: signed, but no event")
            return web.Response(status=400)
        say(json.dumps({"webhook-id": message_id} | event, ensure_ascii=False))
        if kind == "endpoint.challenge" and isinstance(data, dict):
            return web.json_response({"challenge": data.get("challenge")})
        return web.Response(status=204)

    app = web.Application(client_max_size=BODY_BYTES_MAX)
    app.router.add_post("/{anywhere:.*}", take)
    return app
