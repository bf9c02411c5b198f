"""The access package: what a person asked to see (Act 35(1), Decree 41(1)), readable and as JSON (product G1).

Only the aspects that were asked are told; the keys of the JSON are always the same, null where not asked.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.documents.frame import addressed
from app.documents.korean import day, lines, visible
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
from app.documents.typeset import typeset
from app.law.terms import Aspect

FORMAT = "rights-desk.access/1"

# Setting a page takes time and memory in step with what stands on it; beyond about 500 pages nobody reads on, and the
# report says how many records more stand in access.json, which is always whole.
PRINTED_CHARACTERS = 300_000
_RECORD_CHARACTERS = 300
_KEEPING = frozenset({Aspect.ITEMS, Aspect.RETENTION})
"""Either asks for what is kept by statute alone: it is held, and for how long is part of it."""

_ASPECTS = {
    Aspect.ITEMS: "개인정보의 항목 및 내용",
    Aspect.PURPOSES: "개인정보 수집·이용의 목적",
    Aspect.RETENTION: "개인정보 보유 및 이용 기간",
    Aspect.THIRD_PARTIES: "개인정보의 제3자 제공 현황",
    Aspect.CONSENTS: "개인정보 처리에 동의한 사실 및 내용",
}


_FORBIDDEN = "법률이 알리지 못하게 하는 제공은 적지 않습니다."
# What policy says of everybody is not told as if it were known to have happened to this person.
_PROVIDED = (
    "처리방침에 따라 제공할 수 있는 곳입니다. 실제로 제공한 것은 아래 ‘제3자에게 제공한 기록’에 적습니다.",
    # Said to everybody alike, so that it tells of no investigation.
    _FORBIDDEN,
)
_NOT_PROVIDED = f"알려 드릴 제3자 제공이 없습니다. {_FORBIDDEN}"
_NONE_RECORDED = f"보관 중인 기록 가운데 알려 드릴 것이 없습니다. {_FORBIDDEN}"
_ENTRUSTED = ("처리방침에 공개한 수탁자 전체입니다.",)
_CONSENTED = (
    "동의를 받아 처리하는 목적과 항목입니다. 동의하신 날이 이 자료에 없으면 아래 담당 부서에서 확인해 드립니다.",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A passage of the report: a title, lines, and a table where there is one."""

    label: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[str, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The passages of one category."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The report as the template draws it."""

    name: str
    receipt: str
    sender: str
    summary: tuple[tuple[str, tuple[str, ...]], ...]
    chapters: tuple[Chapter, ...]
    closing: tuple[str, ...]


def package_pdf(package: AccessPackage) -> bytes:
    """The readable Korean report."""
    return typeset("package", report(package), package.dated)


def package_json(package: AccessPackage) -> bytes:
    """access.json: the same facts for a machine, UTF-8."""
    return json.dumps(package_values(package), ensure_ascii=False, indent=2).encode()


def package_values(package: AccessPackage) -> dict[str, Any]:
    """The values of access.json, in a fixed order of keys."""
    return {
        "format": FORMAT,
        "receipt_no": package.receipt_no,
        "controller": package.sender.controller,
        "dated": package.dated.isoformat(),
        "aspects": [one.value for one in Aspect if one in package.aspects],
        "complete": not package.silent,
        "silent": list(package.silent),
        "categories": [_category_values(one, package.aspects) for one in package.categories],
    }


def _category_values(category: CategoryTold, aspects: frozenset[Aspect]) -> dict[str, Any]:
    def asked(aspect: Aspect, values: object) -> object:
        return values if aspect in aspects else None

    return {
        "id": category.id,
        "label": category.label,
        "source": category.source,
        "sources": [_party_values(one) for one in category.sources],
        "owner": _party_values(category.owner) if category.owner else None,
        "items": asked(Aspect.ITEMS, [_held_values(one) for one in category.held]),
        "purposes": asked(Aspect.PURPOSES, [{"purpose": one.label, "basis": one.basis} for one in category.purposes]),
        "retention": asked(Aspect.RETENTION, category.retention),
        "kept": [_kept_values(one) for one in category.kept] if aspects & _KEEPING else None,
        "third_parties": asked(Aspect.THIRD_PARTIES, [_provision_values(one) for one in category.third_parties]),
        "provided": asked(Aspect.THIRD_PARTIES, [_provided_values(one) for one in category.provided]),
        "processors": asked(Aspect.THIRD_PARTIES, [_provision_values(one) for one in category.processors]),
        "consents": asked(Aspect.CONSENTS, [_consent_values(one) for one in category.consents]),
        "withheld": [
            {"item": one.label, "article": one.ground.article, "text": one.ground.text, "facts": list(one.ground.facts)}
            for one in category.withheld
        ],
    }


def _party_values(party: PartyTold) -> dict[str, str]:
    return {"name": party.name, "contact": party.contact}


def _kept_values(kept: KeptTold) -> dict[str, str]:
    return {"record": kept.record, "statute": kept.statute, "until": kept.until.isoformat()}


def _held_values(held: Held) -> dict[str, Any]:
    return {"holder": held.holder, "records": [{one.field: one.value for one in record} for record in held.records]}


def _provision_values(provision: ProvisionTold) -> dict[str, str]:
    return {
        "name": provision.name,
        "purpose": provision.purpose,
        "items": provision.items,
        "retention": provision.retention,
    }


def _provided_values(one: ProvidedTold) -> dict[str, Any]:
    on = one.on.isoformat()
    return {"to": one.to, "on": on, "items": list(one.items), "basis": one.basis, "article": one.article}


def _consent_values(consent: ConsentTold) -> dict[str, str | None]:
    return {
        "purpose": consent.purpose,
        "content": consent.content,
        "given_on": consent.given_on.isoformat() if consent.given_on else None,
        "withdrawn_on": consent.withdrawn_on.isoformat() if consent.withdrawn_on else None,
    }


def report(package: AccessPackage) -> Report:
    """The report in the words and the order it is read."""
    sender = package.sender
    whose = f"{package.recipient.subject} 님" if package.recipient.subject else "귀하"
    asked = tuple(f"· {_ASPECTS[one]}" for one in Aspect if one in package.aspects)
    summary: list[tuple[str, tuple[str, ...]]] = [
        ("받으시는 분", addressed(package.recipient)),
        ("요구하신 내용", asked),
        ("작성일", (day(package.dated),)),
    ]
    if package.silent:
        lead = "다음 곳은 아직 결과가 확인되지 않아 이 자료에 들어 있지 않습니다. 확인되는 대로 다시 알려 드립니다."
        summary.append(("아직 오지 않은 답", (lead, *(visible(f"· {one}") for one in package.silent))))
    return Report(
        name="개인정보 열람 자료",
        receipt=visible(package.receipt_no),
        sender=visible(sender.controller),
        summary=tuple(summary),
        chapters=_chapters(package),
        closing=(
            visible(f"이 자료에는 {whose}의 개인정보가 들어 있습니다. 남이 보지 않도록 안전하게 보관해 주십시오."),
            visible("  ".join(one for one in (sender.controller, sender.desk, sender.phone, sender.email) if one)),
        ),
    )


def _chapters(package: AccessPackage) -> tuple[Chapter, ...]:
    """A chapter for each category, with as many records as can be printed."""
    budget = _Budget(PRINTED_CHARACTERS)
    return tuple(_chapter(one, package.aspects, budget) for one in package.categories)


class _Budget:
    """How much may still be printed."""

    def __init__(self, characters: int) -> None:
        self._left = characters

    def printed(self, records: tuple[tuple[Value, ...], ...]) -> Iterator[tuple[Value, ...]]:
        """The first of the records, as far as there is room."""
        for record in records:
            self._left -= _RECORD_CHARACTERS + sum(len(one.value) for one in record)
            if self._left < 0:
                return
            yield record


def _chapter(category: CategoryTold, aspects: frozenset[Aspect], budget: _Budget) -> Chapter:
    """One category: where it came from, then each aspect that was asked, then what is withheld."""
    told = {
        Aspect.ITEMS: _items(category.held, budget) if category.opened else (),
        Aspect.PURPOSES: (_purposes(category.purposes),),
        Aspect.RETENTION: (Part("보유 및 이용 기간", lines(category.retention) or ("정해진 기간이 없습니다.",)),),
        Aspect.THIRD_PARTIES: (
            _provisions("제3자 제공 현황", _NOT_PROVIDED, category.third_parties),
            _provided(category.provided),
            _processors(category.processors),
        ),
        Aspect.CONSENTS: (_consents(category.consents),),
    }
    parts = [Part("수집한 경로", lines(category.source) or ("-",)), *_parties(category)]
    for aspect in Aspect:
        parts.extend(told[aspect] if aspect in aspects else ())
        if aspect is Aspect.RETENTION and aspects & _KEEPING:
            parts.extend(_kept(category.kept))
    parts.extend(_withheld(category.withheld))
    return Chapter(visible(category.label), tuple(parts))


def _parties(category: CategoryTold) -> Iterable[Part]:
    """From whom it came, and whose it is, where that is not the person and not us."""
    if category.sources:
        rights = "원하지 않으시면 처리를 멈추거나 동의를 철회해 달라고 요구하실 수 있습니다."
        yield Part("다른 곳에서 받은 개인정보(출처)", (*map(_reached, category.sources), rights))
    if category.owner:
        lead = "다른 개인정보처리자의 개인정보여서 요구를 다음 곳에 전달합니다."
        yield Part("다른 개인정보처리자의 개인정보", (lead, _reached(category.owner)))


def _reached(party: PartyTold) -> str:
    return visible(f"· {party.name}" + (f": {party.contact}" if party.contact else ""))


def _kept(kept: tuple[KeptTold, ...]) -> Iterable[Part]:
    """What is left of an earlier deletion, or what a holder says it keeps by statute alone."""
    rows = tuple(((visible(one.record),), (visible(one.statute),), (f"{day(one.until)}까지",)) for one in kept)
    lead = ("다른 개인정보와 나누어 보관하고 다른 용도로 쓰지 않으며, 기간이 끝나면 파기합니다.",)
    return (Part("법령에 따라서만 보관하는 기록", lead, ("기록", "법령", "보관 기한"), rows),) if rows else ()


def _items(held: tuple[Held, ...], budget: _Budget) -> Iterable[Part]:
    """What each holder has, record by record."""
    if not any(one.records for one in held):
        return (Part("항목 및 내용", ("보유하고 있는 내용이 없습니다.",)),)
    return tuple(part for one in held for part in _of_holder(one, budget))


def _of_holder(held: Held, budget: _Budget) -> Iterator[Part]:
    """One holder's records, and a word on those that stand in access.json only."""
    printed = tuple(budget.printed(held.records))
    for at, record in enumerate(printed, start=1):
        yield _record(held.holder, record, at, len(held.records))
    more = len(held.records) - len(printed)
    if more:
        told = f"기록 {more:,}건이 더 있습니다. 분량이 많아 함께 드리는 access.json 파일에 모두 담았습니다."
        yield Part(visible(f"항목 및 내용: {held.holder}"), (told,))


def _record(holder: str, record: tuple[Value, ...], at: int, of: int) -> Part:
    count = f" ({at}/{of})" if of > 1 else ""
    rows = tuple(((visible(one.label),), lines(one.value) or ("-",)) for one in record)
    return Part(visible(f"항목 및 내용: {holder}{count}"), head=("항목", "내용"), rows=rows)


def _purposes(purposes: tuple[PurposeTold, ...]) -> Part:
    rows = tuple(((visible(one.label),), (visible(one.basis),)) for one in purposes)
    return _table("수집·이용의 목적", "이용하는 목적이 없습니다.", ("목적", "근거"), rows)


def _provisions(label: str, none: str, provisions: tuple[ProvisionTold, ...]) -> Part:
    rows = tuple(
        tuple((visible(text) or "-",) for text in (one.name, one.purpose, one.items, one.retention))
        for one in provisions
    )
    return _table(label, none, ("받는 곳", "목적", "항목", "보유 기간"), rows, lead=_PROVIDED)


def _provided(provided: tuple[ProvidedTold, ...]) -> Part:
    """What was in fact given to whom, as the systems wrote it down."""
    rows = tuple(
        (
            (visible(one.to),),
            (day(one.on),),
            (visible(", ".join(one.items)) or "이 분류의 항목 전체",),
            (visible(one.basis), *((visible(one.article),) if one.article else ())),
        )
        for one in provided
    )
    head = ("받은 곳", "제공한 날", "제공한 항목", "근거")
    return _table("제3자에게 제공한 기록", _NONE_RECORDED, head, rows, lead=(_FORBIDDEN,))


def _processors(processors: tuple[ProvisionTold, ...]) -> Part:
    rows = tuple(((visible(one.name),), (visible(one.purpose) or "-",)) for one in processors)
    none = "처리를 맡긴 곳이 없습니다."
    return _table("처리를 맡긴 곳(수탁자)", none, ("맡긴 곳", "맡긴 일"), rows, lead=_ENTRUSTED)


def _consents(consents: tuple[ConsentTold, ...]) -> Part:
    rows = tuple(((visible(one.purpose),), lines(one.content) or ("-",), (_consented(one),)) for one in consents)
    none, lead = "동의를 받아 처리하는 것이 없습니다.", () if all(one.given_on for one in consents) else _CONSENTED
    return _table("처리에 동의한 사실 및 내용", none, ("목적", "동의한 내용", "동의한 날"), rows, lead=lead)


def _consented(consent: ConsentTold) -> str:
    given = day(consent.given_on) if consent.given_on else "이 자료에 없음"
    return f"{given} (철회: {day(consent.withdrawn_on)})" if consent.withdrawn_on else given


def _withheld(withheld: tuple[WithheldTold, ...]) -> Iterable[Part]:
    rows = tuple(
        (
            (visible(one.label),),
            (
                visible(one.ground.article),
                *lines(one.ground.text),
                *(visible(f"· {fact}") for fact in one.ground.facts),
            ),
        )
        for one in withheld
    )
    return (Part("열람하실 수 없는 항목", head=("항목", "근거"), rows=rows),) if rows else ()


def _table(
    label: str,
    none: str,
    head: tuple[str, ...],
    rows: tuple[tuple[tuple[str, ...], ...], ...],
    *,
    lead: tuple[str, ...] = (),
) -> Part:
    return Part(label, lead, head=head, rows=rows) if rows else Part(label, (none,))
