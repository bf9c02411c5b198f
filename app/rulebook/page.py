"""docs/rulebook.md: the rulebook as a lawyer reads it, by right; `python -m app.rulebook` writes it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from app.law.controller import RecordClass
from app.law.terms import ControllerKind, Decider, Ground, Label, Right, Span
from app.rulebook.edition import LabelledEdition

_RIGHTS = {
    Right.ACCESS: Label("열람", "Access"),
    Right.CORRECTION: Label("정정", "Correction"),
    Right.DELETION: Label("삭제", "Deletion"),
    Right.SUSPENSION: Label("처리정지", "Suspension of processing"),
    Right.CONSENT_WITHDRAWAL: Label("동의 철회", "Withdrawal of consent"),
}
_EFFECTS = {
    "refuse": "refuses, or restricts a part",
    "restrict": "restricts a part",
    "keep": "keeps a record apart",
    "postpone": "puts off",
    "except": "the right does not reach it",
}
_DECIDERS = {Decider.TWO: "two people", Decider.OFFICER: "an officer", Decider.MACHINE: "the machine"}
_HEAD = """# The rulebook

What the law says to each right, as this release knows it: the days, the closed list of grounds with the facts that each
must state, and the records that other statutes keep. It is written from `app/law/editions` and `app/law/sectors` by
`python -m app.rulebook`; do not edit it. The edition in force on the day a claim arrived applies to it to the end.
"""


def page(editions: Sequence[LabelledEdition]) -> str:
    """The page for these editions, the oldest first; of one that amends another, what it changes."""
    lines = [_HEAD]
    for at, one in enumerate(editions):
        lines += _heading(one)
        lines += _whole(one) if one.amends is None else _changes(one, editions[at - 1])
    return "\n".join(lines).rstrip() + "\n"


def _heading(edition: LabelledEdition) -> Iterator[str]:
    yield f"## Edition {edition.id}\n"
    last = f"to {edition.valid_to}" if edition.valid_to else "until a later edition begins"
    yield f"In force from {edition.valid_from} {last}.\n"
    yield from (f"- {source}" for source in edition.sources)
    yield ""


def _whole(edition: LabelledEdition) -> Iterator[str]:
    yield from _days(edition)
    for right in Right:
        yield from _right(edition, right)
    yield from _records(edition)


def _changes(edition: LabelledEdition, before: LabelledEdition) -> Iterator[str]:
    yield f"It amends the edition {before.id}; every word of that which is not told here stands.\n"
    periods = [*_days(edition)] if [*_days(edition)] != [*_days(before)] else []
    changed = [one for one in edition.grounds.values() if not _same(edition, before, one)]
    ended = sorted(before.grounds.keys() - edition.grounds.keys())
    yield from periods
    for one in changed:
        yield from _ground(edition, one)
    yield from (f"**{name}** has ended.\n" for name in ended)
    if not (periods or changed or ended):
        yield "No period and no ground changes.\n"


def _same(edition: LabelledEdition, before: LabelledEdition, one: Ground) -> bool:
    old = before.grounds.get(one.id)
    words = all(edition.facts[name] == before.facts.get(name) for name in one.facts)
    return old is not None and words and replace(one, valid_to=old.valid_to) == old


def _days(edition: LabelledEdition) -> Iterator[str]:
    """Every period of the edition with its basis."""
    yield "### Periods\n"
    yield "| what | within | basis |\n|---|---|---|"
    for right in Right:
        yield f"| {_both(_RIGHTS[right])} | {edition.days[right]} days of arrival | {edition.basis[right]} |"
    put_off = ", ".join(_RIGHTS[right].ko for right in Right if right in edition.deferral.rights)
    for what, days, basis in (
        (f"after the cause of a postponement ({put_off}) has ended", edition.deferral.days, edition.deferral.basis),
        ("answer to an objection (이의제기)", edition.objection.days, edition.objection.basis),
        ("what follows a suspension (처리정지 뒤의 조치)", edition.follow_up.days, edition.follow_up.basis),
        ("destruction of what is no longer needed (파기)", edition.destruction.days, edition.destruction.basis),
    ):
        yield f"| {what} | {days} days | {basis} |"
    leak = edition.leak
    yield f"| telling a leak (유출등) | {leak.hours} hours; reported from {leak.subjects} people on | {leak.basis} |"
    yield f"\nForms 8 to 11: {edition.forms}."
    yield "\nThe day of arrival is not counted; an answer due on a day off is due on the next working day.\n"


def _right(edition: LabelledEdition, right: Right) -> Iterator[str]:
    """A right with each of its grounds."""
    yield f"### {_both(_RIGHTS[right])} · {_both(edition.articles[right])}\n"
    if right not in edition.deferral.rights:
        yield "Cannot be put off (the law provides for it with access alone).\n"
    for one in edition.grounds.values():
        if right in one.rights:
            yield from _ground(edition, one)


def _ground(edition: LabelledEdition, one: Ground) -> Iterator[str]:
    facts = "; ".join(f"`{name}` {_both(edition.facts[name])}" for name in one.facts)
    yield f"**{one.id}** · {_both(one.article)}\n"
    yield f"- effect: {_EFFECTS[one.effect]}; applied by {_DECIDERS[one.applied_by]}; open to {_open_to(one)}{_on(one)}"
    yield f"- facts to state: {facts}"
    yield f"- {one.text.ko}"
    yield f"- {one.text.en}"
    yield f"- in force {_dates(one.valid_from, one.valid_to)}"
    if one.id in edition.notes:
        yield f"- not sure: {edition.notes[one.id]}"
    yield ""


def _open_to(one: Ground) -> str:
    return "public bodies alone" if one.controllers == {ControllerKind.PUBLIC_BODY} else "every controller"


def _on(one: Ground) -> str:
    return {True: "; of footage only", False: "; not of footage", None: ""}[one.media]


def _records(edition: LabelledEdition) -> Iterator[str]:
    """What other statutes keep although deletion is asked."""
    yield "### Records kept by other statutes (Article 21(1), proviso)\n"
    yield "Only the record is kept, apart and for nothing else; everything beside it is deleted."
    yield "Which of these classes a controller has stands in its policy.\n"
    yield "| class | record | statute | kept | in force |\n|---|---|---|---|---|"
    for one in edition.records.values():
        yield f"| `{one.id}` | {_both(one.label)} | {one.statute.ko} {one.article} | {_kept(edition, one)} |"
    yield ""


def _kept(edition: LabelledEdition, one: RecordClass) -> str:
    least = "at least " if one.at_least else ""
    unsure = "" if one.sure else f" (not sure: {edition.notes[one.id]})"
    return f"{least}{_span(one.span)}{unsure} | {_dates(one.valid_from, one.valid_to)}"


def _span(span: Span) -> str:
    counted = ((span.years, "year"), (span.months, "month"), (span.days, "day"))
    return " ".join(f"{number} {unit}{'s' if number > 1 else ''}" for number, unit in counted if number)


def _dates(first: date | None, last: date | None) -> str:
    return f"{f'from {first}' if first else 'always'}{f' to {last}' if last else ''}"


def _both(label: Label) -> str:
    return f"{label.ko} ({label.en})"
