"""The closed list of reasons for which a right may be cut short (Act 21(1), 35(4), 36(1), 37(2))."""

import re
from collections.abc import Mapping
from datetime import date

from app.errors import Fault, Invalid
from app.law.terms import ControllerKind, Edition, Ground, Right

# Open only while the person has not clearly said that the contract shall end (Act 37(2)4).
CONTRACT = "A37_2_4"
# Nobody may turn it back to see whose it is, so nobody may open, correct or stop it either (Act 28-5, 28-7).
PSEUDONYMISED = "A28_7"

# What the law calls 법률 or 법령. A policy, guideline or rule of the controller's own is none (Act 35(4)1, 36(1)).
_STATUTE = re.compile(
    r"(?<!방)법(?:률|령)?(?=$|[^가-힣]|[에은는을이의과와상제]|시행)|시행령|시행규칙|대통령령|\b(?:Act|Code|Decree)\b"
)

# What refuses a right may also restrict it or keep a part from it; what only keeps a record refuses nothing more.
# Where the rights do not reach at all (Act 28-7, 58(2)) that is told like a refusal.
_SERVING = {
    "refuse": frozenset({"refuse", "restrict", "except"}),
    "keep": frozenset({"keep", "refuse", "restrict"}),
}


def available(
    edition: Edition,
    right: Right,
    controller: ControllerKind,
    effect: str | None,
    on: date,
    *,
    ends_contract: bool,
    media: bool,
) -> tuple[Ground, ...]:
    """The grounds this kind of controller has against a right on a day (Act 35(4), 36(1), 37(2), 21(1)).

    Grounds of public bodies are not open to a company (Act 35(4)3, 37(2)3). `effect` is what shall be done with it
    (`refuse`, `keep`, `postpone`), or None for any. `media`: footage is asked for, not fields.
    """
    return tuple(
        one
        for one in edition.grounds.values()
        if right in one.rights
        and controller in one.controllers
        and (effect is None or one.effect in _SERVING.get(effect, {effect}))
        and _in_force(one, on)
        and one.media in (None, media)
        and not (one.id == CONTRACT and ends_contract)
    )


def check(
    edition: Edition,
    ground_id: str,
    right: Right,
    controller: ControllerKind,
    effect: str,
    facts: Mapping[str, str],
    *,
    on: date,
    ends_contract: bool,
    media: bool = False,
    pointer: str = "",
) -> Ground:
    """The ground, if it is open here and every fact it rests on is said (Act 35(4), 36(4), 37(4)).

    `pointer` is where the item stands in what was sent.
    """
    for one in available(edition, right, controller, effect, on, ends_contract=ends_contract, media=media):
        if one.id == ground_id:
            _check_facts(one, facts, pointer)
            return one
    raise Invalid("ground.not_available", pointer=f"{pointer}/ground", basis=edition.basis.get(right))


def names_statute(text: str) -> bool:
    """Whether a text names an Act or decree rather than the controller's own rule (Act 21(1), 35(4)1, 36(1), 37(2)1).

    A wrong name is for the second person to see; what is plainly no statute does not get that far.
    """
    return _STATUTE.search(text) is not None


def _check_facts(ground: Ground, facts: Mapping[str, str], pointer: str) -> None:
    missing = [name for name in ground.facts if not facts.get(name, "").strip()]
    if missing:
        faults = tuple(Fault(f"{pointer}/facts/{name}", "decision.facts_required") for name in missing)
        raise Invalid("decision.facts_required", faults=faults, basis=ground.article.ko)
    if set(facts) - set(ground.facts):
        raise Invalid("field.unknown", pointer=f"{pointer}/facts")
    if "statute" in ground.facts and not names_statute(facts["statute"]):
        faults = (Fault(f"{pointer}/facts/statute", "decision.facts_required"),)
        raise Invalid("decision.facts_required", faults=faults, basis=ground.article.ko)


def _in_force(ground: Ground, on: date) -> bool:
    return ground.valid_from <= on and (ground.valid_to is None or on <= ground.valid_to)
