"""How an operation says in the contract what it answers: problems by their codes, headers by their names."""

from typing import Any

from pydantic import BaseModel

from app.http.catalogue import catalogue

Responses = dict[int | str, dict[str, Any]]
_HEADERS = {
    "ETag": ("The version answered, to be named in If-Match or If-None-Match.", '"v3"'),
    "Location": ("The path of what was made.", "/v1/requests/0193a5b0-7c1e-7000-8000-0000000000a1"),
    "Cache-Control": ("How long the answer may be kept.", "public, max-age=300"),
}


class FaultOut(BaseModel):
    """One thing wrong in what was sent: where (RFC 6901) and its code."""

    pointer: str
    code: str
    detail: str


class ProblemOut(BaseModel):
    """A problem document (RFC 9457); `code` stands in the catalogue served at /problems."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    basis: str | None = None
    errors: list[FaultOut]


def problems(*codes: str) -> Responses:
    """The `responses` of an operation that may answer with these problems, beside those any operation may give.

    What follows from the parameters of an operation (caller, body, path, key, version) is added by the contract itself.
    """
    found: Responses = {}
    for code in codes:
        found.setdefault(catalogue()[code].status, {"model": ProblemOut, "x-codes": []})["x-codes"].append(code)
    return found


def headers(status: int, *names: str) -> Responses:
    """The `responses` of an operation whose answer with this status bears these headers."""
    told = {name: {"description": _HEADERS[name][0], "schema": {"type": "string"}} for name in names}
    for name in names:
        told[name]["example"] = _HEADERS[name][1]
    return {status: {"headers": told}}
