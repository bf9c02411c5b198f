"""What changed between two policies, in words, and whether a promise to the people was lowered by it (Act 30, 30-3).

Where the published policy and anything else differ, what favours the person holds; so a change that favours them less
is one that somebody has to mean. Keeping longer, collecting more, giving to more, asking for more proof: all lower it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.law import period
from app.law.controller import Category, Policy, Purpose, RecordClass
from app.law.proposal import span_en, span_ko
from app.law.terms import Basis, Label, Span

_ANY_DAY = date(2001, 1, 31)
"""Periods of months and days are compared from one day; which it is makes no difference that matters here."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise: where, what, and whether it favours the person less."""

    place: str
    said: Label
    lowered: bool


def compare(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Every change from one policy to the next, those of what is held first."""
    return (
        *_categories(old, new),
        *_purposes(old, new),
        *_records(old, new),
        *_recipients(old, new),
        *_ways(old, new),
        *_promises(old, new),
        *_children(old, new),
        *_settled(old, new),
    )


def _categories(old: Policy, new: Policy) -> Iterator[Change]:
    for name, one in _come(old.categories, new.categories):
        yield _new(f"categories.{name}", "분류", "category", one.label, lowered=True)
    for name, one in _come(new.categories, old.categories):
        yield _gone(f"categories.{name}", "분류", "category", one.label, lowered=False)
    for name in _both(old.categories, new.categories):
        yield from _category(f"categories.{name}", old.categories[name], new.categories[name], new)


def _category(place: str, old: Category, new: Category, policy: Policy) -> Iterator[Change]:
    yield from _fields(place, old, new)
    yield from _pursued(place, old, new, policy)
    if old.span != new.span:
        yield _period(f"{place}.span", old.span, new.span)
    elif old.retention != new.retention:
        said = Label(f"보유 기간의 글이 바뀜: {new.retention.ko}", f"the words on keeping changed: {new.retention.en}")
        yield Change(f"{place}.retention", said, lowered=False)
    yield from _kept(place, old, new, policy)
    yield from _turned(place, asdict(old), asdict(new), _CATEGORY_TURNS)


def _fields(place: str, old: Category, new: Category) -> Iterator[Change]:
    before, after = ({one.id: one.label for one in category.fields} for category in (old, new))
    for name, label in _come(before, after):
        yield _new(f"{place}.{name}", "항목", "field", label, lowered=True)
    for name, label in _come(after, before):
        yield _gone(f"{place}.{name}", "항목", "field", label, lowered=False)


def _pursued(place: str, old: Category, new: Category, policy: Policy) -> Iterator[Change]:
    for name in sorted(set(new.purposes) - set(old.purposes)):
        label = policy.purposes[name].label
        yield _new(f"{place}.purposes.{name}", "이용 목적", "purpose", label, lowered=True)
    for name in sorted(set(old.purposes) - set(new.purposes)):
        said = Label(f"이용 목적 '{name}'이 빠짐", f"purpose '{name}' no longer pursued")
        yield Change(f"{place}.purposes.{name}", said, lowered=False)


def _kept(place: str, old: Category, new: Category, policy: Policy) -> Iterator[Change]:
    for name in sorted(set(new.records) - set(old.records)):
        label = policy.records[name].label
        yield _new(f"{place}.records.{name}", "법정 보존 기록", "record kept", label, lowered=True)
    for name in sorted(set(old.records) - set(new.records)):
        said = Label(f"법정 보존 기록 '{name}'이 빠짐", f"records '{name}' no longer kept")
        yield Change(f"{place}.records.{name}", said, lowered=False)


def _purposes(old: Policy, new: Policy) -> Iterator[Change]:
    for name, one in _come(old.purposes, new.purposes):
        yield _new(f"purposes.{name}", "이용 목적", "purpose", one.label, lowered=True)
    for name, one in _come(new.purposes, old.purposes):
        yield _gone(f"purposes.{name}", "이용 목적", "purpose", one.label, lowered=False)
    for name in _both(old.purposes, new.purposes):
        yield from _purpose(f"purposes.{name}", old.purposes[name], new.purposes[name])


def _purpose(place: str, old: Purpose, new: Purpose) -> Iterator[Change]:
    if old.basis is not new.basis:
        said = Label(
            f"근거가 {old.basis}에서 {new.basis}(으)로 바뀜", f"rests on {new.basis}, no longer on {old.basis}"
        )
        yield Change(f"{place}.basis", said, lowered=old.basis is Basis.CONSENT)
    if new.indispensable and not old.indispensable:
        said = Label("계약에 꼭 필요하다고 함", "is now said to be indispensable to the contract")
        yield Change(f"{place}.indispensable", said, lowered=True)
    if old.indispensable and not new.indispensable:
        said = Label("계약에 꼭 필요하다고 하지 않음", "is no longer said to be indispensable")
        yield Change(f"{place}.indispensable", said, lowered=False)


def _records(old: Policy, new: Policy) -> Iterator[Change]:
    for name, one in _come(old.records, new.records):
        yield _new(f"records.{name}", "법정 보존 기록", "record kept by statute", one.label, lowered=True)
    for name, one in _come(new.records, old.records):
        yield _gone(f"records.{name}", "법정 보존 기록", "record kept by statute", one.label, lowered=False)
    for name in _both(old.records, new.records):
        yield from _record(f"records.{name}", old.records[name], new.records[name])


def _record(place: str, old: RecordClass, new: RecordClass) -> Iterator[Change]:
    if old.span != new.span:
        yield _period(f"{place}.span", old.span, new.span)
    if (old.statute, old.article) != (new.statute, new.article):
        said = Label(f"근거가 바뀜: {new.statute.ko} {new.article}", f"rests on {new.statute.en} {new.article}")
        yield Change(f"{place}.statute", said, lowered=False)


def _recipients(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = ({one.id: one for one in policy.parties} for policy in (old, new))
    for name, one in _come(before, after):
        ko, en = _PARTY[one.kind]
        yield _new(f"{_PLACE[one.kind]}.{name}", ko, en, one.label, lowered=True)
    for name, one in _come(after, before):
        ko, en = _PARTY[one.kind]
        yield _gone(f"{_PLACE[one.kind]}.{name}", ko, en, one.label, lowered=False)
    for name in _both(before, after):
        if before[name].task != after[name].task or before[name].kind != after[name].kind:
            task = after[name].task
            said = Label(f"맡기거나 제공하는 일이 바뀜: {task.ko}", f"does something else: {task.en}")
            yield Change(f"{_PLACE[after[name].kind]}.{name}", said, lowered=False)
    yield from _held(old, new)


def _held(old: Policy, new: Policy) -> Iterator[Change]:
    """What those hold who were named before and are still: to hold more favours the person less."""
    before, after = ({(one.kind, one.id): one for one in policy.holders} for policy in (old, new))
    for key, one in after.items():
        if key not in before or one.kind not in _PLACE:
            continue
        place, was = f"{_PLACE[one.kind]}.{one.id}.categories", before[key].categories
        for name in sorted(set(one.categories) - set(was)):
            yield _new(f"{place}.{name}", "다루는 분류", "category held", new.categories[name].label, lowered=True)
        for name in sorted(set(was) - set(one.categories)):
            yield _gone(f"{place}.{name}", "다루는 분류", "category held", old.categories[name].label, lowered=False)


def _ways(old: Policy, new: Policy) -> Iterator[Change]:
    """Rights, the ways to ask for them, and what has to be shown."""
    for name, ko, en in (("rights", "권리", "right"), ("channels", "요구하는 길", "way to ask")):
        before, after = (_labelled(policy, name) for policy in (old, new))
        for one, label in _come(before, after):
            yield _new(f"{name}.{one}", ko, en, label, lowered=False)
        for one, label in _come(after, before):
            yield _gone(f"{name}.{one}", ko, en, label, lowered=True)
    yield from _proofs(_papers(old), _papers(new))
    yield from _turned("fees", asdict(old.fees), asdict(new.fees), _FEE_TURNS)


def _proofs(old: Mapping[str, set[str]], new: Mapping[str, set[str]]) -> Iterator[Change]:
    for case in _both(old, new):
        asked, dropped = ", ".join(sorted(new[case] - old[case])), ", ".join(sorted(old[case] - new[case]))
        if asked:
            said = Label(f"서류를 더 요구함: {asked}", f"asks for more papers: {asked}")
            yield Change(f"proofs.{case}", said, lowered=True)
        if dropped:
            said = Label(f"서류를 덜 요구함: {dropped}", f"asks for fewer papers: {dropped}")
            yield Change(f"proofs.{case}", said, lowered=False)


def _promises(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = ([(one["chapter"], one["text"]) for one in _list(policy, "promises")] for policy in (old, new))
    for chapter, text in after:
        if (chapter, text) not in before:
            yield _new(f"promises.{chapter}", "약속", "promise", Label(text["ko"], text["en"]), lowered=False)
    for chapter, text in before:
        if (chapter, text) not in after:
            yield _gone(f"promises.{chapter}", "약속", "promise", Label(text["ko"], text["en"]), lowered=True)


def _children(old: Policy, new: Policy) -> Iterator[Change]:
    for name in sorted((old.child_purposes - new.child_purposes) & new.purposes.keys()):
        said = Label(f"아동에게 쓰지 않던 목적 '{name}'을 쓰게 됨", f"'{name}' is no longer barred for children")
        yield Change(f"children.refused_purposes.{name}", said, lowered=True)
    for name in sorted(new.child_purposes - old.child_purposes):
        said = Label(f"아동에게 목적 '{name}'을 쓰지 않게 됨", f"'{name}' is now barred for children")
        yield Change(f"children.refused_purposes.{name}", said, lowered=False)
    days = [one.cameras.kept_days if one.cameras else 0 for one in (old, new)]
    if days[0] != days[1]:
        said = Label(
            f"영상 보관 기간이 {days[0]}일에서 {days[1]}일로 바뀜", f"footage is kept {days[1]} days, not {days[0]}"
        )
        yield Change("cameras.kept_days", said, lowered=days[1] > days[0])


def _settled(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = asdict(old.settled), asdict(new.settled)
    for name in after:
        was, now = before[name], after[name]
        if was != now:
            lowered = (name in _LESS_LOWERS and now < was) or (name in _MORE_LOWERS and now > was)
            yield Change(f"settled.{name}", Label(f"{was}에서 {now}(으)로 바뀜", f"{now}, was {was}"), lowered=lowered)


def _turned(
    place: str, old: Mapping[str, Any], new: Mapping[str, Any], turns: Mapping[str, tuple[str, str]]
) -> Iterator[Change]:
    """What is on that was off, and the other way; being on favours the person less."""
    for name, (ko, en) in turns.items():
        if bool(old[name]) != bool(new[name]):
            word = (": 그렇게 됨", "now") if new[name] else (": 그렇지 않게 됨", "no longer")
            yield Change(f"{place}.{name}", Label(f"{ko}{word[0]}", f"{word[1]} {en}"), lowered=bool(new[name]))


def _period(place: str, old: Span | None, new: Span | None) -> Change:
    """A change of a period; without one the data goes as soon as its purpose is met."""
    ko = f"기간이 {_ko(old)}에서 {_ko(new)}(으)로 바뀜"
    return Change(place, Label(ko, f"kept {_en(new)}, was {_en(old)}"), lowered=_length(new) > _length(old))


def _length(span: Span | None) -> date:
    return period.last_day(_ANY_DAY, span) if span else _ANY_DAY


def _ko(span: Span | None) -> str:
    return span_ko(span) if span else "목적을 이룰 때"


def _en(span: Span | None) -> str:
    return span_en(span) if span else "until the purpose is met"


def _new(place: str, ko: str, en: str, label: Label, *, lowered: bool) -> Change:
    return Change(place, Label(f"새 {ko}: {label.ko}", f"new {en}: {label.en}"), lowered)


def _gone(place: str, ko: str, en: str, label: Label, *, lowered: bool) -> Change:
    return Change(place, Label(f"없어진 {ko}: {label.ko}", f"{en} gone: {label.en}"), lowered)


def _come(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, one) for name, one in new.items() if name not in old)


def _both(old: Iterable[str], new: Mapping[str, Any]) -> list[str]:
    return [name for name in old if name in new]


def _labelled(policy: Policy, name: str) -> dict[str, Label]:
    return {one["id"]: Label(one["label"]["ko"], one["label"]["en"]) for one in _list(policy, name)}


def _papers(policy: Policy) -> dict[str, set[str]]:
    """The papers of each standing, by what a guardian is, or for a delegate."""
    found: dict[str, set[str]] = {}
    for rule in policy.proofs:
        kinds = [one.value for one in rule.relationships] or [rule.capacity.value]
        found |= {one: set(rule.documents) for one in sorted(kinds)}
    return found


def _list(policy: Policy, name: str) -> list[dict[str, Any]]:
    found: Any = policy.document[name]
    return list(found)


_PLACE = {"processor": "processors", "third_party": "third_parties"}
_PARTY = {"processor": ("수탁자", "processor"), "third_party": ("제공받는 자", "recipient")}
_CATEGORY_TURNS = {
    "statute_names_it": ("다른 법령이 수집 대상으로 명시한다고 함", "said to be named by another statute"),
    "pseudonymised": ("가명처리한다고 함", "said to be pseudonymised"),
    "owner": ("다른 처리자의 것이라고 함", "said to belong to another controller"),
}
_FEE_TURNS: Mapping[str, tuple[str, str]] = {"charged": ("수수료를 받음", "charging fees")}
# Fewer of these days, or more of those, favour the person less. What is in neither is told and judged by nobody.
_LESS_LOWERS = {
    "objection_window_days",
    "package_days",
    "mandate_days",
    "late_objections",
    "claims_per_request",
    "provisions_kept_days",
}
_MORE_LOWERS = {
    "postponement_days",
    "task_working_days",
    "unconfirmed_days",
    "freeze_ruling_working_days",
    "requests_kept_years",
}
