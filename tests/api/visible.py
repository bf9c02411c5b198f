"""Which fields of which answer each principal sees: tests/visible.csv says it, the walk past every operation shows it.

A cell says `whole`, `masked` (some sign of it is a star) or nothing. A field that the table does not name, or that
somebody sees who should not, is a difference. `WRITE_EXAMPLES=1` with the walk writes the table anew: each line that
it changes is then to be read as what it is, somebody who now sees something.
"""

import base64
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "visible.csv"
PRINCIPALS = (
    "requester", "delegate", "call_center", "clerk", "officer", "approver", "system", "auditor", "admin",
)  # fmt: skip
STAFF = ("officer", "approver", "auditor", "admin")
Fields = dict[tuple[str, str], dict[str, str]]
"""By operation and field: how each principal sees it."""


class Seen:
    """What everybody saw so far."""

    def __init__(self) -> None:
        self.fields: Fields = {}

    def add(self, operation_id: str, principal: str, answer: Any) -> None:
        """This principal got this answer."""
        for field, value in _values(answer, ""):
            cells = self.fields.setdefault((operation_id, field), {})
            masked = isinstance(value, str) and "*" in value
            cells[principal] = "masked" if masked or cells.get(principal) == "masked" else "whole"


def principal_of(headers: dict[str, str]) -> str:
    """Who comes with these headers; of the parties to a request the one who asks for another is the delegate."""
    claims = headers["Authorization"].split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    role: str = said["role"]
    return "delegate" if role == "requester" and said.get("party") == "requester" else role


def table() -> Fields:
    """The table as it is written."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row.pop("operation"), row.pop("field")): {name: cell for name, cell in row.items() if cell}
            for row in csv.DictReader(file)
        }


def write(fields: Fields) -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("operation", "field", *PRINCIPALS))
        for (operation_id, field), cells in sorted(fields.items()):
            lines.writerow((operation_id, field, *(cells.get(one, "") for one in PRINCIPALS)))


def _values(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    """Every field with what stands in it; the places of a list are one."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, f"{at}/*")
        if not value:
            yield at, None
    else:
        yield at, value
