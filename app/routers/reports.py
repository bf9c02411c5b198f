"""The report of a month, as JSON or as a table (E3)."""

import csv
import io
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.errors import NotFound
from app.http.auth import Roles
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law import deadline
from app.routers.documented import Responses, problems
from app.services import figures, reports
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["claims"], route_class=DeskRoute)
Month = Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Counts = dict[str, int]
_TABLE: Responses = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Received(BaseModel):
    """What arrived in the month."""

    requests: int
    claims: int
    by_right: Counts
    by_channel: Counts
    by_capacity: Counts


class Timely(BaseModel):
    """How many answers, on time and late."""

    total: int
    on_time: int
    late: int


class Decided(BaseModel):
    """How many one kind of decider answered, and how long half of them took from the verification at most."""

    total: int
    median_seconds: int | None


class Answered(Timely):
    """What was answered for the first time in its round."""

    late_by_cause: Counts
    by_right: dict[str, Timely]
    by_channel: dict[str, Timely]
    by_capacity: dict[str, Timely]
    by_outcome: Counts
    by_ground: Counts
    by_decider: dict[str, Decided]


class ObjectionFigures(BaseModel):
    """Objections filed in the month, and those that ended in it."""

    filed: Counts
    confirmed: int
    overturned: int
    dropped: int
    median_days: int | None
    late: int


class PostponementFigures(BaseModel):
    """Access put off and taken up again in the month."""

    begun: int
    resumed: int
    by_ground: Counts


class HolderFigures(BaseModel):
    """What fell due at one system in the month."""

    system: str
    due: int
    late: int
    silent: int


class ReportOut(BaseModel):
    """A month. Open at the start, received and reopened are answered, withdrawn, lapsed, or open at the end."""

    month: str
    complete: bool
    open_at_start: int
    received: Received
    reopened: int
    answered: Answered
    withdrawn: int
    lapsed: int
    open_at_end: int
    passed: dict[Literal["claim", "objection", "postponement", "follow_up"], Counts]
    objections: ObjectionFigures
    postponements: PostponementFigures
    holders: list[HolderFigures]


@router.get(
    "/reports/{month}",
    operation_id="get_report",
    summary="Read the report of a month",
    response_model=ReportOut,
    responses=_TABLE | problems("request.path_not_found"),
)
async def get_report(
    caller: Annotated[Principal, Depends(Roles("officer", "approver", "auditor"))],
    request: Request,
    session: Unit,
    month: Month,
) -> Response:
    """Figures without a person: by right, channel, capacity and ground; late, with causes; `Accept: text/csv` a table.

    Withdrawn and lapsed are counted where no answer came before. A month that has not begun is not found.
    """
    first, now = date.fromisoformat(f"{month}-01"), db.now()
    if first > deadline.seoul_date(now):
        raise NotFound("request.path_not_found")
    report = await reports.month(session, first, now=now)
    if "text/csv" not in request.headers.get("accept", ""):
        return JSONResponse(report)
    named = {"Content-Disposition": f'attachment; filename="report-{month}.csv"'}
    return Response(_table(report), media_type="text/csv; charset=utf-8", headers=named)


def _table(report: dict[str, Any]) -> str:
    """One figure a line, with a mark at the start by which office programs know the letters."""
    file = io.StringIO()
    file.write("\ufeff")
    lines = csv.writer(file)
    lines.writerow(("figure", "value"))
    lines.writerows((_harmless(name), "" if value is None else value) for name, value in figures.flat(report))
    return file.getvalue()


def _harmless(text: str) -> str:
    """Nothing that an office program would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
