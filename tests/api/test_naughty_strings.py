"""Words that have broken other programs, in at every field and out again wherever words come out."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import contract, main
from app.models import Claim, Request
from app.services import keyring
from tests.api.acts import DELETION, refused
from tests.api.walk import Contract, Walk, walk
from tests.documents.reading import html_tags, html_text, pdf_text, squeezed
from tests.files.naughty import BROKEN, HIDDEN, PLAIN, every, kept
from tests.house import ADDRESS, GILDONG, House, key

[CHANGE] = ADDRESS["changes"]
MARK = "쪽지표"
"""Begins what was written on the walk, so that it is found again."""


def chunks(words: list[str], most: int = 1_900) -> Iterator[str]:
    """All of these words, as few texts as hold them."""
    text = ""
    for word in words:
        if len(text) + len(word) > most:
            yield text
            text = ""
        text += f"{word}\n"
    yield text


def correcting(*words: str) -> dict[str, Any]:
    return {"right": "correction", "changes": [CHANGE | {"corrected": word} for word in words]}


async def post(house: House, *claims: dict[str, Any]) -> httpx.Response:
    body = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": list(claims)}
    return await house.api.post("/v1/requests", json=body, headers={**house.auth("website"), **key()})


async def stored(house: House, filed: dict[str, Any]) -> list[dict[str, Any]]:
    """What is kept of each claim beside its scope, opened."""
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, UUID(filed["id"]))
        found = [await session.get_one(Claim, UUID(one["id"])) for one in filed["claims"]]
        return [keyring.unseal(session, request, "claim.detail", one.id, one.detail_ct) for one in found]


async def test_every_field_for_words_keeps_them_as_they_are_or_says_why_not(house: House) -> None:
    lines, words = every(PLAIN), list(chunks(every(PLAIN) + every(HIDDEN)))
    asked = [correcting(*lines[at : at + 50]) for at in range(0, len(lines), 50)]
    reply = await post(house, *asked, *({**DELETION, "reason": text} for text in words))
    assert reply.status_code == 201, reply.text
    filed = reply.json()
    details = await stored(house, filed)
    changes = [one["corrected"] for detail in details for one in detail.get("changes", ())]
    assert changes == [kept(word) for word in lines]
    assert [detail["reason"] for detail in details[len(asked) :]] == [kept(text) for text in words]
    as_page = {**house.auth("officer"), "Accept": "text/html"}
    page = (await house.api.get(f"/v1/requests/{filed['id']}/form", headers=as_page)).text
    harmless(page)
    assert [word for word in lines if squeezed(kept(word)) not in html_text(page)] == []

    for hidden in every(HIDDEN):
        answer = await post(house, correcting(f"a{hidden}b"))
        assert answer.status_code == 422, ascii(hidden)
        assert refused(answer) == (422, "/claims/0/changes/0/corrected", "field.forbidden_character"), ascii(hidden)
    for broken in BROKEN:
        for claim, at in ((correcting(broken), "/changes/0/corrected"), ({**DELETION, "reason": broken}, "/reason")):
            answer = await post(house, claim)
            assert refused(answer) == (422, f"/claims/0{at}", "field.forbidden_character"), ascii(broken)


def harmless(page: str) -> None:
    """Nothing in this page acts, and nothing of it is from elsewhere; the square beside an anchor is drawn in it."""
    assert html_tags(page).isdisjoint({"script", "img", "iframe", "base", "object", "a", "textarea"})
    assert not re.search(r"<[^>]*\son[a-z]+\s*=|<svg/|<script|<!ENTITY", page)


OF_ONE_LINE = ("current", "corrected", "endpoint_url")
"""These are read further as what they are to be."""


class Rough(Walk):
    """The walk past every operation, with naughty words in every field that takes free ones."""

    def __init__(self, house: House, described: Contract) -> None:
        super().__init__(house, described)
        self.sent: dict[str, str] = {}
        self.pages: list[str] = []
        self.papers: list[bytes] = []
        self.told: list[Any] = []
        self._words = list(chunks(every(PLAIN), 400))
        for operation_id, (_, _, operation) in described.operations.items():
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                if kind == "application/json":
                    example = self.examples[operation_id]
                    example["request"] = self._roughened(content["schema"], example["request"])

    def _roughened(self, schema: dict[str, Any], value: Any) -> Any:
        shapes = list(self._shapes(schema))
        if any(_is_free(one) for one in shapes) and (value is None or isinstance(value, str)):
            return self._next()
        if isinstance(value, list):
            return [self._roughened(one["items"], each) for one in shapes if "items" in one for each in value]
        if isinstance(value, dict):
            [fitting] = [one for one in shapes if _fits(one, value)][:1] or [{}]
            fields = fitting.get("properties", {})
            return {
                name: each if name in OF_ONE_LINE else self._roughened(fields.get(name, {}), each)
                for name, each in value.items()
            }
        return value

    def _shapes(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        while "$ref" in schema:
            schema = self.contract.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        yield from (one for choice in choices for one in self._shapes(choice)) if choices else [schema]

    def _next(self) -> str:
        mark = f"{MARK}{len(self.sent):03d}"
        self.sent[mark] = f"{mark} {self._words[len(self.sent) % len(self._words)]}"
        return self.sent[mark]

    def _held_against(self, operation_id: str, operation: dict[str, Any], reply: httpx.Response) -> None:
        super()._held_against(operation_id, operation, reply)
        kind = reply.headers["content-type"].partition(";")[0]
        if kind == "text/html":
            self.pages.append(reply.text)
        elif kind == "application/pdf":
            self.papers.append(reply.content)
        elif kind == "application/json":
            self.told.append(reply.json())


def _is_free(schema: dict[str, Any]) -> bool:
    """Whether any words may stand here: free text is what may be two thousand characters of no pattern."""
    return schema.get("maxLength") == 2_000 and not {"pattern", "format", "enum"} & set(schema)


def _fits(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    fields = schema.get("properties", {})
    fixed = {name: one["const"] for name, one in fields.items() if "const" in one}
    return set(value) <= set(fields) and all(value.get(name) == one for name, one in fixed.items())


def words_in(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from words_in(inner)


async def test_what_was_written_is_harmless_wherever_it_comes_out(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    tour = Rough(house, Contract(contract.document(main.bare(docs=True))))
    await walk(tour)
    assert len(tour.sent) > 25, "fields for free words"
    back = {word for answer in tour.told for word in words_in(answer) if MARK in word}
    spoilt = [word for word in back if kept(tour.sent[MARK + word.partition(MARK)[2][:3]]) not in word]
    assert spoilt == [] and len(back) > 10, "equal, or not at all"
    shown = 0
    for page in tour.pages:
        harmless(page)
        told = html_text(page)
        marked = [mark for mark in tour.sent if mark in told]
        assert [mark for mark in marked if squeezed(kept(tour.sent[mark])) not in told] == []
        shown += len(marked)
    for paper in tour.papers:
        told = pdf_text(paper)
        shown += sum(mark in told for mark in tour.sent)
    assert shown > 3, "pages and papers with such words"
    for message in [*house.sent("mail"), *house.sent("sms")]:
        assert MARK not in str(message.get("subject")), "no words of anybody in what everybody can read"
        assert all("\n" not in str(message.get(name)) for name in ("subject", "to", "message_id"))
    assert not [record for record in caplog.records if MARK in record.getMessage()]
