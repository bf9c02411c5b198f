"""What is left to do of a filed request, and whose turn it is: from policy, typing and what was shown so far."""

from collections.abc import Collection, Iterable
from typing import Any

from app.desk import Actor, Desk
from app.law.proof import IDENTITY_DOCUMENT
from app.law.terms import Capacity, Method, Need, Status, Whose
from app.models import Claim, Request
from app.services import steps
from app.services.parties import IDENTIFIED, NOBODY, REACHED, Parties
from app.services.scope import methods, reach_methods, scope_of

WAITING: dict[str, str] = {
    Status.RECEIVED: "you",
    Status.AWAITING_EVIDENCE: "you",
    Status.VERIFIED: "us",
    Status.POSTPONED: "us",
    Status.OBJECTED: "us",
    Status.CARRIED_OUT: "us",
    Status.REFUSED: "us",
    Status.APPROVED: "holders",
}
UNPROVED = (Status.RECEIVED, Status.AWAITING_EVIDENCE)
_FIRST = ("you", "us", "holders")
_WITHDRAWABLE = (*UNPROVED, Status.VERIFIED, Status.POSTPONED, Status.APPROVED)
_OBJECTIONABLE = (Status.CLOSED, Status.POSTPONED)
_PAPERS_WANTED = (*UNPROVED, Status.VERIFIED)


def left(
    desk: Desk, request: Request, claims: Collection[Claim], known: Parties | None, handed: Collection[str]
) -> list[dict[str, Any]]:
    """What either party still has to show; a paper that was handed in waits for us, not for them."""
    found = _proofs(desk, request, claims, known)
    if known is None or not any(claim.status in _PAPERS_WANTED for claim in claims):
        return found
    papers = [one for one in known.papers_missing() if one not in handed]
    optional = _optional(known, [*papers, *handed])
    if papers or optional:
        whose = Whose.SUBJECT if known.capacity is Capacity.SELF else Whose.REQUESTER
        found.append(steps.upload(desk.policy, (*papers, *optional), optional=optional) | {"party": whose.value})
    return found


def shown(found: Iterable[dict[str, Any]], request: Request, by: Actor) -> list[dict[str, Any]]:
    """The steps as this caller is told of them: what somebody else still has to hand in is not the subject's affair."""
    alone = by.role == "requester" and by.party == Whose.SUBJECT and request.capacity != Capacity.SELF
    return [one for one in found if not alone or one["party"] == Whose.SUBJECT]


def waiting_for(request: Request, claims: Collection[Claim], found: Collection[dict[str, Any]]) -> str:
    """Whose turn it is: ours where it was stopped, or where somebody asks for another and has shown everything."""
    turns = {WAITING.get(claim.status, "nobody") for claim in claims}
    if request.frozen_at is not None and request.identity != NOBODY and turns != {"nobody"}:
        return "us"
    if "you" in turns and not found and request.capacity != Capacity.SELF:
        turns = turns - {"you"} | {"us"}
    return next((one for one in _FIRST if one in turns), "nobody")


def actions(
    claims: Collection[Claim], found: Collection[dict[str, Any]], *, fetch: bool, objects: bool = False
) -> list[str]:
    """What may be done now, in the order in which it is usually done."""
    wanted = {one["step"] for one in found}
    can = {
        "verify": "verify" in wanted,
        "upload": "upload" in wanted,
        "withdraw": any(claim.status in _WITHDRAWABLE for claim in claims),
        "object": objects and any(claim.status in _OBJECTIONABLE for claim in claims),
        "fetch": fetch,
    }
    return [action for action, may in can.items() if may]


def statuses(waiting_for: str) -> list[str]:
    """The statuses of claims that wait for these."""
    if waiting_for == "nobody":
        return [one.value for one in Status if one not in WAITING]
    return [status for status, who in WAITING.items() if who == waiting_for]


def _proofs(desk: Desk, request: Request, claims: Collection[Claim], known: Parties | None) -> list[dict[str, Any]]:
    """Who has still to prove what; nothing once every claim is proved or over."""
    unproved = [claim for claim in claims if claim.status in UNPROVED]
    if known is None or known.requester is None:
        waits = [one for one in unproved if one.status == Status.RECEIVED or request.identity == "none"]
        by = methods(desk, request.contacts, [scope_of(one) for one in waits]) if waits else ()
        return [steps.prove(Whose.SUBJECT, by)] if waits else []
    if not unproved:
        return []
    scopes, missing = [scope_of(one) for one in unproved], {need for one in unproved for need in known.missing(one)}
    found: dict[Whose, tuple[Method, ...]] = {}
    if Need.IDENTITY in missing:
        done = known.methods(Whose.REQUESTER, REACHED, IDENTIFIED)
        ways = methods(desk, known.requester.contacts, scopes, known.capacity)
        found[Whose.REQUESTER] = tuple(one for one in ways if one not in done)
    if Need.REACH in missing:
        found[Whose.REQUESTER] = reach_methods(desk, known.requester.contacts)
    if Need.CONFIRMATION in missing:
        found[Whose.SUBJECT] = methods(desk, request.contacts, scopes, known.capacity)
    return [steps.prove(whose, by) for whose, by in found.items() if by]


def _optional(known: Parties, besides: Collection[str]) -> tuple[str, ...]:
    """A guardian who has not shown who they are yet may do so by a paper as well as by a login."""
    if known.capacity is not Capacity.GUARDIAN or Need.IDENTITY not in known.missing():
        return ()
    asked = IDENTITY_DOCUMENT in (*besides, *known.accepted)
    return () if asked else (IDENTITY_DOCUMENT,)
