"""The holder's door: verifies what comes, remembers it, answers at once. The work is done behind it."""

import asyncio
import contextlib
import json
import signal
import time
import traceback
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from examples.common.server import TooLargeError, read_body
from examples.common.signature import SignatureRefusedError, verify
from examples.processor.config import Registration
from examples.processor.store import Store
from examples.processor.worker import Worker

LONGEST_BODY = 65_536
WAIT_FOR_CONFIG_SECONDS = 5.0


class Receiver:
    """The answers to events; `fail_first` of those about tasks get 503, to see the desk come again."""

    def __init__(self, registration: Registration, store: Store, worker: Worker, *, fail_first: int) -> None:
        self._registration, self._store, self._worker = registration, store, worker
        self._failures_left = fail_first

    async def receive(self, request: Request) -> Response:
        """Take one event. 204 says no more than: I have it."""
        config = await self._registration.wait(WAIT_FOR_CONFIG_SECONDS)
        if config is None or not config.keys:
            return Response(status_code=503, headers={"Retry-After": "5"})
        try:
            body = await read_body(request, most=LONGEST_BODY)
            webhook_id = verify(request.headers, body, config.keys, now=time.time())
            return self._take(webhook_id, json.loads(body))
        except TooLargeError:
            return Response(status_code=413)
        except SignatureRefusedError:
            return Response(status_code=401)
        except (ValueError, KeyError, TypeError, RecursionError):
            return Response(status_code=400)

    def _take(self, webhook_id: str, event: Any) -> Response:
        """Remember what a task's event says, on disk before we answer. Other events need no more than the 204."""
        kind, data = event["type"], event["data"]
        if kind == "endpoint.challenge":
            return JSONResponse({"challenge": data["challenge"]})
        if kind in ("task.created", "task.cancelled") and self._failures_left > 0:
            self._failures_left -= 1
            return Response(status_code=503)
        if kind == "task.created" and self._store.note(webhook_id, data["task_id"]):
            self._worker.wake()
        if kind == "task.cancelled":
            self._store.drop(data["task_id"])
        return Response(status_code=204)

    async def healthz(self, _: Request) -> Response:
        """Tell that the receiver answers and how much is open."""
        return JSONResponse({"status": "ok", "open": len(self._store.open_tasks)})


def build(receiver: Receiver, worker: Worker) -> Starlette:
    """Return the server, with the work going on behind its door."""

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        working = asyncio.create_task(worker.run())
        working.add_done_callback(_end_with)
        yield
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working

    routes = [Route("/", receiver.receive, methods=["POST"]), Route("/healthz", receiver.healthz)]
    return Starlette(routes=routes, lifespan=life)


def _end_with(working: asyncio.Task[None]) -> None:
    """End the whole program with its worker: a receiver that takes tasks and works on none would look healthy."""
    if not working.cancelled():
        traceback.print_exception(working.exception())
        signal.raise_signal(signal.SIGTERM)
