"""The route of this service: reads the body strictly, and only complains after it is known who calls."""

from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.errors import Malformed, Problem
from app.http.body import read_json

UNREADABLE: Final = object()
"""What `json()` gives for a body that cannot be read: it fits no model, and not by its attributes either."""


def _readable(content_type: str | None) -> bool:
    message = Message()
    message["content-type"] = content_type or ""
    charset = message.get_param("charset", "utf-8")
    return message.get_content_type() == "application/json" and str(charset).lower() in ("utf-8", "utf8", "us-ascii")


class DeskRequest(Request):
    """A request whose unreadable body is a value: the problem waits in `state.unreadable` until the caller is known."""

    async def json(self) -> Any:
        """The body, or UNREADABLE."""
        raw = await self.body()
        try:
            if not _readable(self.headers.get("content-type")):
                raise Malformed("request.media_type")
            return read_json(raw)
        except Problem as problem:
            self.state.unreadable = problem
            return UNREADABLE


class DeskRoute(APIRoute):
    """Use as `APIRouter(route_class=DeskRoute)`.

    FastAPI reads the body before it solves dependencies, so a parser that raised would tell a stranger about his
    JSON before asking who he is. Here the model refuses UNREADABLE after the dependencies (the principal) have run.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler, given our request."""
        usual = super().get_route_handler()

        async def handler(request: Request) -> Response:
            return await usual(DeskRequest(request.scope, request.receive))

        return handler
