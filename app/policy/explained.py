"""What a policy comes to, by right and category, told to whoever writes it before anybody has asked for anything.

What would be granted, what is kept until when, who decides, by when, with what proof.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.law import assessment, assurance, deadline, proof
from app.law.assessment import Item, Scope
from app.law.controller import Category, Policy
from app.law.terms import Aspect, Capacity, Decider, Edition, ItemOutcome, Label, Method, Relationship, Right
from app.policy import words


@dataclass(frozen=True, slots=True)
class Explained:
    """One right against one category: the items, who decides, until when, and what has to be shown."""

    right: Right
    category: Category
    items: tuple[Item, ...]
    decider: Decider
    due_on: date
    basis: str
    methods: tuple[Method, ...]
    papers: tuple[tuple[Relationship | None, tuple[str, ...]], ...]


def explain(
    policy: Policy,
    edition: Edition,
    right: Right,
    category: Category,
    capacity: Capacity,
    *,
    arrived: date,
    closed: Callable[[date], str | None],
) -> Explained:
    """The answer to a claim that arrives on a day, if somebody is well identified and something is held."""
    media = category.media and right is Right.ACCESS
    scope = Scope(
        right,
        (category.id,),
        aspects=tuple(Aspect),
        changes=tuple((category.id, one.id) for one in category.fields) if right is Right.CORRECTION else (),
        media=media,
    )
    items = assessment.assess(
        scope, policy, edition, since=arrived, on=arrived, holders={}, nothing_held=False, capacity=capacity
    )
    plain = assessment.uncontested(
        items,
        one_match_or_nothing=True,
        assured=True,
        free_text=category.has_free_text and right is Right.ACCESS,
        other_open=False,
        media=media,
    )
    clock = deadline.due(
        arrived,
        edition.days[right],
        closed,
        basis=edition.basis[right],
        margin=policy.settled.internal_margin_working_days,
    )
    kinds: tuple[Relationship | None, ...] = tuple(Relationship) if capacity is Capacity.GUARDIAN else (None,)
    return Explained(
        right=right,
        category=category,
        items=items,
        decider=assessment.decides(
            policy, right, capacity, uncontested=plain, short_lived=category.short_lived, items=items
        ),
        due_on=clock.due_on,
        basis=edition.basis[right],
        methods=tuple(
            one for one in Method if assurance.suffices(policy, (one,), right, (category.id,), capacity=capacity)
        ),
        papers=tuple((kind, proof.papers(policy, capacity, kind)) for kind in kinds),
    )


def told(policy: Policy, one: Explained, language: str) -> Iterator[str]:
    """It in plain lines of Korean or English."""
    korean = language == "ko"

    def say(label: Label) -> str:
        return label.ko if korean else label.en

    yield f"{say(one.category.label)} ({one.category.id}) · {say(words.RIGHTS[one.right][0])}"
    yield f"  {say(_DUE)}: {one.due_on.isoformat()} ({one.basis})"
    yield f"  {say(_DECIDES)}: {say(_DECIDERS[one.decider])}"
    yield f"  {say(_PROOF)}: {', '.join(say(words.METHODS[method]) for method in one.methods)}"
    for kind, papers in one.papers:
        if papers:
            whose = f" ({say(words.RELATIONSHIPS[kind])})" if kind else ""
            yield f"  {say(_PAPERS)}{whose}: {', '.join(say(policy.documents[paper].label) for paper in papers)}"
    if not one.items:
        yield f"  - {say(_NOTHING)}"
    for item in one.items:
        name, outcome = say(_name(policy, item)), say(_OUTCOMES[item.proposed])
        until = f" ~ {item.until.isoformat()}" if item.until else ""
        yield f"  - {name}: {outcome}{until} ({item.basis})"
        if item.proposed is not ItemOutcome.GRANT:
            yield f"      {say(item.text)}"


def _name(policy: Policy, item: Item) -> Label:
    """The field, the purpose or the record that an item is about, as people call it."""
    category, _, name = item.item.replace(":", ".").partition(".")
    found = policy.categories[category]
    if item.record_class is not None:
        return policy.records[item.record_class].label
    known = {field.id: field.label for field in found.fields}
    if name in known:
        return known[name]
    return policy.purposes[name].label if name in policy.purposes else found.label


_DUE = Label("기한", "due")
_DECIDES = Label("결정", "decides")
_PROOF = Label("본인 확인(하나)", "proof (one of)")
_PAPERS = Label("서류(모두)", "papers (all of)")
_NOTHING = Label("이 권리로 요구할 것이 없음", "nothing to ask for by this right")
_DECIDERS = {
    Decider.MACHINE: Label("다툼이 없으면 바로 허용", "granted at once where uncontested"),
    Decider.OFFICER: Label("담당자", "an officer"),
    Decider.TWO: Label("담당자와 보호책임자 두 사람", "two people, officer and approver"),
}
_OUTCOMES = {
    ItemOutcome.GRANT: Label("허용", "granted"),
    ItemOutcome.REFUSE: Label("거절을 제안", "proposed for refusal"),
    ItemOutcome.KEEP: Label("나누어 보존", "kept apart"),
    ItemOutcome.HAND_OVER: Label("다른 처리자에게 넘김", "passed on to another controller"),
}
