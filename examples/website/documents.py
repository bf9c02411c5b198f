"""Files of the desk on their way to the browser."""

from fastapi import Response

from examples.client import Document

THEIR_PAGES = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox"


def as_file(document: Document) -> Response:
    """Return a document as a download."""
    named = {"Content-Disposition": f'attachment; filename="{document.filename}"'}
    return Response(document.content, media_type=document.content_type, headers=named)
