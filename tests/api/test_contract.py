"""The contract: complete, fresh, valid; and its examples are what the service takes and answers.

`WRITE_EXAMPLES=1 pytest tests/api/test_contract.py -k walk` takes the answers of the walk over as the new examples.
"""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeGuard

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import contract, main
from app.contract.operations import MEANS
from app.http.catalogue import catalogue
from app.services import remains
from tests.api import visible
from tests.api.acts import one, rows
from tests.api.everybody import look_at_their_own
from tests.api.sealed import UNFILLED, columns, opens_at_home_only
from tests.api.shelter import sheltered
from tests.api.shredding import left
from tests.api.walk import WRITES, Contract, Walk, destroy_all, keep, walk
from tests.house import House

DOCUMENT = contract.document(main.bare(docs=True))
OPERATIONS = Contract(DOCUMENT).operations


def test_the_committed_file_is_fresh() -> None:
    assert contract.is_fresh(main.bare(docs=True)), "run make openapi"


def test_the_contract_is_valid_openapi() -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_nothing_of_the_framework_is_left() -> None:
    assert not {"HTTPValidationError", "ValidationError"} & set(DOCUMENT["components"]["schemas"])
    used = set(re.findall(r'"#/components/schemas/(\w+)"', contract.text(main.bare(docs=True))))
    assert set(DOCUMENT["components"]["schemas"]) == used


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_is_complete(operation_id: str) -> None:
    _, path, operation = OPERATIONS[operation_id]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation_id)
    assert operation["summary"] and len(operation["summary"]) <= 60 and not operation["summary"].endswith(".")
    assert len(operation["description"]) > 15
    assert len(operation["tags"]) == 1
    assert ("x-roles" in operation) == (operation["security"] == [{"bearer": []}])
    names = {one.get("name") or one["$ref"].rpartition("/")[2] for one in operation["parameters"]}
    assert "AcceptLanguage" in names and set(re.findall(r"\{(\w+)\}", path)) <= names
    for content in operation.get("requestBody", {}).get("content", {}).values():
        assert "example" in content
    for status, answer in operation["responses"].items():
        answer = DOCUMENT["components"]["responses"].get(answer.get("$ref", "").rpartition("/")[2], answer)
        if int(status) < 400:
            if "application/json" in answer.get("content", {}):
                assert set(answer["content"]["application/json"]["schema"]) == {"$ref"}
                assert "example" in answer["content"]["application/json"]
            continue
        assert int(status) in MEANS
        assert list(answer["content"]) == ["application/problem+json"]
        assert answer["x-codes"] and {catalogue()[code].status for code in answer["x-codes"]} == {int(status)}
    if "x-roles" in operation:
        assert {"401", "403"} <= set(operation["responses"])
    if "{" in path:
        assert "404" in operation["responses"]


def test_every_shape_says_what_it_is() -> None:
    nameless = [
        name
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if schema.get("type") == "object" and not schema.get("description")
    ]
    assert nameless == []


SENT_AS = {"event": 1, "deliver": 2}
"""Which argument of these functions of the outbox is the type of an event."""


def _sent_by(source: str) -> set[str]:
    """The types of the events that a module makes: handed to the outbox, or written out with a type."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            place = SENT_AS.get(name, len(node.args))
            found |= {one.value for one in node.args[place : place + 1] if isinstance(one, ast.Constant)}
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found |= {two.value for one, two in pairs if getattr(one, "value", None) == "type" and _is_text(two)}
    return {one for one in found if isinstance(one, str) and re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", one)}


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_the_contract_has_every_event_that_the_code_can_send_and_no_other() -> None:
    services = (Path(main.__file__).parent / "services").rglob("*.py")
    assert set().union(*(_sent_by(one.read_text(encoding="utf-8")) for one in services)) == set(DOCUMENT["webhooks"])
    assert _sent_by('outbox.event(session, "task.late", task); {"type": "endpoint.off"}') == {
        "task.late",
        "endpoint.off",
    }


def test_webhooks_have_headers_bodies_and_examples() -> None:
    checked = Contract(DOCUMENT)
    for kind in DOCUMENT["webhooks"]:
        operation = DOCUMENT["webhooks"][kind]["post"]
        sent = {"webhook-id", "webhook-timestamp", "webhook-signature"}
        assert {one["name"] for one in operation["parameters"]} == sent
        content = operation["requestBody"]["content"]["application/json"]
        checked.check(content["schema"], content["example"])
        assert content["example"]["type"] == kind


async def test_the_walk_past_every_operation_is_as_the_contract_says(
    house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    tour = Walk(house, Contract(DOCUMENT))
    await walk(tour)
    await look_at_their_own(tour)
    if not WRITES:
        # By now every table has something in it: what is sealed there opens in its own place and in no other.
        await opens_at_home_only(house.desk, *(columns() - UNFILLED))
    await destroy_all(tour)
    assert set(tour.answers) == set(OPERATIONS)
    if WRITES:
        keep(tour)
        visible.write(tour.seen.fields)
    else:
        assert visible.table() == tour.seen.fields, "who sees what is another than tests/visible.csv says"
    await _nothing_is_left(tour, "".join(capfd.readouterr()))


def test_whoever_is_let_in_to_look_has_their_fields_in_the_table() -> None:
    seen: dict[str, set[str]] = {}
    for (operation_id, _), cells in visible.table().items():
        assert set(cells) <= set(visible.PRINCIPALS) and set(cells.values()) <= {"whole", "masked"}
        seen.setdefault(operation_id, set()).update(set(cells) - {"delegate"})
    looks = {
        operation_id: set(operation["x-roles"])
        for operation_id, (method, _, operation) in OPERATIONS.items()
        if method == "get"
        and "x-roles" in operation
        and "application/json" in operation["responses"]["200"].get("content", {})
    }
    assert seen == looks


async def _nothing_is_left(tour: Walk, logged: str) -> None:
    """At the end of the walk all of it was destroyed: no word, no hash and no sealed value stands anywhere (P9)."""
    desk, planted = tour.house.desk, tour.planted
    assert planted is not None
    unused = {column for column, words in planted.by_column.items() if not words}
    assert unused == set()
    assert len(planted.words) > 100 and len(planted.coded) > 200
    assert await left(desk, planted.words, planted.coded) == []
    assert "answered" in logged and not [word for word in planted.words if word in logged]
    tables_left = {table.name for table in remains.hanging() if await one(desk, f'SELECT count(*) FROM "{table.name}"')}
    assert tables_left <= {"message", "delivery", "delivery_attempt", "test_task"}
    assert await one(desk, "SELECT count(*) FROM message WHERE request_id IS NOT NULL") == 0
    assert await one(desk, "SELECT count(*) FROM delivery WHERE task_id IS NOT NULL") == 0
    [destroyed] = await rows(desk, "SELECT count(*) AS requests FROM destroyed_request WHERE destroyed_at IS NOT NULL")
    assert destroyed.requests > 10


class Outside(HTMLParser):
    """Gathers whatever a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "iframe", "img", "base", "form")
        self.found += [value or "" for name, value in attrs if name in ("src", "href")]


async def test_the_page_needs_nothing_from_outside(api: httpx.AsyncClient) -> None:
    reply = await api.get("/docs")
    assert reply.status_code == 200 and reply.headers["content-type"].startswith("text/html")
    sheltered(reply)
    page = Outside()
    page.feed(reply.text)
    assert all(one.startswith("/") for one in page.found)
    missing = [operation_id for operation_id in OPERATIONS if f'id="{operation_id}"' not in reply.text]
    assert missing == []


async def test_production_serves_no_contract_unless_it_is_asked_to() -> None:
    for docs in (True, False):
        transport = httpx.ASGITransport(main.bare(docs=docs))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as api:
            for path in ("/docs", "/openapi.json"):
                assert (await api.get(path)).status_code == (200 if docs else 404)
            for path in ("/redoc", "/docs/oauth2-redirect"):
                assert (await api.get(path)).status_code == 404


async def test_the_served_contract_is_the_committed_one(api: httpx.AsyncClient) -> None:
    served: dict[str, Any] = (await api.get("/openapi.json")).json()
    assert served == DOCUMENT
