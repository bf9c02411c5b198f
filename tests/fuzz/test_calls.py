"""The contract under schemathesis as long as it is let: every operation by itself, then calls that follow on others.

The short form, always the same, is tests/api/test_schemathesis.py; here no two runs are alike. What fails says how to
repeat it.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
import requests
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import ensure_resource_availability, unsupported_method, use_after_free

from tests.api.test_schemathesis import (  # noqa: F401 - fixtures
    CHECKS,
    DOCUMENT,
    OPERATIONS,
    World,
    codes,
    data,
    misfits,
    schema,
    world,
)

SECONDS = float(os.environ.get("FUZZ_SECONDS", "600"))
SHARE = 1 / 4
"""The other half is for the lives."""
ROUGH: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
FOLLOWING = [*CHECKS, use_after_free, ensure_resource_availability, unsupported_method]
seen: Counter[str] = Counter()


def call(at: World, case: Case, role: str, session: requests.Session, checks: list[Any]) -> requests.Response:
    """One call as somebody, judged."""
    own = {name.lower() for name in case.headers or ()}
    caller = at.caller(role, case.operation.definition.raw["operationId"]).items()
    headers = {name: value for name, value in caller if name.lower() not in own}
    reply = case.call(base_url=at.url, session=session, headers=headers)
    case.validate_response(reply, checks=checks)
    if reply.status_code >= 400:
        assert reply.json()["code"] in codes(case.operation.definition.raw, reply.status_code)
    seen[f"{reply.status_code // 100}xx"] += 1
    return reply


def test_every_operation_for_a_while(world: World, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    ends, rounds = time.monotonic() + SECONDS * SHARE, 0
    while time.monotonic() < ends:
        method, path, _ = random.choice(OPERATIONS)
        operation = DOCUMENT["paths"][path][method]
        mode = random.choice(list(GenerationMode))
        if mode is GenerationMode.NEGATIVE and not misfits(operation):
            continue
        known = {name: value for name, value in world.ids.items() if f"{{{name}}}" in path}
        fixed = {"path_parameters": known} if known and mode is GenerationMode.POSITIVE else {}
        role = random.choice(sorted(world.headers))
        with requests.Session() as session:
            strategy = schema[path][method].as_strategy(generation_mode=mode, **fixed)
            attempt = seed(random.getrandbits(32))(settings(max_examples=10, **ROUGH)(_attempt(world, role, session)))
            given(strategy)(attempt)()
        rounds += 1
    with capsys.disabled():
        print(f"\n{rounds} operations, calls answered {dict(sorted(seen.items()))}")
    assert seen.total() > rounds


def _attempt(at: World, role: str, session: requests.Session) -> Callable[[Case], None]:
    def attempt(case: Case) -> None:
        call(at, case, role, session, CHECKS)

    return attempt


class Chains(schema.as_state_machine()):  # type: ignore[misc]
    """Calls that take what an earlier answer gave."""

    world: ClassVar[World]

    def call(self, case: Case, **_: Any) -> Any:
        """As somebody whom the operation is for."""
        let_in = case.operation.definition.raw.get("x-roles", ["anonymous"])
        with requests.Session() as session:
            return call(self.world, case, random.choice(let_in), session, FOLLOWING)

    def validate_response(self, response: Any, case: Case, *_: Any, **__: Any) -> None:
        """It was judged where it was called."""


def test_calls_that_follow_for_a_while(world: World, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    Chains.world, ends, chains = world, time.monotonic() + SECONDS * SHARE, 0
    seen.clear()
    while time.monotonic() < ends:
        Chains.run(settings=settings(max_examples=5, stateful_step_count=12, **ROUGH))
        chains += 5
    with capsys.disabled():
        print(f"\n{chains} chains, calls answered {dict(sorted(seen.items()))}")
    assert seen["2xx"]
