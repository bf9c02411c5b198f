"""The form: what may be asked, from the desk's policy, and the request that a filled one makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]
Typed = Mapping[str, Sequence[str]]
CORRECTIONS = range(1, 5)
TEXTS = ("name", "birth_date", "phone", "email", "customer_no")
ADDRESS = ("postal_code", "road_address", "detail")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tick: its id and its Korean label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the policy lets a person choose from."""

    controller: str
    rights: dict[str, str]
    aspects: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    fields: tuple[Choice, ...]
    purposes: tuple[Choice, ...]
    consents: tuple[Choice, ...]
    notify_by: tuple[Choice, ...]
    records: tuple[Choice, ...]

    def name_of(self, item: str) -> str:
        """Return the words for `<category>.<field or purpose>` or, of what a statute keeps, `<category>:<record>`."""
        known = {one.id: one.label for one in (*self.categories, *self.fields, *self.purposes, *self.records)}
        if item in known:
            return known[item]
        parts = item.replace(":", ".").split(".")
        return " - ".join(known.get(one, one) for one in parts)

    @staticmethod
    def of(policy: JSON) -> "Choices":
        """Read the policy's document. Categories without fields (pictures) are asked for in another way."""
        categories = [one for one in policy["categories"] if one["fields"]]
        return Choices(
            controller=policy["controller"]["ko"],
            rights={one["id"]: one["label"]["ko"] for one in policy["rights"]},
            aspects=_choices(policy["aspects"]),
            categories=_choices(categories),
            fields=tuple(
                Choice(f"{one['id']}.{field['id']}", f"{one['label']['ko']} - {field['label']['ko']}")
                for one in categories
                for field in one["fields"]
            ),
            purposes=_choices(policy["purposes"]),
            consents=_choices([one for one in policy["purposes"] if one["consent"]]),
            notify_by=_choices(policy["notify_by"]),
            records=_choices(policy["records"]),
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form: the request it makes, the part of the form each claim came from, what is plainly missing."""

    request: JSON
    parts: tuple[str, ...]
    missing: dict[str, str]


def _choices(listed: list[JSON]) -> tuple[Choice, ...]:
    return tuple(Choice(one["id"], one["label"]["ko"]) for one in listed)


def read(typed: Typed, choices: Choices) -> Filled:
    """Return the request of a filled form. The desk checks it; here only what no request can do without."""
    claims: dict[str, JSON] = {}
    for part, make in PARTS.items():
        claim = make(typed, choices) if part in choices.rights else None
        if claim is not None:
            claims[part] = claim
    request: JSON = {
        "capacity": "self",
        "channel": "web",
        "subject": _subject(typed),
        "claims": list(claims.values()),
        "notify_by": _one(typed, "notify_by") or "email",
        "language": "ko",
    }
    return Filled(request, tuple(claims), _missing(typed, claims, choices))


def _missing(typed: Typed, claims: Mapping[str, JSON], choices: Choices) -> dict[str, str]:
    missing = {}
    if not _one(typed, "name"):
        missing["name"] = "성함을 적어 주십시오."
    if not any(_one(typed, one) for one in ("phone", "email", "customer_no")):
        missing["phone"] = "휴대전화번호, 전자우편, 고객번호 가운데 하나를 적어 주십시오."
    if not claims:
        missing["rights"] = "무엇을 요구하시는지 하나 이상 골라 주십시오."
    if "suspension" in claims and _one(typed, "ends_contract") not in ("yes", "no"):
        missing["ends_contract"] = "계약도 해지하시는지 골라 주십시오."
    if not _ticked(typed, "notify_by", choices.notify_by):
        missing["notify_by"] = "결과를 받으실 방법을 골라 주십시오."
    return missing


def _subject(typed: Typed) -> JSON:
    subject: JSON = {name: _one(typed, name) for name in TEXTS if _one(typed, name)}
    address = {name: _one(typed, name) for name in ADDRESS if _one(typed, name)}
    return subject | ({"address": address} if address else {})


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
        category, _dot, field = _one(typed, f"correction_field_{row}").partition(".")
        corrected = _one(typed, f"correction_corrected_{row}")
        if field or corrected:
            current = _one(typed, f"correction_current_{row}") or None
            changes.append({"category": category, "field": field, "current": current, "corrected": corrected})
    return {"right": "correction", "changes": changes} if changes else None


def _deletion(typed: Typed, choices: Choices) -> JSON | None:
    claim: JSON = {"right": "deletion"} | _reason(typed, "deletion_reason")
    if "yes" in _all(typed, "deletion_all"):
        return claim
    categories = _ticked(typed, "deletion_categories", choices.categories)
    fields = [one.partition(".") for one in _ticked(typed, "deletion_fields", choices.fields)]
    if not categories and not fields:
        return None
    named = [{"category": category, "field": field} for category, _dot, field in fields]
    return claim | ({"categories": categories} if categories else {}) | ({"fields": named} if named else {})


def _suspension(typed: Typed, choices: Choices) -> JSON | None:
    purposes = _ticked(typed, "suspension_purposes", choices.purposes)
    if not purposes:
        return None
    ends = _one(typed, "ends_contract") == "yes"
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


def place(pointer: str, parts: Sequence[str]) -> str:
    """Return the id of the part of the form that a problem's pointer means."""
    names = pointer.strip("/").split("/")
    if names[0] == "subject" and len(names) > 1:
        return "road_address" if names[1:] == ["address"] else names[-1]
    if names[0] == "claims" and len(names) > 1 and names[1].isdigit() and int(names[1]) < len(parts):
        return "ends_contract" if names[-1] == "ends_contract" else parts[int(names[1])]
    return "notify_by" if names[0] == "notify_by" else "rights"


def _reason(typed: Typed, name: str) -> JSON:
    reason = _one(typed, name)
    return {"reason": reason} if reason else {}


def _one(typed: Typed, name: str) -> str:
    values = typed.get(name) or [""]
    return values[0].strip()


def _all(typed: Typed, name: str) -> Sequence[str]:
    return typed.get(name) or ()


def _ticked(typed: Typed, name: str, offered: tuple[Choice, ...]) -> list[str]:
    ticked = set(_all(typed, name))
    return [one.id for one in offered if one.id in ticked]
