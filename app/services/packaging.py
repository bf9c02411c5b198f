"""The access package: what a person asked to see, from holders' answers, policy and registry (Act 35, Decree 41(1))."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.desk import Desk
from app.documents.opened import (
    AccessPackage,
    CategoryTold,
    ConsentTold,
    Held,
    KeptTold,
    PartyTold,
    ProvidedTold,
    ProvisionTold,
    PurposeTold,
    Value,
    WithheldTold,
)
from app.law import proposal
from app.law.controller import Category, Party, RecordClass
from app.law.provision import ProvisionBasis
from app.law.terms import Aspect, Basis, ItemOutcome, Label
from app.services import composing, itemised
from app.services.facts import Facts

_REGISTERED = {
    "third_party": "이 개인정보를 제공받는 곳으로 등록되어 있습니다.",
    "processor": "이 개인정보의 처리를 위탁받은 곳으로 등록되어 있습니다.",
}
_BASIS = {
    Basis.CONSENT: "동의",
    Basis.CONTRACT: "계약의 이행",
    Basis.STATUTE: "법령상 의무",
    Basis.INTEREST: "정당한 이익",
}

_PROVIDED_ON = {
    ProvisionBasis.CONSENT: "동의",
    ProvisionBasis.STATUTE: "법률",
    ProvisionBasis.URGENT: "급박한 생명·신체·재산의 이익",
    ProvisionBasis.INTEREST: "정당한 이익",
    ProvisionBasis.RELATED: "당초 수집 목적과 합리적으로 관련된 범위",
}


@dataclass(frozen=True, slots=True)
class StillKept:
    """A record that is kept by statute alone: left of an earlier deletion, or as a holder reports it."""

    category: str
    label: str
    statute: str
    until: date


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody outside in the registry: who, in what part, with which categories."""

    name: str
    kind: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provided:
    """One provision of this person's data on record."""

    category: str
    to: Label
    on: date
    fields: tuple[str, ...]
    basis: ProvisionBasis
    article: str | None


def package(
    desk: Desk,
    facts: Facts,
    collected: Iterable[tuple[str, str, list[dict[str, str]]]],
    registry: tuple[Registered, ...] = (),
    kept: tuple[StillKept, ...] = (),
    single: tuple[Provided, ...] = (),
) -> AccessPackage:
    """What the person asked to see, from what holders returned (holder, category, records), policy and registry."""
    found = list(collected)
    asked = dict.fromkeys(item["item"].partition(".")[0] for item in facts.items)
    told = (_told(desk, facts, desk.policy.categories[one], found, registry, kept, single) for one in asked)
    return AccessPackage(
        receipt_no=facts.request.receipt_no,
        sender=composing.sender(desk),
        recipient=composing.recipient(facts),
        aspects=frozenset(Aspect(one) for one in facts.claim.scope["aspects"]),
        categories=tuple(told),
        dated=facts.on,
        silent=facts.silent,
    )


def _told(
    desk: Desk,
    facts: Facts,
    category: Category,
    collected: list[tuple[str, str, list[dict[str, str]]]],
    registry: tuple[Registered, ...],
    kept: tuple[StillKept, ...],
    single: tuple[Provided, ...],
) -> CategoryTold:
    policy, claim = desk.policy, facts.claim
    mine = [item for item in facts.items if item["item"].partition(".")[0] == category.id]
    granted = {item["item"].partition(".")[2] for item in mine if item["outcome"] == ItemOutcome.GRANT}
    purposes = [policy.purposes[one] for one in category.purposes]
    channels = _listed(desk, "channels")
    routes = ", ".join(channels[one]["label"]["ko"] for one in category.routes)
    base = CategoryTold(id=category.id, label=category.label.ko, source=routes or category.label.ko)
    return replace(
        base,
        sources=(
            *(
                PartyTold(name=policy.sources[one].label.ko, contact=policy.sources[one].contact)
                for one in category.sources
            ),
            *(PartyTold(name=one.name) for one in _outside(desk, registry, category, "source")),
        ),
        owner=_owner(desk, category),
        opened=bool(granted),
        kept=tuple(
            KeptTold(record=one.label, statute=one.statute, until=one.until)
            for one in kept
            if one.category == category.id
        ),
        held=tuple(_held(category, holder, rows, granted) for holder, name, rows in collected if name == category.id),
        purposes=tuple(PurposeTold(label=one.label.ko, basis=_BASIS[one.basis]) for one in purposes),
        retention="\n".join((category.retention.ko, *(_kept(policy.records[one]) for one in category.records))),
        third_parties=(
            *(
                _third_party(one)
                for one in _listed(desk, "third_parties").values()
                if _may_be_told(desk, one, facts.on)
            ),
            *_registered(desk, registry, category, "third_party"),
        ),
        provided=tuple(_provided(one, category) for one in single if one.category == category.id),
        processors=(
            *(_provision(one) for one in policy.parties if one.kind == "processor"),
            *_registered(desk, registry, category, "processor"),
        ),
        consents=tuple(
            ConsentTold(purpose=one.label.ko, content=", ".join(field.label.ko for field in category.fields))
            for one in purposes
            if one.basis is Basis.CONSENT
        ),
        withheld=tuple(
            WithheldTold(label=itemised.label(desk, item["item"]), ground=itemised.ground(desk, claim, item))
            for item in mine
            if item["outcome"] in (ItemOutcome.KEEP, ItemOutcome.REFUSE)
        ),
    )


def _held(category: Category, holder: str, rows: list[dict[str, str]], granted: set[str]) -> Held:
    labels = {field.id: field.label.ko for field in category.fields}
    return Held(
        holder=holder,
        records=tuple(
            tuple(
                Value(field=name, label=labels.get(name, name), value=value)
                for name, value in row.items()
                if name in granted
            )
            for row in rows
        ),
    )


def _provision(party: Party) -> ProvisionTold:
    return ProvisionTold(name=party.label.ko, purpose=party.task.ko)


def _provided(one: Provided, category: Category) -> ProvidedTold:
    labels = {field.id: field.label.ko for field in category.fields}
    return ProvidedTold(
        to=one.to.ko,
        on=one.on,
        items=tuple(labels.get(name, name) for name in one.fields),
        basis=_PROVIDED_ON[one.basis],
        article=one.article,
    )


def _third_party(entry: dict[str, Any]) -> ProvisionTold:
    return ProvisionTold(
        name=entry["label"]["ko"],
        purpose=entry["task"]["ko"],
        items=entry["items"]["ko"],
        retention=entry["retention"]["ko"],
    )


def _kept(record: RecordClass) -> str:
    """A record class that a statute keeps beyond the promised period (Act 21(1) proviso, 30(1)3-2)."""
    more = " 이상" if record.at_least else ""
    span = proposal.span_ko(record.span)
    return f"· 법령에 따라 보존하는 기록: {record.label.ko} {span}{more} ({record.statute.ko} {record.article})"


def _registered(
    desk: Desk, registry: tuple[Registered, ...], category: Category, kind: str
) -> tuple[ProvisionTold, ...]:
    """Who the registry knows to be given this category, beside those whom the policy names."""
    return tuple(
        ProvisionTold(name=one.name, purpose=_REGISTERED[kind]) for one in _outside(desk, registry, category, kind)
    )


def _outside(desk: Desk, registry: tuple[Registered, ...], category: Category, kind: str) -> list[Registered]:
    policy = desk.policy
    named = {one.label.ko for one in policy.parties} | {one.label.ko for one in policy.sources.values()}
    return [one for one in registry if one.kind == kind and category.id in one.categories and one.name not in named]


def _owner(desk: Desk, category: Category) -> PartyTold | None:
    if category.owner is None:
        return None
    owner = desk.policy.controllers[category.owner]
    return PartyTold(name=owner.label.ko, contact=owner.contact)


def _may_be_told(desk: Desk, entry: dict[str, Any], on: date) -> bool:
    """Whether no law forbids on this day to tell of provisions to this party (policy ch. 6)."""
    return all(not party.is_silenced(on) for party in desk.policy.parties if party.id == entry["id"])


def _listed(desk: Desk, name: str) -> dict[str, dict[str, Any]]:
    """A list of the published policy by id."""
    entries: Any = desk.policy.document[name]
    return {entry["id"]: entry for entry in entries}
