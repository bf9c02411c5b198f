"""The request that a filled form makes, and where on the form a problem belongs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from examples.website import footage
from examples.website.choices import SELF, Asked, Choice, Choices, Standing

JSON = dict[str, Any]
Typed = Mapping[str, Sequence[str]]
CORRECTIONS = range(1, 5)
ADDRESS = ("postal_code", "road_address", "detail")
REQUESTER, MANDATE = "requester_", "mandate_"


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form: the request it makes, the part of the form each claim came from, what is plainly missing."""

    request: JSON
    parts: tuple[str, ...]
    missing: dict[str, str]


def standing_of(typed: Typed, choices: Choices) -> Standing:
    """Return the standing in which this form asks."""
    return choices.standing(one(typed, "capacity"))


def read(typed: Typed, choices: Choices) -> Filled:
    """Return the request of a filled form. The desk checks it; here only what no request can do without."""
    standing = standing_of(typed, choices)
    claims: dict[str, JSON] = {}
    for part, make in PARTS.items():
        claim = make(typed, choices) if part in choices.rights else None
        if claim is not None:
            claims[part] = claim
    if (film := footage.claim(typed, choices)) is not None:
        claims[footage.PART] = film
    request: JSON = {
        "capacity": standing.id,
        "channel": "web",
        "subject": _subject(typed, choices),
        "claims": list(claims.values()),
        "notify_by": one(typed, "notify_by") or "email",
        "language": "ko",
    }
    if standing.id != SELF:
        request["requester"] = _filled(typed, REQUESTER, standing.requester)
    if standing.mandate:
        request["mandate"] = _filled(typed, MANDATE, standing.mandate)
    return Filled(request, tuple(claims), _missing(typed, claims, choices, standing))


def _missing(typed: Typed, claims: Mapping[str, JSON], choices: Choices, standing: Standing) -> dict[str, str]:
    missing = _missing_requester(typed, standing)
    for asked in choices.subject:
        if (asked.required or asked.id in standing.subject_also) and not one(typed, asked.id):
            missing[asked.id] = _please(asked)
    if not any(one(typed, name) for name in choices.subject_one_of):
        missing[_first(choices.subject_one_of)] = _one_of(choices.subject, choices.subject_one_of)
    missing |= {MANDATE + asked.id: _please(asked) for asked in standing.mandate if _lacks(typed, MANDATE, asked)}
    missing |= footage.missing(claims.get(footage.PART))
    if not claims:
        missing["rights"] = "무엇을 요구하시는지 하나 이상 골라 주십시오."
    if "suspension" in claims and one(typed, "ends_contract") not in ("yes", "no"):
        missing["ends_contract"] = "계약도 해지하시는지 골라 주십시오."
    if not _ticked(typed, "notify_by", choices.notify_by):
        missing["notify_by"] = "결과를 받으실 방법을 골라 주십시오."
    return missing


def _missing_requester(typed: Typed, standing: Standing) -> dict[str, str]:
    asked = standing.requester
    missing = {REQUESTER + field.id: _please(field) for field in asked if _lacks(typed, REQUESTER, field)}
    one_of = standing.requester_one_of
    if one_of and not any(one(typed, REQUESTER + name) for name in one_of):
        missing[REQUESTER + _first(one_of)] = _one_of(asked, one_of)
    return missing


def _lacks(typed: Typed, before: str, asked: Asked) -> bool:
    return asked.required and not _value(typed, before, asked)


def _please(asked: Asked) -> str:
    return f"{asked.label}: {'골라' if asked.options else '적어'} 주십시오."


def _one_of(fields: Iterable[Asked], names: Sequence[str]) -> str:
    labels = [field.label for field in fields if field.id in names]
    return f"{', '.join(labels)} 가운데 하나를 적어 주십시오."


def _first(names: Sequence[str]) -> str:
    return names[0] if names else "name"


def _subject(typed: Typed, choices: Choices) -> JSON:
    plain = [field for field in choices.subject if field.input != "address"]
    address = {name: one(typed, name) for name in ADDRESS if one(typed, name)}
    return _filled(typed, "", plain) | ({"address": address} if address else {})


def _filled(typed: Typed, before: str, fields: Iterable[Asked]) -> JSON:
    """Return what was typed or chosen for these fields; what was left empty is not sent."""
    found = {field.id: _value(typed, before, field) for field in fields}
    return {name: value for name, value in found.items() if value}


def _value(typed: Typed, before: str, asked: Asked) -> str | list[str]:
    name = before + asked.id
    if asked.input == "choices":
        return _ticked(typed, name, asked.options)
    if asked.input == "choice":
        return next(iter(_ticked(typed, name, asked.options)), "")
    return one(typed, name)


def _access(typed: Typed, choices: Choices) -> JSON | None:
    aspects = _ticked(typed, "access_aspects", choices.aspects)
    if not aspects:
        return None
    categories = _ticked(typed, "access_categories", choices.categories)
    return {"right": "access", "aspects": aspects, "delivery": "electronic"} | (
        {"categories": categories} if categories else {}
    )


def _correction(typed: Typed, _: Choices) -> JSON | None:
    changes = []
    for row in CORRECTIONS:
        category, _dot, field = one(typed, f"correction_field_{row}").partition(".")
        corrected = one(typed, f"correction_corrected_{row}")
        if field or corrected:
            current = one(typed, f"correction_current_{row}") or None
            changes.append({"category": category, "field": field, "current": current, "corrected": corrected})
    return {"right": "correction", "changes": changes} if changes else None


def _deletion(typed: Typed, choices: Choices) -> JSON | None:
    claim: JSON = {"right": "deletion"} | _reason(typed, "deletion_reason")
    if "yes" in _all(typed, "deletion_all"):
        return claim
    categories = _ticked(typed, "deletion_categories", choices.categories)
    fields = [field.partition(".") for field in _ticked(typed, "deletion_fields", choices.fields)]
    if not categories and not fields:
        return None
    named = [{"category": category, "field": field} for category, _dot, field in fields]
    return claim | ({"categories": categories} if categories else {}) | ({"fields": named} if named else {})


def _suspension(typed: Typed, choices: Choices) -> JSON | None:
    purposes = _ticked(typed, "suspension_purposes", choices.purposes)
    if not purposes:
        return None
    ends = one(typed, "ends_contract") == "yes"
    claim = {"right": "suspension", "purposes": purposes, "categories": None, "ends_contract": ends}
    return claim | _reason(typed, "suspension_reason")


def _withdrawal(typed: Typed, choices: Choices) -> JSON | None:
    purposes = _ticked(typed, "withdrawal_purposes", choices.consents)
    return {"right": "consent_withdrawal", "purposes": purposes} if purposes else None


PARTS = {
    "access": _access,
    "correction": _correction,
    "deletion": _deletion,
    "suspension": _suspension,
    "consent_withdrawal": _withdrawal,
}


def place(pointer: str, filled: Filled, choices: Choices) -> str:
    """Return the id of the part of the form that a problem's pointer means."""
    names, standing = pointer.strip("/").split("/"), choices.standing(filled.request["capacity"])
    if names[0] == "subject":
        return _place_of_subject(names, choices)
    for before, fields in ((REQUESTER, standing.requester), (MANDATE, standing.mandate)):
        if f"{names[0]}_" == before and fields:
            known = {field.id for field in fields}
            return before + (names[1] if len(names) > 1 and names[1] in known else fields[0].id)
    if names[0] == "claims" and len(names) > 1 and names[1].isdigit() and int(names[1]) < len(filled.parts):
        return "ends_contract" if names[-1] == "ends_contract" else filled.parts[int(names[1])]
    return "notify_by" if names[0] == "notify_by" else "rights"


def _place_of_subject(names: Sequence[str], choices: Choices) -> str:
    if names[1:] == ["address"]:
        return "road_address"
    return names[-1] if len(names) > 1 else _first(choices.subject_one_of)


def one(typed: Typed, name: str) -> str:
    """Return the one value of a field, without the space around it."""
    values = typed.get(name) or [""]
    return values[0].strip()


def _reason(typed: Typed, name: str) -> JSON:
    reason = one(typed, name)
    return {"reason": reason} if reason else {}


def _all(typed: Typed, name: str) -> Sequence[str]:
    return typed.get(name) or ()


def _ticked(typed: Typed, name: str, offered: tuple[Choice, ...]) -> list[str]:
    ticked = set(_all(typed, name))
    return [option.id for option in offered if option.id in ticked]
