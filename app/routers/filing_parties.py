"""Who asks for somebody else, on the wire (Act 38(1)(2), Decree 45): a guardian, or a delegate on a mandate (form 11).

A guardian is asked for nothing but name, date of birth, phone, e-mail and by what they are one (policy 9.2).
"""

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from app import text
from app.http.body import Day, Line, Wire
from app.law.terms import Capacity, Relationship, Right
from app.routers.gathering import Gathering
from app.services.behalf import Behalf, Mandated

RELATION_CHARS = 40
Said = Literal["self", "guardian", "delegate"]


class RequesterIn(Wire):
    """Who asks: a name, and one of phone and e-mail; of a guardian also a date of birth and by what they are one."""

    name: Line
    birth_date: Day | None = None
    phone: Line | None = None
    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    relationship: Annotated[
        Line | None,
        Field(
            description="a guardian's: parent, adoptive_parent, appointed_guardian or adult_guardian;"
            " a delegate's: in their own words"
        ),
    ] = None


class MandateIn(Wire):
    """A power of attorney: the rights ticked, its days, and where the answer goes."""

    rights: Annotated[list[Right], Field(min_length=1, max_length=5)]
    signed_on: Day
    expires_on: Day | None = None
    deliver_to: Literal["subject", "delegate"] = "subject"


def read(
    gathering: Gathering, said: Said, requester: RequesterIn | None, mandate: MandateIn | None, *, ward_born: bool
) -> Behalf | None:
    """Who asks in normal form; None for oneself. What is missing or too much for this capacity is a fault."""
    capacity = Capacity(said)
    if mandate is None and capacity is Capacity.DELEGATE:
        gathering.fault("/mandate", "mandate.required")
    if mandate is not None and capacity is not Capacity.DELEGATE:
        gathering.fault("/mandate", "field.inconsistent")
    if capacity is Capacity.SELF:
        if requester is not None:
            gathering.fault("/requester", "field.inconsistent")
        return None
    if capacity is Capacity.GUARDIAN and not ward_born:
        gathering.fault("/subject/birth_date", "field.required")
    if requester is None:
        gathering.fault("/requester", "field.required")
        return None
    person = _person(gathering, requester)
    relationship, in_own_words = _standing(gathering, capacity, requester)
    return Behalf(
        capacity=capacity,
        requester=person | {"relationship": in_own_words},
        relationship=relationship,
        mandate=_mandate(mandate) if mandate is not None else None,
    )


def _person(gathering: Gathering, one: RequesterIn) -> dict[str, Any]:
    if not (one.phone or one.email):
        gathering.fault("/requester", "field.required")
    return {
        "name": gathering.attempt("/requester/name", text.name, one.name),
        "birth_date": one.birth_date.isoformat() if one.birth_date else None,
        "phone": gathering.optional("/requester/phone", text.phone, one.phone),
        "email": gathering.optional("/requester/email", text.email, one.email),
    }


def _standing(gathering: Gathering, capacity: Capacity, one: RequesterIn) -> tuple[Relationship | None, str | None]:
    """By what a guardian is one, from the closed list; what a delegate is to the person, in their own words."""
    at = "/requester/relationship"
    said = gathering.optional(at, partial(text.line, limit=RELATION_CHARS), one.relationship)
    if capacity is Capacity.DELEGATE:
        return None, said
    if one.birth_date is None:
        gathering.fault("/requester/birth_date", "field.required")
    if one.relationship is None:
        gathering.fault(at, "field.required")
    if said is None:
        return None, None
    if said in {*Relationship}:
        return Relationship(said), None
    gathering.fault(at, "field.value")
    return None, None


def _mandate(one: MandateIn) -> Mandated:
    return Mandated(tuple(dict.fromkeys(one.rights)), one.signed_on, one.expires_on, one.deliver_to)
