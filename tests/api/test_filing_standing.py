"""Filing for somebody else: who is refused and why, what is written where, and that it tells nobody who is known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.desk import Actor
from app.errors import Invalid
from app.law.terms import Capacity, Relationship, Right
from app.services import intake
from app.services.behalf import Behalf, Mandated
from app.services.intake import Ask, Filing
from tests.api.acts import (
    DELETION,
    DELIVERY,
    FILING,
    FOR_CHILD,
    MISSING,
    ON_MANDATE,
    changed,
    post,
    refused,
    rows,
    tables,
)
from tests.api.years import today
from tests.house import (
    CHILD,
    MOTHER,
    ONLINE_MALL,
    House,
    signed_mandate,
)

RRN = "900101-1234567"
CARD = "4111 1111 1111 1111"


EITHER = (
    ("/requester", None, "field.required"),
    ("/requester", MISSING, "field.required"),
    ("/requester", {}, "field.required"),
    ("/requester", [], "field.type"),
    ("/requester", "최보람", "field.type"),
    ("/requester/name", MISSING, "field.required"),
    ("/requester/name", None, "field.type"),
    ("/requester/name", ["최보람"], "field.type"),
    ("/requester/name", "", "field.length"),
    ("/requester/name", "최", "field.length"),
    ("/requester/name", "최" * 300, "field.length"),
    ("/requester/name", "ㅊㅗㅣ", "field.format"),
    ("/requester/name", "ﾤￌￗ", "field.format"),
    ("/requester/name", "최보람7", "field.format"),
    ("/requester/name", "최\u200b보람", "field.forbidden_character"),
    ("/requester/name", "최보람\u0000", "field.forbidden_character"),
    ("/requester/name", "\u202e최보람", "field.forbidden_character"),
    ("/requester/name", "최보람\nBcc: x", "field.forbidden_character"),
    ("/requester/name", f"최보람 {RRN}", "identifier.rrn_not_allowed"),
    ("/requester/phone", "123", "field.format"),
    ("/requester/phone", 1012345678, "field.type"),
    ("/requester/phone", "+1 202 555 0100", "field.format"),
    ("/requester/phone", RRN, "identifier.rrn_not_allowed"),
    ("/requester/phone", CARD, "identifier.card_not_allowed"),
    ("/requester/email", "boram", "field.format"),
    ("/requester/email", "a@b@example.com", "field.format"),
    ("/requester/email", "x" * 250 + "@example.com", "field.length"),
    ("/requester/email", f"{RRN}@example.com", "identifier.rrn_not_allowed"),
    ("/requester/birth_date", "1988-02-30", "field.format"),
    ("/requester/birth_date", "19880909", "field.format"),
    ("/requester/birth_date", 0, "field.type"),
    ("/requester/birth_date", 568_000_000, "field.type"),
    ("/requester/birth_date", True, "field.type"),
    ("/requester/birth_date", "1988-09-09T00:00:00Z", "field.format"),
    ("/requester/birth_date", "1700-01-01", "field.value"),
    ("/requester/birth_date", timedelta(days=1), "field.value"),
    ("/requester/relationship", RRN, "identifier.rrn_not_allowed"),
    ("/requester/relationship", ["parent"], "field.type"),
    ("/requester/address", {"postal_code": "06236", "road_address": "새길 1"}, "field.unknown"),
    ("/requester/customer_no", "C-1029", "field.unknown"),
    ("/requester/rrn", RRN, "field.unknown"),
    ("/requester/verified", True, "field.unknown"),
    ("/subject/birth_date", timedelta(days=1), "field.value"),
    ("/notify_by", "post", "field.inconsistent"),
    ("/arrived_at", "2026-11-20T10:00:00+09:00", "field.inconsistent"),
)
GUARDIANS = (
    ("/requester", {**MOTHER, "phone": None, "email": None}, "field.required"),
    ("/requester/birth_date", MISSING, "field.required"),
    ("/requester/birth_date", None, "field.required"),
    ("/requester/relationship", MISSING, "field.required"),
    ("/requester/relationship", "", "field.length"),
    ("/requester/relationship", "mother", "field.value"),
    ("/requester/relationship", "Parent", "field.value"),
    ("/requester/relationship", "adult_guardian", "guardian.inconsistent"),
    ("/requester/birth_date", CHILD["birth_date"], "guardian.inconsistent"),
    ("/requester/birth_date", "2017-01-01", "guardian.inconsistent"),
    ("/requester", {**CHILD, "birth_date": "1988-09-09", "relationship": "parent"}, "guardian.inconsistent"),
    ("/subject/birth_date", MISSING, "field.required"),
    ("/subject/phone", MISSING, "field.required"),
    ("/mandate", signed_mandate(), "field.inconsistent"),
    ("/notify_by", "post", "field.inconsistent"),
)
DELEGATES = (
    ("/mandate", MISSING, "mandate.required"),
    ("/mandate", None, "mandate.required"),
    ("/mandate", [], "field.type"),
    ("/mandate", {}, "field.required"),
    ("/mandate/rights", MISSING, "field.required"),
    ("/mandate/rights", [], "field.length"),
    ("/mandate/rights", ["access"] * 6, "field.length"),
    ("/mandate/rights", "access", "field.type"),
    ("/mandate/rights", ["everything"], "field.value"),
    ("/mandate/signed_on", MISSING, "field.required"),
    ("/mandate/signed_on", None, "field.type"),
    ("/mandate/signed_on", "2026-02-30", "field.format"),
    ("/mandate/signed_on", 0, "field.type"),
    ("/mandate/signed_on", timedelta(days=1), "field.value"),
    ("/mandate/signed_on", timedelta(days=-181), "mandate.scope"),
    ("/mandate/expires_on", timedelta(days=-2), "mandate.scope"),
    ("/mandate/expires_on", "soon", "field.format"),
    ("/mandate/deliver_to", "lawyer", "field.value"),
    ("/mandate/deliver_to", None, "field.type"),
    ("/mandate/signature", "도우미", "field.unknown"),
    ("/mandate/confirmed_at", "2026-11-20T10:00:00+09:00", "field.unknown"),
    ("/requester/relationship", "x" * 41, "field.length"),
    ("/requester", {"name": "도우미"}, "field.required"),
    ("/requester", {"name": "홍길동", "phone": "010-1234-5678"}, "mandate.inconsistent"),
    ("/requester/phone", "+82 10 1234 5678", "mandate.inconsistent"),
    ("/requester/email", "GILDONG@example.com", "mandate.inconsistent"),
    ("/subject/birth_date", timedelta(days=-13 * 365), "guardian.required"),
)


async def test_what_does_not_fit_is_refused_where_it_stands_and_leaves_nothing(house: House) -> None:
    before = await tables(house.desk)
    spoiled = [(base, *misfit) for base in (FOR_CHILD, ON_MANDATE) for misfit in EITHER]
    spoiled += [(FOR_CHILD, *misfit) for misfit in GUARDIANS]
    spoiled += [(ON_MANDATE, *misfit) for misfit in DELEGATES]
    spoiled += [
        (FILING, "/requester", MOTHER, "field.inconsistent"),
        (FILING, "/mandate", signed_mandate(), "field.inconsistent"),
        (FILING, "/subject/birth_date", CHILD["birth_date"], "guardian.required"),
    ]
    surprises = []
    for base, pointer, value, code in spoiled:
        reply = await post(house, changed(pointer, value, base))
        status, at, found = refused(reply)
        if (status, found) != (422, code) or not (at.startswith(pointer) or pointer.startswith(at)):
            surprises.append((base["capacity"], pointer, value, status, at, found))
        for sent in (RRN, "최보람", "도우미", "홍길동", "최하늘", "0000-4002", "boram@"):
            assert sent not in reply.text
    assert surprises == []
    after = await tables(house.desk)
    assert after.pop("access_log") == before.pop("access_log") + len(spoiled)
    assert after == before


async def test_every_fault_is_named_at_once(house: House) -> None:
    spoiled = {**ON_MANDATE, "requester": {"name": "7", "phone": "1", "relationship": RRN}, "mandate": None}
    told = (await post(house, spoiled)).json()
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [
        ("/mandate", "mandate.required"),
        ("/requester/name", "field.length"),
        ("/requester/phone", "field.format"),
        ("/requester/relationship", "identifier.rrn_not_allowed"),
    ]
    narrow = {
        **ON_MANDATE,
        "mandate": signed_mandate("access", expires_on=(today() - timedelta(days=1)).isoformat()),
        "notify_by": "post",
    }
    told = (await post(house, {**narrow, "claims": [DELETION, ONLINE_MALL, DELIVERY]})).json()
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [
        ("/notify_by", "field.inconsistent"),
        ("/mandate/expires_on", "mandate.scope"),
        ("/claims/0/right", "mandate.scope"),
        ("/claims/2/right", "mandate.scope"),
    ]
    for body, basis in ((FILING, "법 38②"), (ON_MANDATE, "법 38②")):
        problem = (await post(house, changed("/subject/birth_date", CHILD["birth_date"], body))).json()
        assert (problem["code"], problem["basis"]) == ("guardian.required", basis)


NOON = datetime(2026, 11, 22, 3, tzinfo=UTC)
OFFICER = Actor("officer", "i", "s")
PARENT = {"name": "최보람", "birth_date": "1980-09-09", "phone": "+821000004002", "email": None, "relationship": None}
FRIEND = {"name": "도우미", "birth_date": None, "phone": "+821000005501", "email": None, "relationship": None}


class Door:
    """What is said at the door of this desk at a chosen moment: pointers and codes."""

    def __init__(self, house: House) -> None:
        self.house = house

    def __call__(
        self, behalf: Behalf | None, born: str | None, *rights: Right, at: datetime = NOON, **more: Any
    ) -> list[tuple[str, str]]:
        subject = {"name": "최하늘", "birth_date": born, "phone": "+821000004001", "email": None, "address": None}
        asks = tuple(Ask(right, {}) for right in rights or (Right.ACCESS,))
        filing = Filing("web", subject, asks, "visit", "ko", behalf=behalf, **more)
        try:
            intake.check(self.house.desk, filing, by=OFFICER, now=at)
        except Invalid as problem:
            return [(fault.pointer, fault.code) for fault in problem.faults]
        return []


def guardian(relationship: str = "parent", **more: str | None) -> Behalf:
    """A guardian as typed."""
    return Behalf(Capacity.GUARDIAN, {**PARENT, **more}, Relationship(relationship), None)


def delegate(*rights: Right, signed: str = "2026-11-01", expires: str | None = None, **more: str | None) -> Behalf:
    """A delegate with a mandate."""
    until = date.fromisoformat(expires) if expires else None
    said = Mandated(rights or tuple(Right), date.fromisoformat(signed), until, "subject")
    return Behalf(Capacity.DELEGATE, {**FRIEND, **more}, None, said)


async def test_ages_count_on_the_seoul_day_of_arrival(house: House) -> None:
    door = Door(house)
    alone = [("/subject/birth_date", "guardian.required")]
    misfit = [("/requester/relationship", "guardian.inconsistent")]
    for born, found in (("2012-11-23", alone), ("2012-11-22", []), ("2007-11-22", []), (None, [])):
        assert door(None, born) == found, born
        assert door(delegate(), born) == found, born
    for born, found in (("2026-11-22", []), ("2012-11-22", []), ("2007-11-23", []), ("2007-11-22", misfit)):
        assert door(guardian(), born) == found, born
        assert door(guardian("adoptive_parent"), born) == found, born
        assert door(guardian("appointed_guardian"), born) == found, born
        assert door(guardian("adult_guardian"), born) == ([] if found else misfit), born
    # Born on 29 February: 14 is full with the end of 28 February, so from 1 March on (Civil Act 160(3)).
    for at, found in ((datetime(2026, 2, 28, 14, 59, tzinfo=UTC), alone), (datetime(2026, 2, 28, 15, tzinfo=UTC), [])):
        assert door(None, "2012-02-29", at=at) == found
        assert door(guardian(), "2012-02-29", at=at) == []
    # A letter of last week is judged by its own day, not by that of its entry.
    assert door(None, "2012-11-20", arrived_at=NOON - timedelta(days=7)) == alone
    assert door(guardian(), "2007-11-20", arrived_at=NOON - timedelta(days=7)) == []
    yet_to_come = [("/subject/birth_date", "field.value")]
    assert door(None, "2026-11-23") == door(guardian(), "2026-11-23") == door(delegate(), "2026-11-23") == yet_to_come


async def test_nobody_is_their_own_guardian_or_delegate(house: House) -> None:
    door, born = Door(house), "2016-04-05"
    same = [("/requester", "guardian.inconsistent")]
    assert door(guardian(birth_date=born), born) == same
    assert door(guardian(birth_date="2016-04-06"), born) == same
    assert door(guardian(birth_date="2016-04-04"), born) == []
    assert door(guardian(name="최 하늘", phone="+821000004001"), born) == same
    # A child without a phone of its own is named with its mother's; and a namesake is nobody's double.
    assert door(guardian(phone="+821000004001"), born) == []
    assert door(guardian(name="최하늘"), born) == []
    # An old mother's guardian may be younger than she is.
    assert door(guardian("adult_guardian", birth_date="1990-01-01"), "1950-01-01") == []
    twice = [("/requester", "mandate.inconsistent")]
    assert door(delegate(phone="+821000004001"), None) == twice
    assert door(delegate(name="최하늘", phone="+821000004001"), None) == twice
    assert door(delegate(name="최하늘"), None) == []


async def test_a_mandate_carries_its_rights_for_its_days(house: House) -> None:
    door = Door(house)
    longest = house.desk.policy.settled.mandate_days
    signed_on, expires_on = "/mandate/signed_on", "/mandate/expires_on"
    for behalf, found in (
        (delegate(signed="2026-11-22"), []),
        (delegate(signed="2026-11-23"), [(signed_on, "field.value")]),
        (delegate(signed=str(date(2026, 11, 22) - timedelta(days=longest))), []),
        (delegate(signed=str(date(2026, 11, 21) - timedelta(days=longest))), [(signed_on, "mandate.scope")]),
        (delegate(expires="2026-11-22"), []),
        (delegate(expires="2026-11-21"), [(expires_on, "mandate.scope")]),
        (delegate(expires="2030-01-01"), []),
        (delegate(Right.DELETION), [("/claims/0/right", "mandate.scope"), ("/claims/2/right", "mandate.scope")]),
        (delegate(Right.ACCESS, Right.SUSPENSION), [("/claims/1/right", "mandate.scope")]),
    ):
        assert door(behalf, None, Right.ACCESS, Right.DELETION, Right.ACCESS) == found, behalf
    late = delegate(expires="2026-11-21")
    assert door(late, None, arrived_at=NOON - timedelta(days=1)) == []


@pytest.mark.parametrize("expires", [None, 30, 4_000])
async def test_a_mandate_ends_by_itself_or_by_the_policy(house: House, expires: int | None) -> None:
    until = today() + timedelta(days=expires) if expires else None
    mandate = signed_mandate("access", "deletion", "access", signed_days_ago=3)
    if until:
        mandate["expires_on"] = until.isoformat()
    filed = await house.file_as_delegate(mandate=mandate)
    [row] = await rows(house.desk, "SELECT * FROM mandate")
    longest = today() - timedelta(days=3) + timedelta(days=house.desk.policy.settled.mandate_days)
    assert str(row.request_id) == filed["id"] and row.rights == ["access", "deletion"]
    assert row.signed_on == today() - timedelta(days=3) and row.expires_on == min(until or longest, longest)
    assert (row.deliver_to, row.confirmed_at, row.revoked_at) == ("subject", None, None)
