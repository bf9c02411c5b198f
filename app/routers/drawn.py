"""How a document that people read goes out: as PDF, or as a page where the caller's Accept asks for one."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Header, Query, Response

Accept = Annotated[str | None, Header(max_length=1_000)]
Language = Annotated[Literal["ko", "en"], Query(description="en: in English, beside the Korean of the form")]


def is_large(
    wanted: Annotated[
        Literal["normal", "large"], Query(alias="print", description="large: no letter below 16 points")
    ] = "normal",
) -> bool:
    """Whether large print is asked for."""
    return wanted == "large"


Large = Annotated[bool, Depends(is_large)]
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document",
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}
PRINT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The pages to be printed",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def wants_html(accept: str | None) -> bool:
    """Whether a page is asked for; a PDF where both or neither is named."""
    wanted = accept or ""
    return "text/html" in wanted and "application/pdf" not in wanted


def document(content: bytes, *, html: bool, name: str) -> Response:
    """A document about somebody: kept by nobody on the way."""
    headers = {"Cache-Control": "no-store"}
    if html:
        headers["Content-Security-Policy"] = PAGE_POLICY
        return Response(content, media_type="text/html; charset=utf-8", headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return Response(content, media_type="application/pdf", headers=headers)
