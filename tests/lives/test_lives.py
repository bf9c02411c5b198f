"""A state machine over the whole API: filed, proved, decided, done, stopped, objected to, in any order, with deaths.

Each rule calls the desk as somebody would and says beside it, in the model, what must come of it; after each step the
desk is compared with the model, and at the end of each life every promise (P1 to P12) is looked at. `make test` lives a
few short lives, always the same; `make fuzz` lives long ones, with workers killed as processes.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app import db
from tests.api.days import sweep
from tests.api.papers import scan
from tests.house import ADDRESS, ONLINE_MALL, Holder, bearer, key
from tests.invariants import look
from tests.lives import calls
from tests.lives.model import Case
from tests.lives.stage import FAMILY_NAMES, Stage, person

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0")) / 2
"""For how long lives are lived; without it a few, always the same."""
LONG = SECONDS > 0
SHORT: dict[str, Any] = {"max_examples": 4, "stateful_step_count": 14, "derandomize": True}
OFTEN: dict[str, Any] = {"max_examples": 3, "stateful_step_count": 40}
# What fails is not made shorter afterwards: that would take longer than all the rest.
ROUGH: dict[str, Any] = {
    "deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "phases": (Phase.generate,),
}  # fmt: skip
DELETION = {"right": "deletion", "categories": ["online_mall"]}
CLAIMS = {"access": ONLINE_MALL, "correction": ADDRESS, "deletion": DELETION}
STOP = re.compile(r"(?<![a-z0-9])[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}(?![a-z0-9])")
PLACES = st.integers(0, 2 * len(FAMILY_NAMES) - 1)


def code_of(reply: httpx.Response) -> str:
    return "" if reply.is_success else str(reply.json()["code"])


class Act(NamedTuple):
    """Something that may be done: how often beside the others, when, and with what."""

    name: str
    often: int
    when: Callable[["Lives"], Any]
    chosen: st.SearchStrategy[dict[str, Any]]


ACTS: list[Act] = []
METHOD = TypeVar("METHOD", bound=Callable[..., None])


def act(
    often: int = 1, /, when: Callable[["Lives"], Any] = lambda lives: lives.cases, **chosen: st.SearchStrategy[Any]
) -> Callable[[METHOD], METHOD]:
    """A thing to do. Not a rule of its own: of many rules hypothesis leaves half out of each short life."""

    def named(method: METHOD) -> METHOD:
        ACTS.append(Act(method.__name__, often, when, st.fixed_dictionaries(chosen)))
        return method

    return named


class Lives(RuleBasedStateMachine):
    """The people and machines around a desk, and what they know."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.house = self.stage.new_life()
        self.cases: dict[int, Case] = {}
        self.mall: Holder = self.run(self.house.system())
        for place, right in enumerate(sorted(CLAIMS)):
            self.file(right)
            self._answer(self.cases[place], True)

    def run(self, doing: Any) -> Any:
        return self.stage.run(doing)

    @rule(chance=st.data())
    def live(self, chance: st.DataObject) -> None:
        """One of the things that may be done now."""
        possible = [one for one in ACTS if one.when(self) for _ in range(one.often)]
        chosen = chance.draw(st.sampled_from(possible), label="act")
        getattr(self, chosen.name)(**chance.draw(chosen.chosen, label=chosen.name))
        self.stage.done[chosen.name] += 1

    def _case(self, place: int, *likely: str) -> Case:
        """A case that there is; every other time one of these statuses, if there is one."""
        every = [case for _, case in sorted(self.cases.items())]
        fitting = [case for case in every if case.status in likely]
        chosen = fitting if fitting and place % 2 else every
        return chosen[place // 2 % len(chosen)]

    @act(2, when=lambda self: len(self.cases) < len(FAMILY_NAMES), right=st.sampled_from(sorted(CLAIMS)))
    def file(self, right: str) -> None:
        place = len(self.cases)
        subject = {name: value for name, value in person(place).items() if name != "email"}
        filed = self.run(self.house.file(CLAIMS[right], subject=subject, notify_by="sms"))
        self.cases[place] = Case(place, right, filed)

    @act(
        5,
        when=lambda self: self.alive and any(case.status == "received" for case in self.cases.values()),
        place=PLACES,
        right_code=st.sampled_from([True, True, True, False]),
    )
    def prove(self, place: int, right_code: bool) -> None:
        case = self._case(place, "received")
        if case.status == "received" and case.asked < 3:
            self._answer(case, right_code)

    def _answer(self, case: Case, right_code: bool) -> None:
        case.asked += 1
        reply = self.run(calls.prove(self.house, case, right_code))
        if not right_code:
            assert (reply.status_code, code_of(reply)) == (422, "verification.failed")
            return
        assert reply.status_code == 200, reply.text
        case.become("verified")
        self._worked()
        heard = [one["text"] for one in self.house.sent("mail") if one["to"] == person(case.place)["email"]]
        codes = [code for text in heard for code in STOP.findall(text)]
        case.code = codes[-1] if codes else None

    @act(3, place=PLACES)
    def decide(self, place: int) -> None:
        case = self._case(place, "verified")
        body = {"outcome": "partial", "reason": "법에 따라 보존합니다."} if case.takes_two else {"outcome": "approve"}
        reply = self.run(self.house.decide(case.claim_id, sub=f"officer-{case.round}", **body))
        refusal = case.refusal_of_a_decision()
        if refusal:
            assert (reply.status_code, code_of(reply)) == (409, refusal)
            return
        assert reply.status_code == 200, reply.text
        if reply.json()["decision"]["state"] == "proposed":
            case.proposed = True
        else:
            assert not case.takes_two, "one person alone kept something from somebody"
            case.become("approved")

    @act(3, place=PLACES, agree=st.sampled_from([True, True, False]), same=st.sampled_from([False, False, True]))
    def approve(self, place: int, agree: bool, same: bool) -> None:
        case = self._case(place, "verified")
        sub = f"{'officer' if same else 'approver'}-{case.round}"
        note = {} if agree else {"note": "근거가 약합니다."}
        reply = self.run(self.house.approve(case.claim_id, sub=sub, agree=agree, **note))
        refusal = case.refusal_of_a_decision() or ("" if case.proposed else "approval.not_proposed")
        if refusal == "claim.not_assessed":
            refusal = "approval.not_proposed"
        if refusal:
            assert (reply.status_code, code_of(reply)) == (409, refusal)
        elif same:
            assert (reply.status_code, code_of(reply)) == (403, "approval.same_person")
        else:
            assert reply.status_code == 200, reply.text
            case.proposed = False
            if agree:
                case.become("approved")

    @act(place=PLACES)
    def decide_on_an_old_version(self, place: int) -> None:
        case = self._case(place, "verified")
        headers = {**self.house.auth("officer"), "If-Match": f'"v{case.version + 1}"'}
        path = f"/v1/claims/{case.claim_id}/decision"
        reply = self.run(self.house.api.put(path, json={"outcome": "approve"}, headers=headers))
        assert reply.status_code in (409, 412), reply.text

    @act(place=PLACES)
    def fetch(self, place: int) -> None:
        """The holder reads whom it is about, and does nothing yet."""
        case = self._case(place, "approved")
        for task in self.run(self.mall.tasks()):
            if task["claim_id"] == case.claim_id and self.run(self.mall.fetch(task["id"]))["subject"]:
                case.fetched = case.fetched or case.status == "approved"

    @act(2)
    def work(self) -> None:
        """The holder does all that it is given."""
        while self.run(self.mall.work()):
            pass
        for case in self.cases.values():
            if case.status == "approved" and not case.frozen:
                case.become("carried_out")
        self._worked()

    def _worked(self) -> None:
        """What a worker that lives has done: told what was carried out, granted what nobody contests."""
        for case in self.cases.values():
            if case.frozen or not self.alive:
                continue
            if case.status == "carried_out":
                case.become("closed")
            if case.status == "verified":
                case.assessed = True
                if case.the_machine_grants:
                    case.become("approved")

    @act(place=PLACES)
    def withdraw(self, place: int) -> None:
        case = self._case(place, "received", "verified", "approved")
        headers = bearer(case.filed["requester_token"])
        body = {"claim_ids": [case.claim_id]}
        reply = self.run(calls.post(self.house, f"/v1/requests/{case.id}/withdrawal", body, headers))
        if case.status == "withdrawn":
            assert reply.status_code in (200, 409)
        elif case.may_be_withdrawn:
            assert reply.status_code == 200, reply.text
            case.become("withdrawn")
        else:
            assert reply.status_code == 409, (reply.text, case)

    @act(2, place=PLACES)
    def object(self, place: int) -> None:
        case = self._case(place, "closed")
        headers = {**bearer(case.filed["requester_token"]), **key()}
        reply = self.run(
            calls.post(self.house, f"/v1/claims/{case.claim_id}/objections", {"reason": "다시 보세요."}, headers)
        )
        if case.status == "closed" and not case.frozen:
            assert reply.status_code == 201, reply.text
            case.objection = reply.json()["id"]
            case.become("objected")
        else:
            assert reply.status_code == 409, (reply.text, case)

    @act(
        4,
        when=lambda self: any(case.status == "objected" for case in self.cases.values()),
        place=PLACES,
        result=st.sampled_from(["confirmed", "overturned"]),
        took_part=st.booleans(),
    )
    def rule_on_an_objection(self, place: int, result: str, took_part: bool) -> None:
        case = self._case(place, "objected")
        if case.status != "objected":
            return
        part = took_part and case.takes_two
        reply = self.run(
            calls.rule_on_an_objection(self.house, case, result, f"approver-{case.round}" if part else "approver-9")
        )
        if part:
            assert (reply.status_code, code_of(reply)) == (403, "approval.same_person")
            return
        assert reply.status_code == 200, reply.text
        case.objection = None
        if result == "confirmed":
            case.become("closed")
        else:
            case.round, case.fetched, case.assessed = case.round + 1, False, False
            case.become("verified")
            self._worked()

    @act(place=PLACES)
    def freeze(self, place: int) -> None:
        """Somebody who heard of it says that it was not them."""
        case = self._case(place, "verified", "approved")
        if case.code is None or case.status not in ("verified", "approved"):
            return
        assert self.run(calls.post(self.house, "/v1/freezes", {"stop_code": case.code}, {})).status_code == 202
        case.frozen, case.code = True, None

    @act(
        3,
        when=lambda self: any(case.frozen for case in self.cases.values()),
        place=PLACES,
        result=st.sampled_from(["released", "void"]),
    )
    def rule_on_a_freeze(self, place: int, result: str) -> None:
        case = self._case(place, "verified", "approved")
        if not case.frozen or case.void:
            return
        reply = self.run(calls.rule_on_a_freeze(self.house, case, result))
        assert reply.status_code == 200, reply.text
        if result == "released":
            case.frozen = False
        else:  # it was nobody's of this person, and stays stopped for good
            case.void = True
            case.become("withdrawn")
        self._worked()

    @act(place=PLACES)
    def upload(self, place: int) -> None:
        case = self._case(place, "received", "verified")
        if case.papers == 1:
            return
        files = {"file": ("proof.png", scan(), "image/png")}
        headers = {**bearer(case.filed["requester_token"]), **key()}
        about = {"kind": "correction_proof", "party": "subject"}
        path = f"/v1/requests/{case.id}/evidence"
        reply = self.run(self.house.api.post(path, data=about, files=files, headers=headers))
        self.run(self.house.workshop.run())
        taken = case.status not in ("closed", "withdrawn")
        assert reply.status_code == (201 if taken else 409), (reply.text, case)
        case.papers += taken

    @property
    def alive(self) -> bool:
        return not self.house.workshop.dead  # type: ignore[attr-defined]

    @act(days=st.integers(1, 20))
    def tick(self, days: int) -> None:
        """Days pass for whoever looks at days: nothing is decided by that."""
        self.run(sweep(self.house.desk, db.now() + timedelta(days=days)))
        self.run(self.house.workshop.run())

    @act(when=lambda self: self.alive)
    def kill(self) -> None:
        """No worker lives: what is to follow waits."""
        self.house.workshop.dead = True  # type: ignore[attr-defined]

    @act(3, when=lambda self: not self.alive)
    def restart(self) -> None:
        """All processes are others: nothing was only in their memory."""
        self._restarted()
        self.run(self.house.workshop.run())
        self._worked()

    @act(when=lambda self: LONG and not self.alive, seconds=st.floats(1, 6))
    def kill_a_process(self, seconds: float) -> None:
        """A worker begins on what waits, and is killed in the middle of it."""
        self.stage.kill_a_worker(seconds)
        self.restart()

    def _restarted(self) -> None:
        self.house = self.stage.restart()
        self.mall = Holder(self.house, self.mall.registered)

    @invariant()
    def every_case_is_where_the_model_says(self) -> None:
        for case in self.cases.values():
            self.run(self._compare(case))

    async def _compare(self, case: Case) -> None:
        officer = self.house.auth("officer")
        seen = await self.house.api.get(f"/v1/claims/{case.claim_id}", headers=officer)
        claim, version = seen.json(), int(seen.headers["etag"].strip('"v'))
        assert claim["status"] == case.status, case
        assert version >= case.version, "a version that comes again"
        case.version = version
        whole = await self.house.look(case.filed)
        assert whole["frozen"] is case.frozen, case
        listed = await self.house.api.get(f"/v1/requests/{case.id}/notices", headers=officer)
        answers = [one for one in listed.json()["items"] if one["form"] in ("9", "10")]
        told = sum(status == "closed" for status in case.statuses)
        assert len(answers) <= case.statuses.count("carried_out"), "an answer before it was carried out"
        package = whole["claims"][0]["package"]
        released = bool(package and package["available"])
        assert not released or told, "something is open before it was answered"

    def teardown(self) -> None:
        """At rest again, every promise holds."""
        try:
            self._restarted()
            self.run(self.house.workshop.run())
            self._worked()
            self.work()
            self.every_case_is_where_the_model_says()
            names = [word for case in self.cases for word in person(case).values()]
            for case in self.cases.values():
                self.stage.done.update(f"{one} > {other}" for one, other in pairwise(case.statuses))
            found = look(self.house.desk.settings, self.house.desk.settings.database_url or "", canaries=names)
            assert found == []
        finally:
            self.stage.end_life()


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    found = Stage(database_url, tmp_path)
    yield found
    found.close()


@pytest.mark.slow
def test_whatever_people_do_the_desk_keeps_its_promises(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    Lives.stage = stage
    ends = time.monotonic() + SECONDS
    while True:
        run_state_machine_as_test(Lives, settings=settings(**ROUGH, **(OFTEN if LONG else SHORT)))
        if time.monotonic() >= ends:
            break
    with capsys.disabled():
        print(f"\n{stage.lives} lives, {dict(sorted(stage.done.items()))}" if LONG else "", end="")
    assert {"verified > approved", "carried_out > closed"} <= set(stage.done), "lives that come to nothing"
