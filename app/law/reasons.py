"""Why an item is proposed as it is: a tree that an officer can read and a test can compare (Act 35(4), 36, 37, 21).

A reason says a rule, its article, whether it holds here, and what it rests on in turn. It is told for every item, also
where it is granted: that a ground is open but nobody has stated its facts is worth knowing too.
"""

from dataclasses import dataclass
from datetime import date

from app.law import grounds, retention
from app.law.controller import Category, Field, Policy
from app.law.terms import Basis, ControllerKind, Edition, Ground, Label, Right


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule as it is read here: its article, whether it holds, in what words, and because of what."""

    rule: str
    article: str
    holds: bool
    said: Label
    because: tuple["Reason", ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reasons of one claim are read from."""

    right: Right
    policy: Policy
    edition: Edition
    since: date
    on: date
    ends_contract: bool
    media: bool


def of(
    reading: Reading,
    category: Category,
    *,
    purpose: str | None,
    ground: str | None,
    holders: int,
    field: str | None = None,
) -> tuple[Reason, ...]:
    """Held by whom, resting on what, kept by which statute until when, and every ground with why it holds or not.

    Of a correction also whether it can be checked without a paper (Act 36(5)).
    """
    whole = [_held(category, holders)]
    whole += [_resting(reading.policy, one) for one in category.purposes if purpose in (None, one)]
    if reading.right in _DESTROYING:
        whole += _kept(reading, category)
    if reading.right is Right.CORRECTION:
        whole += [_checked(reading.policy, one) for one in category.fields if one.id == field]
    whole += [
        _ground(reading, one, ground)
        for one in reading.edition.grounds.values()
        if reading.right in one.rights and one.effect != "postpone" and one.media in (None, reading.media)
    ]
    return tuple(whole)


_DESTROYING = (Right.DELETION, Right.CONSENT_WITHDRAWAL)


def _held(category: Category, holders: int) -> Reason:
    said = Label(f"이 분류를 가진 곳 {holders}곳", f"held at {holders} place(s)")
    return Reason("held", f"처리방침 {category.chapter}", holders > 0, said)


def _resting(policy: Policy, name: str) -> Reason:
    purpose = policy.purposes[name]
    ko, en = _BASES[purpose.basis]
    said = Label(f"{purpose.label.ko}: {ko}에 근거", f"{purpose.label.en}: rests on {en}")
    return Reason(f"purpose.{name}", _BASIS_ARTICLE[purpose.basis], True, said)


def _kept(reading: Reading, category: Category) -> list[Reason]:
    """Each record class of the category: from when it is counted, and until when it must or may be kept."""
    found = []
    for one in retention.kept(reading.policy, category.id, reading.since, on=reading.on):
        record = one.record
        until, after = one.until.isoformat(), one.destroy_from.isoformat()
        ko, en = _LEAST if record.at_least else _MOST
        counted = Label(
            f"{reading.since.isoformat()}의 다음 날부터 세어 {ko.format(until=until, after=after)}",
            f"counted from the day after {reading.since.isoformat()}, {en.format(until=until, after=after)}",
        )
        because = Reason("counted", "민법 157·159·160", True, counted)
        article = f"{record.statute.ko} {record.article}"
        found.append(Reason(f"record.{record.id}", article, one.until >= reading.on, record.label, (because,)))
    return found


_LEAST = (
    "적어도 기간이 끝나는 {until}까지 보존하고 {after}부터 파기할 수 있음",
    "kept at least until the period ends on {until}, and may be destroyed from {after}",
)
_MOST = (
    "늦어도 {until}까지 보존하고 {after}에는 파기함",
    "kept until {until} at the latest, and destroyed on {after}",
)


def _checked(policy: Policy, field: Field) -> Reason:
    """Whether a paper is needed to check what is asked; none is called for where a holder sees by itself."""
    if field.proof is None:
        said = Label("증거자료 없이 확인할 수 있는 항목", "can be checked without a paper")
        return Reason("evidence", "법 36⑤", False, said)
    paper = policy.documents[field.proof].label
    said = Label(f"확인에 증거자료가 필요한 항목: {paper.ko}", f"a paper is needed to check it: {paper.en}")
    return Reason("evidence", "법 36⑤", True, said)


def _ground(reading: Reading, one: Ground, chosen: str | None) -> Reason:
    """A ground rests on who the controller is and on facts; only people state those, so until then it does not hold."""
    because = [_kind(reading.policy.kind, one)]
    if one.id == grounds.CONTRACT:
        because.append(_contract(reading.ends_contract))
    stated = one.id == chosen
    facts = ", ".join(one.facts)
    because.append(Reason("facts", one.article.ko, stated, Label(f"필요한 사실: {facts}", f"facts needed: {facts}")))
    return Reason(f"ground.{one.id}", one.article.ko, stated, one.text, tuple(because))


def _kind(kind: ControllerKind, one: Ground) -> Reason:
    if kind in one.controllers:
        return Reason("controller", one.article.ko, True, Label("이 처리자에게 열린 사유", "open to this controller"))
    said = Label("공공기관에만 열린 사유여서 쓸 수 없음", "open to public bodies alone, so never here")
    return Reason("controller", one.article.ko, False, said)


def _contract(ends: bool) -> Reason:
    if ends:
        said = Label("계약을 해지하겠다는 뜻을 밝혀 쓸 수 없음", "the person has said that the contract shall end")
    else:
        said = Label("계약을 해지하겠다는 뜻을 밝히지 않음", "the person has not said that the contract shall end")
    return Reason("contract_goes_on", "법 37②4", not ends, said)


_BASES = {
    Basis.CONSENT: ("동의", "consent"),
    Basis.STATUTE: ("법령상 의무", "a statutory duty"),
    Basis.CONTRACT: ("계약", "a contract"),
    Basis.INTEREST: ("정당한 이익", "a legitimate interest"),
}
_BASIS_ARTICLE = {
    Basis.CONSENT: "법 15①1",
    Basis.STATUTE: "법 15①2",
    Basis.CONTRACT: "법 15①4",
    Basis.INTEREST: "법 15①6",
}
