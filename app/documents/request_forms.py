"""Form 8, drawn: one content, as accessible PDF and as a page (Decree 41(1), 48(1))."""

from datetime import date

from app.documents.request_form import RequestForm, content
from app.documents.request_page import request_page
from app.documents.typeset import typeset


def render_pdf(form: RequestForm, dated: date, *, large: bool = False) -> bytes:
    """The form as tagged PDF."""
    return typeset("request", content(form), dated, large=large)


def render_html(form: RequestForm, *, large: bool = False) -> str:
    """The same form as one page."""
    return request_page(content(form), large=large)
