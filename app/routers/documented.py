"""How problems are told in the contract: every status an operation may answer with, once."""

from typing import Any

from pydantic import BaseModel

_MEANS = {
    400: "Malformed, or a header that is required is missing.",
    401: "No token, or none that is believed.",
    403: "The role has no such function.",
    404: "Unknown; a foreign id answers the same.",
    409: "The state does not allow it.",
    412: "Another version than the present one is named in If-Match.",
    415: "Another media type than the one this operation reads.",
    422: "Readable, but not what the contract asks for.",
    428: "If-Match is missing.",
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


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation that may answer with these problems."""
    schema = {"$ref": "#/components/schemas/ProblemOut"}
    return {
        status: {
            "model": ProblemOut,
            "description": _MEANS[status],
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status in statuses
    }
