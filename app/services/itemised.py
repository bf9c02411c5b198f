"""An item of a claim in the words that its person is told: its name, and the ground that stands against it."""

from typing import Any

from app.desk import Desk
from app.documents.notices import StatedGround
from app.documents.tongue import Tongue, say
from app.law.terms import Label
from app.models import Claim


def ground(desk: Desk, claim: Claim, item: dict[str, Any], tongue: Tongue = "ko") -> StatedGround:
    """The ground of an item as told to the person: article, words, and the facts that meet it (Decree 42(2))."""
    edition = desk.rulebook.named(claim.edition)
    found, record = edition.grounds[item["ground"]], desk.policy.records.get(item["record_class"] or "")
    # What stands in brackets tells the officer how to write the fact; it is not for the person.
    names = {name: say(one, tongue).partition("(")[0].rstrip() for name, one in edition.facts.items()}
    if record is not None:
        names["statute"] = say(record.label, tongue)
    shown = [
        f"{names.get(name, name)}: {value}"
        for name, value in item["facts"].items()
        if name not in ("record_class", "until")
    ]
    return StatedGround(article=say(found.article, tongue), text=say(found.text, tongue), facts=tuple(shown))


def label(desk: Desk, item: str, tongue: Tongue = "ko") -> str:
    """An item in the policy's words: a field or a part of one, a purpose, a kept record, or a whole category."""
    policy = desk.policy
    item, _, hidden = item.partition("#")
    category, kept, record = item.partition(":")
    category, _, name = category.partition(".")
    fields = {one.id: one.label for one in policy.categories[category].fields}
    parts = [policy.categories[category].label]
    if kept:
        parts.append(policy.records[record].label)
    elif name:
        parts.append(fields[name] if name in fields else policy.purposes[name].label)
    if hidden:
        parts.append(_OF_OTHERS)
    return " - ".join(say(one, tongue) for one in parts)


_OF_OTHERS = Label("다른 사람에 관한 부분", "what speaks of somebody else")
