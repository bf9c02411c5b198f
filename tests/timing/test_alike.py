"""Whether the time of an answer tells what its words do not: a foreign id against one of nothing (`make timing`).

The two are asked in turns that a coin decides, so that whatever else the machine does falls on both alike. A stranger
who guesses from one answer which it was must be right about as often as a coin is. That the two cost the same
statements is a test of every run (tests/api/test_foreign.py, test_authorization.py); here the whole of it is timed.
"""

import os
import random
import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app import db
from tests.api import test_authorization as matrix
from tests.house import House, bearer, key

ROUNDS = int(os.environ.get("ROUNDS", "500"))
MEDIANS_APART_MS = 5.0
GUESS_BETTER_BY = 0.08
"""Better than a coin: more than four standard errors at 500 rounds, so that chance alone does not get there."""
ROUTES = (
    ("requester", "GET", "/v1/requests/{request_id}"),
    ("requester", "GET", "/v1/requests/{request_id}/timeline"),
    ("requester", "GET", "/v1/requests/{request_id}/notices"),
    ("requester", "POST", "/v1/claims/{claim_id}/package"),
    ("requester", "POST", "/v1/notices/{notice_id}/document"),
    ("call_center", "GET", "/v1/requests/{request_id}"),
    ("clerk", "GET", "/v1/requests/{request_id}/timeline"),
    ("system", "GET", "/v1/tasks/{task_id}"),
)


@pytest.fixture
def chance() -> random.Random:
    """The coin; the same throws every time."""
    return random.Random(20261129)


async def asked(house: House, role: str, method: str, path: str, ids: dict[str, str]) -> tuple[float, int, str]:
    """Milliseconds, status and code of one call."""
    body: dict[str, Any] = {"json": {"grant": "noSuchGrant"}} if method == "POST" else {}
    headers = stranger(house, role) | (key() if method == "POST" else {})
    began = time.perf_counter()
    reply = await house.api.request(method, path.format(**ids), headers=headers, **body)
    return (time.perf_counter() - began) * 1_000, reply.status_code, reply.json()["code"]


_headers: dict[tuple[int, str], dict[str, str]] = {}


def stranger(house: House, role: str) -> dict[str, str]:
    """A stranger of this role, the same for all rounds."""
    return _headers.setdefault((id(house), role), matrix.auth(house, role))


def guessed(one: list[float], other: list[float]) -> float:
    """How often a call of the one kind takes longer than one of the other (Mann-Whitney's U, as a share)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place for place, (_, which) in enumerate(ranked, start=1) if which == 0)
    return (ranks - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))


@pytest.mark.parametrize(("role", "method", "path"), ROUTES, ids=lambda part: part.strip("/").replace("/", "."))
async def test_the_time_of_an_answer_does_not_tell_whose_it_is(
    house: House, chance: random.Random, role: str, method: str, path: str
) -> None:
    theirs = await matrix.case(house)
    took: dict[str, list[float]] = {"foreign": [], "unknown": []}
    said = set()
    for which in turns(chance):
        ids = theirs.ids if which == "foreign" else matrix.unknown_ids()
        took_ms, *answer = await asked(house, role, method, path, ids)
        took[which].append(took_ms)
        said.add(tuple(answer))
    assert len(said) == 1 and next(iter(said))[0] == 404, said
    medians = {which: statistics.median(times) for which, times in took.items()}
    share = guessed(took["foreign"], took["unknown"])
    print(f"\n{role} {method} {path}: medians {medians} ms, a guess is right {share:.3f}")
    assert abs(medians["foreign"] - medians["unknown"]) < MEDIANS_APART_MS, medians
    assert abs(share - 0.5) < GUESS_BETTER_BY, share


def turns(chance: random.Random) -> Iterator[str]:
    """So many of each, two by two in an order that the coin decides."""
    for _ in range(ROUNDS):
        yield from chance.sample(("foreign", "unknown"), 2)


async def test_a_difference_would_be_found(house: House, chance: random.Random) -> None:
    """What is refused at the door is quicker than what is looked for: the same measure has to see that."""
    theirs = await matrix.case(house)
    person = bearer(house.token("requester", str(db.new_id()), rid=str(db.new_id())))
    took: dict[str, list[float]] = {"foreign": [], "unknown": []}
    for which in turns(chance):
        path = "/v1/requests/{request_id}" if which == "foreign" else "/v1/requests/nonsense"
        began = time.perf_counter()
        await house.api.get(path.format(**theirs.ids), headers=person if which == "foreign" else {})
        took[which].append((time.perf_counter() - began) * 1_000)
    assert guessed(took["foreign"], took["unknown"]) > 0.5 + GUESS_BETTER_BY
