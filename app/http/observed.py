"""Counts and logs every answer by route, status and time: never by path, body, header or person."""

import time
from functools import cache
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.problems import request_id

ANSWERS = Counter("desk_http_answers_total", "Answers by operation and status", ("operation", "status"))
SECONDS = Histogram(
    "desk_http_seconds",
    "Time to the last byte by operation",
    ("operation",),
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
UNSAID = "check_processing"
"""Asked before every use of data: a line for each good answer would only say again what its access-log row says."""
_log = structlog.get_logger("rights_desk.http")


class Observed:
    """Inside the door, around the routes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Time one request and count its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self._told(scope, status, time.perf_counter() - began)

    def _told(self, scope: Scope, status: int, seconds: float) -> None:
        route: Any = scope.get("route")
        operation = getattr(route, "operation_id", None) or "none"
        count(operation, status, seconds)
        if operation == UNSAID and status == 200:
            return
        _log.info(
            "answered",
            operation=operation,
            method=scope["method"],
            status=status,
            ms=round(seconds * 1000, 1),
            trace=request_id(scope),
        )


def count(operation: str, status: int, seconds: float) -> None:
    """Count one answer and the time it took."""
    answers, took = _counters(operation, status)
    answers.inc()
    took.observe(seconds)


@cache
def _counters(operation: str, status: int) -> tuple[Counter, Histogram]:
    return ANSWERS.labels(operation, str(status)), SECONDS.labels(operation)
