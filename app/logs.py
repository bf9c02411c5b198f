"""Structured logs on stderr: events and ids, never contents."""

import logging
import sys
from typing import Any

import structlog

QUIET = ("uvicorn.access", "procrastinate", "aiohttp", "aiosmtplib", "asyncio", "alembic", "sqlalchemy")


def set_up(level: str, *, pretty: bool) -> None:
    """One line an event: JSON for machines, plain for a person at a terminal."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_contents,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    drawn = structlog.dev.ConsoleRenderer(colors=False) if pretty else structlog.processors.JSONRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, drawn],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.raiseExceptions = False
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _without_contents(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """An exception is named by its kind only: its message may quote a row or a body."""
    raised = event.pop("exc_info", None)
    if raised:
        kind = raised[0] if isinstance(raised, tuple) else type(sys.exc_info()[1] if raised is True else raised)
        event["error"] = getattr(kind, "__name__", str(kind))
    event.pop("stack_info", None)
    return event
