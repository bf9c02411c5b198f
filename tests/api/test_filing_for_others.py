"""A filing for somebody else: what is written where, what is looked at, and what is answered."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from app.crypto import CryptoError
from app.models import Request, Requester
from app.services import keyring
from tests.api.acts import (
    DELETION,
    FOR_CHILD,
    ON_MANDATE,
    one,
    post,
    refused,
    review,
    rows,
    tables,
)
from tests.api.years import today
from tests.house import (
    CHILD,
    DELEGATE,
    FATHER,
    GILDONG,
    MOTHER,
    ONLINE_MALL,
    House,
    bearer,
    signed_mandate,
)


def day(**ago: int) -> str:
    """A day so long ago, as written."""
    return (today() - timedelta(**ago)).isoformat()


async def test_who_asks_for_another_has_something_to_show_first(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, DELETION)
    assert {claim["status"] for claim in filed["claims"]} == {"awaiting_evidence"}
    [row] = await rows(house.desk, "SELECT * FROM requester")
    assert str(row.request_id) == filed["id"] and row.relationship == "parent"
    assert (row.proved, row.on_record, row.contacts) == ("none", False, ["phone", "email"])
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, row.request_id)
        requester = await session.get_one(Requester, row.request_id)
        assert keyring.details(session, requester) == {
            "name": "최보람",
            "birth_date": "1988-09-09",
            "phone": "+821000004002",
            "email": "boram@example.com",
            "relationship": None,
            "caller_number": None,
        }
        assert requester.key != request.key and request.capacity == "guardian" and request.contacts == ["phone"]
    assert await one(house.desk, "SELECT count(*) FROM mandate") == 0
    friend = await house.file_as_delegate()
    assert [claim["status"] for claim in friend["claims"]] == ["awaiting_evidence"]
    assert await one(house.desk, "SELECT count(*) FROM requester WHERE relationship IS NULL") == 1
    alone = await house.file()
    assert [claim["status"] for claim in alone["claims"]] == ["received"]
    assert await one(house.desk, "SELECT count(*) FROM requester") == 2


async def test_the_token_says_whose_it_is(house: House) -> None:
    filings = (await house.file(), await house.file_as_guardian(), await house.file_as_delegate())
    parties = []
    for filed in filings:
        body = filed["requester_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        assert claims["rid"] == filed["id"]
        parties.append(claims["party"])
        assert (await house.api.get(f"/v1/requests/{filed['id']}", headers=bearer(filed["requester_token"]))).is_success
    assert parties == ["subject", "requester", "requester"]


async def test_the_result_goes_where_it_can_go(house: House) -> None:
    """notify_by is checked against the contacts of who gets the result, and chosen from them where it is not said."""
    child = {"name": "최하늘", "birth_date": CHILD["birth_date"], "customer_no": "C-1033"}
    home = {"address": {"postal_code": "06236", "road_address": "서울특별시 강남구 새길 1"}}
    callable_only = {one: MOTHER[one] for one in ("name", "birth_date", "phone", "relationship")}
    guardian = {**FOR_CHILD, "subject": {**child, "email": "haneul@example.com"}, "requester": callable_only}
    friend = {"name": "도우미", "phone": "010-0000-5501"}
    mailed = {**ON_MANDATE, "subject": {"name": "홍길동", "email": "gildong@example.com"}, "requester": friend}
    to_friend = {**mailed, "mandate": signed_mandate(deliver_to="delegate")}
    for body, chosen, refuses in (
        (guardian, "sms", ("email", "post")),
        ({**guardian, "subject": {**child, **home}}, "sms", ("email",)),
        (mailed, "email", ("sms", "phone", "post")),
        (to_friend, "sms", ("email", "post")),
    ):
        for way in ("email", "sms", "phone", "post", "visit"):
            reply = await post(house, {**body, "notify_by": way})
            assert reply.status_code == (422 if way in refuses else 201), (body, way)
            if way in refuses:
                assert refused(reply)[1:] == ("/notify_by", "field.inconsistent")
        filed = (await post(house, body)).json()
        assert await one(house.desk, "SELECT notify_by FROM request WHERE id = :id", id=filed["id"]) == chosen


async def test_two_parents_of_one_child_do_not_repeat_each_other(house: House) -> None:
    seen = {}
    for name, filed in (
        ("mother", await house.file_as_guardian()),
        ("father", await house.file_as_guardian(requester=FATHER)),
        ("mother again", await house.file_as_guardian()),
        ("the child's office", await house.file(subject={**CHILD, "birth_date": None})),
        ("on a mandate", await house.file_as_delegate(subject=CHILD | {"birth_date": None}, requester=FATHER)),
        ("on the same again", await house.file_as_delegate(subject=CHILD | {"birth_date": None}, requester=FATHER)),
    ):
        seen[name] = (filed["id"], (await house.look(filed, "officer"))["duplicate_of"])
    linked = {name: of for name, (_, of) in seen.items() if of}
    assert linked == {"mother again": seen["mother"][0], "on the same again": seen["on a mandate"][0]}


async def test_a_guardian_below_nineteen_is_looked_at_and_not_refused(house: House) -> None:
    baby = {"name": "최아기", "birth_date": day(days=100), "phone": "010-0000-4101"}
    seventeen, nineteen = (today().replace(year=today().year - age, day=1) for age in (17, 19))
    for born, found in ((seventeen, ["guardian.minor"]), (nineteen, [])):
        filed = await house.file_as_guardian(subject=baby, requester={**MOTHER, "birth_date": born.isoformat()})
        assert await review(house, filed) == found
        assert "review" not in await house.look(filed)


async def test_who_types_in_their_own_request_is_looked_at(house: House) -> None:
    for name, found in (("도 우미", ["requester.filed_it"]), ("김점원", [])):
        body = {**ON_MANDATE, "channel": "store"}
        filed = (await post(house, body, "clerk", name=name)).json()
        assert await review(house, filed) == found
    body = {**FOR_CHILD, "channel": "phone"}
    filed = (await post(house, body, "call_center", name=MOTHER["name"])).json()
    assert await review(house, filed) == ["requester.filed_it"]


PEOPLE = [{"name": f"사람{last}", "phone": f"010-0000-77{place:02d}"} for place, last in enumerate("가나다라마바")]


async def test_one_delegate_for_many_is_looked_at_and_not_refused(house: House) -> None:
    most = house.desk.policy.settled.subjects_per_delegate_day
    for person in PEOPLE[:most]:
        for _ in range(2):
            assert await review(house, await house.file_as_delegate(subject=person)) == []
    before = await one(house.desk, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tell_officer'")
    # By another name and telephone, but the same mailbox written otherwise: it is the same delegate.
    other = {"name": "다른이", "phone": "010-0000-5599", "email": DELEGATE["email"].upper()}
    filed = await house.file_as_delegate(subject=PEOPLE[most], requester=other)
    assert await review(house, filed) == ["delegate.frequent"]
    jobs = await one(house.desk, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tell_officer'")
    assert jobs == before + 1
    stranger = {"name": "딴사람", "phone": "010-0000-5598"}
    assert await review(house, await house.file_as_delegate(subject=PEOPLE[most], requester=stranger)) == []
    # A guardian of many children is a parent; nobody counts them.
    for place in range(most + 2):
        child = {"name": f"최{'가나다라마바'[place]}", "birth_date": CHILD["birth_date"], "customer_no": f"C-{place}"}
        assert await review(house, await house.file_as_guardian(subject=child)) == []


async def test_one_caller_for_many_is_looked_at_and_not_refused(house: House) -> None:
    most = house.desk.policy.settled.subjects_per_delegate_day
    numbers = ("010-0000-8801", "+82 10 0000 8801", "01000008801", "010 0000 8801")
    found = []
    for person, number in zip(PEOPLE[: most + 1], numbers, strict=True):
        filed = await house.file(subject=person, role="call_center", caller_number=number)
        found.append(await review(house, filed))
    assert found == [[]] * most + [["caller.frequent"]]
    filed = await house.file(subject=PEOPLE[most], role="call_center", caller_number="내선 12")
    assert await review(house, filed) == []


SECRETS = ("황보소쩍", "quail.canary", "1064193728", "6419-3728", "1977-02-13", "두루미지기", "1055172839", "5517-2839")
CANARY = {
    "name": "황보소쩍",
    "birth_date": "1977-02-13",
    "phone": "010-6419-3728",
    "email": "quail.canary@example.com",
}


async def test_the_requester_is_nowhere_but_in_their_own_sealed_column(house: House) -> None:
    """Every table, and every sealed column of the request, opened; one key destroyed, and nothing of them is left."""
    called = {"channel": "phone", "caller_number": "010-5517-2839", "recording_ref": "rec-7"}
    for more in (
        {"capacity": "guardian", "subject": CHILD, "requester": {**CANARY, "relationship": "parent"}},
        {"capacity": "delegate", "requester": {**CANARY, "relationship": "두루미지기"}, "mandate": signed_mandate()},
    ):
        await house.file(ONLINE_MALL, {**DELETION, "reason": "그만"}, **more)
        filed = await house.file(role="call_center", **called, **more)
        assert not any(secret in str(filed) for secret in SECRETS)
        seen = await house.look(filed, "officer")
        assert seen["requester"]["caller_number"] == "010-5517-2839" and "caller_number" not in seen["references"]
        await house.file(role="clerk", **more)
    await house.workshop.run()
    async with house.desk.database.transaction() as session:
        for request_id, *_ in await rows(house.desk, "SELECT id FROM request"):
            request = await session.get_one(Request, request_id)
            requester = await session.get_one(Requester, request_id)
            assert keyring.details(session, requester)["name"] == "황보소쩍"
            assert request.references_ct is not None
            noted = keyring.unseal(session, request, "request.references", request.id, request.references_ct)
            opened = str((keyring.subject(session, request), noted))
            assert not any(secret in opened for secret in SECRETS), opened
            assert noted == ({"recording_ref": "rec-7"} if request.filer_role == "call_center" else {})
            with pytest.raises(CryptoError):
                keyring.unseal(session, request, "requester.details", request.id, requester.details_ct or b"")
    for table in await tables(house.desk):
        for (row,) in await rows(house.desk, f'SELECT to_jsonb(t)::text FROM "{table}" t'):
            assert not any(form in row for secret in SECRETS for form in _forms(secret)), table


def _forms(secret: str) -> tuple[str, ...]:
    """A text as a row of the database may show it: as it is, escaped, or as bytes."""
    return secret, json.dumps(secret)[1:-1], secret.encode().hex(), base64.b64encode(secret.encode()).decode()[:-4]


async def test_staff_find_the_subject_and_never_the_requester(house: House) -> None:
    await house.file_as_guardian()
    await house.file_as_delegate()
    for contact, found in (
        ({"phone": MOTHER["phone"]}, 0),
        ({"email": MOTHER["email"]}, 0),
        ({"phone": DELEGATE["phone"]}, 0),
        ({"phone": CHILD["phone"]}, 1),
        ({"email": GILDONG["email"]}, 1),
    ):
        reply = await house.api.post("/v1/request-searches", json=contact, headers=house.auth("officer"))
        assert len(reply.json()["items"]) == found, contact
    assert await one(house.desk, "SELECT count(*) FROM contact") == 3


def told(filed: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """The steps before the requester: what, who, by which methods or papers."""
    return [
        (
            one["step"],
            one["party"],
            one["methods"] if "methods" in one else [paper["kind"] for paper in one["documents"]],
        )
        for one in filed["next_steps"]
    ]


@pytest.mark.parametrize(
    ("relationship", "papers"),
    [
        ("parent", ["basic_certificate", "family_relation_certificate"]),
        ("adoptive_parent", ["basic_certificate", "adoption_certificate"]),
        ("appointed_guardian", ["basic_certificate"]),
        ("adult_guardian", ["guardianship_certificate"]),
    ],
)
async def test_a_guardian_is_told_what_to_show(house: House, relationship: str, papers: list[str]) -> None:
    ward = {"name": "최어르신", "birth_date": "1950-01-01", "phone": "010-0000-4109"}
    subject = ward if relationship == "adult_guardian" else CHILD
    filed = await house.file_as_guardian(DELETION, subject=subject, requester={**MOTHER, "relationship": relationship})
    assert told(filed) == [
        # By her own mail she is reached for every right: that she is the guardian is shown by papers (policy 9.3).
        ("verify", "requester", ["phone_code", "email_code"]),
        ("upload", "requester", [*papers, "identity_document"]),
    ]
    documents = filed["next_steps"][1]["documents"]
    assert [paper["optional"] for paper in documents] == [False] * len(papers) + [True]
    assert set(documents[0]) == {"kind", "label", "hint", "max_age_days", "issuer_number", "optional"}
    assert documents[0]["max_age_days"] == 90 and documents[0]["issuer_number"]
    assert set(documents[0]["label"]) == set(documents[0]["hint"]) == {"ko", "en"}


async def test_a_delegate_is_told_what_both_have_to_show(house: House) -> None:
    by_phone = {"name": "도우미", "phone": "010-0000-5501"}
    filed = await house.file_as_delegate(DELETION, requester=by_phone)
    assert told(filed) == [
        ("verify", "requester", ["phone_code"]),
        # The subject confirms as they would for themselves: a mail alone does not delete.
        ("verify", "subject", ["phone_code"]),
        ("upload", "requester", ["power_of_attorney"]),
    ]
    assert told(await house.file_as_delegate())[1] == ("verify", "subject", ["phone_code", "email_code"])
    unreachable = {"name": "홍길동", "customer_no": "C-1029"}
    assert told(await house.file_as_delegate(subject=unreachable))[1] == ("verify", "subject", [])


async def test_what_is_read_to_a_caller_says_what_to_bring(house: House) -> None:
    spoken = " ".join((await house.file_as_guardian(role="call_center"))["read_back"])
    for said in ("최*람", "최*늘", "법정대리인", "자녀의 기본증명서(상세), 가족관계증명서", "여덟 자리", "홈페이지"):
        assert said in spoken, said
    assert "최보람" not in spoken and "최하늘" not in spoken and "4002" not in spoken
    for deliver_to, whom in (("subject", "위임하신 본인께"), ("delegate", "대리인께")):
        mandate = signed_mandate(deliver_to=deliver_to)
        spoken = " ".join((await house.file_as_delegate(role="clerk", mandate=mandate))["read_back"])
        for said in ("도*미", "홍*동", "위임장", "직접 확인해 주셔야", "이미 가지고 있던 연락처", whom):
            assert said in spoken, said
        assert "도우미" not in spoken and "홍길동" not in spoken
    for filed in (await house.file_as_guardian(), await house.file_as_delegate(role="officer")):
        assert "read_back" not in filed
