"""Form 8 of a request, from what was filed: whole for the desk, masked for whoever filed it (Decree 41(1)(2))."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import text
from app.desk import Actor, Desk, desk_of
from app.documents import request_forms
from app.documents.request_form import ACCESS, CORRECTION, SUSPENSION, Person, RequestForm
from app.documents.tongue import Tongue, day, either, say, tongue_of
from app.documents.wording import request as words
from app.law import deadline
from app.law.terms import Aspect, Capacity, Label, Relationship, Right
from app.models import Claim, Mandate, Request, Requester
from app.policy.words import DELIVER_TO, NOTIFY_BY, RELATIONSHIPS, RIGHTS
from app.services import anchors, keyring
from app.services.asked import Asked
from app.services.persons import STAFF
from app.services.visibility import visible

_BOX = {
    Right.ACCESS: ACCESS,
    Right.CORRECTION: CORRECTION,
    Right.DELETION: CORRECTION,
    Right.SUSPENSION: SUSPENSION,
}


async def open_form(session: AsyncSession, request_id: UUID, *, html: bool, large: bool, by: Actor) -> bytes:
    """Form 8 of this request, as far as this caller may see what was filed."""
    request = await visible(session, request_id, by)
    form = await form_8(session, request, whole=by.role in STAFF)
    if html:
        return request_forms.render_html(form, large=large).encode()
    on = deadline.seoul_date(request.arrived_at)
    return await asyncio.to_thread(request_forms.render_pdf, form, on, large=large)


async def form_8(session: AsyncSession, request: Request, *, whole: bool) -> RequestForm:
    """The form as the requester would have filled it in; not `whole`: nothing that names or describes anybody."""
    desk, tongue = desk_of(session), tongue_of(request.language)
    mine = select(Claim).where(col(Claim.request_id) == request.id).order_by(col(Claim.position))
    claims = list((await session.execute(mine)).scalars())
    asked = [Asked(desk, one, _detail(session, request, one), tongue, whole=whole) for one in claims]
    typed = keyring.subject(session, request)
    subject = _person(typed, tongue, whole=whole)
    agent = await _agent(session, request, tongue, whole=whole)
    return RequestForm(
        controller=say(desk.policy.controller, tongue),
        forms=desk.rulebook.at(deadline.seoul_date(request.arrived_at)).forms,
        language=tongue,
        receipt_no=request.receipt_no,
        received=deadline.seoul_date(request.arrived_at),
        subject=subject,
        agent=agent or Person(),
        marked=frozenset(_BOX[one.right] for one in asked if one.right in _BOX),
        aspects=frozenset(Aspect(one) for claim in claims for one in claim.scope.get("aspects") or ()),
        corrections=tuple(line for one in asked for line in one.corrections()),
        suspensions=tuple(line for one in asked for line in one.suspensions()),
        signed=(agent or subject).name,
        beyond=(
            *(told for one in asked for told in one.beyond()),
            *_contacts(typed, tongue, whole=whole),
            *await _mandate(session, request, tongue),
            (say(words.ANSWER, tongue), (say(NOTIFY_BY[request.notify_by], tongue),)),
            (say(words.CHANNEL, tongue), (_channel(desk, request, tongue),)),
        ),
        told=_told(desk, tongue, whole=whole),
        anchor=await anchors.of_filing(session, request.id),
    )


def _detail(session: AsyncSession, request: Request, claim: Claim) -> dict[str, Any]:
    if claim.detail_ct is None:
        return {}
    detail: dict[str, Any] = keyring.unseal(session, request, "claim.detail", claim.id, claim.detail_ct)
    return detail


def _person(typed: dict[str, Any], tongue: Tongue, *, whole: bool, relationship: str = "") -> Person:
    """Somebody as they were typed; where there is nothing, that it was not asked for."""
    born, phone = typed.get("birth_date"), typed.get("phone")
    written = Person(
        name=typed["name"] if whole else text.mask_name(typed["name"]),
        phone=(text.national(phone) if whole else text.mask_phone(phone)) if phone else "",
        birth_date=day(date.fromisoformat(born), tongue) if born else "",
        address=_address(typed.get("address"), tongue),
        relationship=relationship,
    )
    hidden, none = say(words.HIDDEN, tongue), say(words.NOT_ASKED, tongue)
    return Person(
        name=written.name,
        phone=written.phone or none,
        birth_date=(written.birth_date if whole else hidden) if born else none,
        address=(written.address if whole else hidden) if written.address else none,
        relationship=relationship,
    )


def _address(address: dict[str, str | None] | None, tongue: Tongue) -> str:
    if not address:
        return ""
    place = " ".join(part for part in (address["road_address"], address["detail"]) if part)
    return either(tongue, f"(우편번호: {address['postal_code']}) {place}", f"{place} ({address['postal_code']})")


async def _agent(session: AsyncSession, request: Request, tongue: Tongue, *, whole: bool) -> Person | None:
    """The guardian or delegate; after their data was destroyed, their standing alone."""
    requester = await session.get(Requester, request.id) if request.capacity != Capacity.SELF else None
    if requester is None:
        return None
    details = keyring.details(session, requester) if requester.key is not None else None
    if requester.relationship:
        relationship = say(RELATIONSHIPS[Relationship(requester.relationship)], tongue)
    else:
        own = details.get("relationship") if details else None
        relationship = (own if whole else say(words.HIDDEN, tongue)) if own else say(words.NOT_ASKED, tongue)
    if details is None:
        gone = say(words.DESTROYED, tongue)
        return Person(name=gone, phone=gone, birth_date=gone, address=gone, relationship=relationship)
    return _person(details, tongue, whole=whole, relationship=relationship)


def _contacts(typed: dict[str, Any], tongue: Tongue, *, whole: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """By what else the subject can be found and reached: the form asks for no e-mail and no number of a customer."""
    email, number = typed.get("email"), typed.get("customer_no")
    hidden = say(words.HIDDEN, tongue)
    told = (
        *((f"{say(words.EMAIL, tongue)}: {email if whole else text.mask_email(email)}",) if email else ()),
        *((f"{say(words.CUSTOMER, tongue)}: {number if whole else hidden}",) if number else ()),
    )
    return ((say(words.CONTACTS, tongue), told),) if told else ()


async def _mandate(session: AsyncSession, request: Request, tongue: Tongue) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the power of attorney says, where there is one."""
    mandate = await session.get(Mandate, request.id) if request.capacity == Capacity.DELEGATE else None
    if mandate is None:
        return ()
    rights = ", ".join(say(RIGHTS[Right(one)][0], tongue) for one in mandate.rights)
    signed, expires = day(mandate.signed_on, tongue), day(mandate.expires_on, tongue)
    days = either(tongue, f"{signed}에 서명, {expires}까지", f"signed {signed}, until {expires}")
    return ((say(words.MANDATE, tongue), (rights, days, say(DELIVER_TO[mandate.deliver_to], tongue))),)


def _channel(desk: Desk, request: Request, tongue: Tongue) -> str:
    """By which way it came, in the policy's own words."""
    channels: Any = desk.policy.document["channels"]
    found = next(one["label"] for one in channels if one["id"] == request.channel)
    return say(Label(found["ko"], found["en"]), tongue)


def _told(desk: Desk, tongue: Tongue, *, whole: bool) -> tuple[str, ...]:
    policy = desk.policy
    wrong = say(words.WRONG, tongue).format(
        desk=say(policy.desk, tongue), phone=policy.desk_phone, email=policy.desk_email
    )
    return (*(() if whole else (say(words.MASKED, tongue),)), say(words.NO_SIGNATURE, tongue), wrong)
