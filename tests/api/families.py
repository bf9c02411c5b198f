"""Families of these tests, registers made up for one of them, and what somebody sees with every id taken out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from examples.common.files import WatchedFile
from examples.register.__main__ import build
from tests.api.acts import answer, ask
from tests.conftest import REGISTER_SECRET
from tests.house import House, bearer

# A child with two guardians on record; neither lives with the other.
GAON = {"name": "윤가온", "birth_date": "2017-03-15", "phone": "010-0000-4401"}
SEOJIN = {
    "name": "윤서진",
    "birth_date": "1984-04-04",
    "phone": "010-0000-4402",
    "email": "seojin@example.com",
    "relationship": "parent",
}
YURA = {
    "name": "한유라",
    "birth_date": "1986-06-06",
    "phone": "010-0000-4403",
    "email": "yura@example.com",
    "relationship": "parent",
}
# The register marks one of this child's two guardians: he is told nothing.
IDEUN = {"name": "서이든", "birth_date": "2018-03-03", "phone": "010-0000-4201"}
MARKED = {"name": "서지호", "birth_date": "1985-05-05", "phone": "010-0000-4202", "relationship": "parent"}
# Fifteen, with a telephone of his own.
EDEN = {"name": "강이든", "birth_date": "2011-06-15", "phone": "010-0000-5101", "email": "eden@example.com"}
TAEO = {"name": "강태오", "birth_date": "1979-09-09", "phone": "010-0000-5102", "relationship": "parent"}
_VARIES = re.compile(
    r"<svg.*?</svg>|감사기록 \d+번|(?:\d+\.)?[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[^\"]+"
    r"|(?<!\d)\d{3}-\d{4}-\d{4}(?!\d)|(?<!\d)\d{8}(?!\d)|eyJ[\w.-]+|[a-z2-9]{4}-[a-z2-9]{4}(?:-[a-z2-9]{4})?"
    r"|\"seq\": ?\d+",
    re.DOTALL,
)


def person(ref: str, name: str, born: str, *contacts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One entry of a register."""
    whole = {"subject_ref": ref, "account_id": None, "name": name, "birth_date": born, "contacts": list(contacts)}
    return {**whole, "guardians": [], "flags": [], **more}


def contact(value: str, *, holder: str = "subject", kind: str = "phone", **since: Any) -> dict[str, Any]:
    """A contact on record, old unless said otherwise."""
    return {"kind": kind, "value": value, "holder": holder, **(since or {"since": "2024-01-01"})}


def registered(*people: dict[str, Any]) -> pytest.MarkDecorator:
    """Run a test with `ledger` over a register that knows these people only."""
    return pytest.mark.parametrize("ledger", [people], indirect=True)


class Ledger:
    """A register that remembers what it was asked."""

    def __init__(self, folder: Path, *people: dict[str, Any]) -> None:
        data = folder / "people.json"
        data.write_text(json.dumps(people), encoding="utf-8")
        self._register = build(REGISTER_SECRET, WatchedFile(data))
        self.asked: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def heard() -> Any:
            message = await receive()
            if message.get("body"):
                self.asked.append(json.loads(message["body"]))
            return message

        await self._register(scope, heard, send)


def plain(whole: object, *words: str) -> str:
    """What was answered or sent, without what is one request's alone: ids, moments, codes, and these words."""
    written = whole if isinstance(whole, str) else json.dumps(whole, ensure_ascii=False, sort_keys=True)
    for word in words:
        written = written.replace(word, "…")
    return _VARIES.sub("*", written)


async def seen(house: House, filed: dict[str, Any], *words: str) -> list[str]:
    """Everything that who asks can see of the request."""
    as_person = bearer(filed["requester_token"])
    paths = ("", "/timeline", "/notices", "/evidence")
    pages = [(await house.api.get(f"/v1/requests/{filed['id']}{path}", headers=as_person)).text for path in paths]
    return [plain(page, *words) for page in (json.dumps(filed, ensure_ascii=False), *pages)]


async def relay(house: House, filed: dict[str, Any], party: str, headers: dict[str, str], method: str = "phone_code"):
    """Have a code sent and answer it as somebody else, who heard it from its owner."""
    asked = await ask(house, filed, method, headers=headers, party=party)
    assert asked.status_code == 202, asked.text
    code = house.last_code("sms" if method == "phone_code" else "mail")
    return await answer(house, filed, asked.json()["id"], headers=headers, code=code)
