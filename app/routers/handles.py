"""A person by the handles under which a system knows them; normalised as intake does, so that one gives one hash."""

from typing import Annotated

from pydantic import Field

from app import text
from app.http.body import Line, Wire


class SubjectHandle(Wire):
    """Who it is about, by one handle."""

    phone: Line | None = None
    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    customer_no: Line | None = None


def given(subject: SubjectHandle, at: str) -> list[tuple[str, str]]:
    """Each handle by kind and value; `at` is where the subject stands in what was sent (RFC 6901)."""
    found = {
        "phone": text.phone(subject.phone, pointer=f"{at}/phone") if subject.phone else None,
        "email": text.email(subject.email, pointer=f"{at}/email") if subject.email else None,
        "customer_no": subject.customer_no,
    }
    return [(kind, value) for kind, value in found.items() if value]
