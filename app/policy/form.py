"""What GET /v1/policy serves: all that a front-end needs to draw the form (annex 8), and the policy behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from app.law.controller import Body, Category, Document, Policy, RecordClass
from app.law.terms import Basis, Capacity, Label, Method
from app.marked import Entry
from app.policy import words
from app.policy.shape import CategoryEntry, PolicyFile


def document(policy: Policy, *, on: date, sites: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The published policy as of a day: contacts that have ended are left out (Act 30, 38(4))."""
    served = dict(policy.document)
    served["bodies"] = _current(served["bodies"], on)
    served["lines"] = _current(served["lines"], on)
    return served | {"as_of": on.isoformat(), "sites": list(sites)}


def bodies(policy: Policy, on: date) -> tuple[Body, ...]:
    """The outside bodies whose contact holds on a day; `until` is the first day on which it no longer does."""
    return tuple(body for body in policy.bodies if body.until is None or on < body.until)


def static(file: PolicyFile, policy: Policy) -> dict[str, Any]:
    """The parts of the document that do not change with the day."""
    return {
        "id": policy.id,
        "controller": both(policy.controller),
        "kind": policy.kind.value,
        "effective": policy.effective.isoformat(),
        "website": policy.website,
        "named": policy.named,
        **_form(file, policy),
        "limits": _limits(policy),
        "categories": [_category(entry, policy.categories[entry.id]) for entry in file.categories],
        "purposes": [_purpose(policy, one) for one in policy.purposes],
        "records": [_record(one) for one in policy.records.values()],
        "documents": [_checked(one) for one in policy.documents.values()],
        "proofs": _plain(file.proofs),
        "release_waits": _plain(file.release_waits),
        "consent_methods": _plain(file.consent_methods),
        "processors": _plain(file.processors),
        "third_parties": _plain(file.third_parties),
        "children": file.children.model_dump(mode="json", exclude={"note"}),
        "cameras": file.cameras.model_dump(mode="json") if file.cameras else None,
        "media": _media(policy),
        "contacts": file.contacts.model_dump(mode="json", exclude={"approver_email"}),
        "lines": _plain(file.lines),
        "bodies": _plain(file.bodies),
        "promises": _plain(file.promises),
    }


def both(label: Label) -> dict[str, str]:
    """A text in both languages, as served."""
    return {"ko": label.ko, "en": label.en}


def paper(one: Document) -> dict[str, Any]:
    """A kind of paper, as whoever has to hand it in is told of it."""
    return {
        "kind": one.id,
        "label": both(one.label),
        "hint": both(one.hint),
        "max_age_days": one.max_age_days,
        "issuer_number": one.issuer_number,
    }


def _form(file: PolicyFile, policy: Policy) -> dict[str, Any]:
    """The questions of the form and their possible answers."""
    return {
        "rights": [
            {
                "id": one.id.value,
                "label": both(words.RIGHTS[one.id][0]),
                "basis": words.RIGHTS[one.id][1],
                "chapter": one.chapter,
                "asks": [{"id": name, "required": must} for name, must in words.CLAIMS[one.id]],
            }
            for one in file.rights
        ],
        "aspects": _labelled(words.ASPECTS),
        "capacities": [_capacity(one) for one in Capacity],
        "channels": _plain(file.channels),
        "methods": [
            {
                "id": one.value,
                "label": both(label),
                "rights": _proves(policy, one, Capacity.SELF, mail_only=False),
                "rights_of_email_only_categories": _proves(policy, one, Capacity.SELF, mail_only=True),
                "rights_of_guardians": _proves(policy, one, Capacity.GUARDIAN, mail_only=False),
            }
            for one, label in words.METHODS.items()
        ],
        "reached": _labelled(words.REACHED),
        "notify_by": _labelled(words.NOTIFY_BY),
        "delivery": _labelled(words.DELIVERY),
        "languages": _labelled(words.LANGUAGES),
        "subject": [_field(one) for one in words.subject(named=policy.named)],
        "subject_one_of": list(words.subject_one_of(named=policy.named)),
    }


def _media(policy: Policy) -> dict[str, Any]:
    """How footage is asked for by place and time, where there are cameras."""
    return {
        "available": policy.cameras is not None,
        "kinds": _labelled(words.FOOTAGE_KINDS),
        "grounds": _labelled(words.FOOTAGE_GROUNDS),
        "window_hours": policy.cameras.window_hours if policy.cameras else None,
        "suspension": both(words.NO_SUSPENSION) if policy.cameras and policy.cameras.public_place else None,
    }


def _capacity(one: Capacity) -> dict[str, Any]:
    """A capacity, and what is asked in it beside what is asked of everybody."""
    requester = words.REQUESTER[one]
    return {
        "id": one.value,
        "label": both(words.CAPACITIES[one]),
        "available": True,
        "subject_also_required": list(words.SUBJECT_ALSO[one]),
        "requester": [_field(field) for field in requester],
        "requester_one_of": list(words.REQUESTER_ONE_OF) if requester else [],
        "mandate": [_field(field) for field in words.MANDATE[one]],
    }


def _field(field: tuple[str, Label, str, int, bool]) -> dict[str, Any]:
    one, label, kind, longest, must = field
    options = _OPTIONS[one] if kind in ("choice", "choices") else {}
    return {
        "id": one,
        "label": both(label),
        "input": kind,
        "required": must,
        "max_length": longest,
        "options": _labelled(options),
    }


_OPTIONS: dict[str, Mapping[Any, Label]] = {
    "relationship": words.RELATIONSHIPS,
    "rights": {right: label for right, (label, _) in words.RIGHTS.items()},
    "deliver_to": words.DELIVER_TO,
}


def _labelled(words: Mapping[Any, Label]) -> list[dict[str, Any]]:
    return [{"id": str(one), "label": both(label)} for one, label in words.items()]


def _proves(policy: Policy, method: Method, capacity: Capacity, *, mail_only: bool) -> list[str]:
    rules = [
        one
        for one in policy.assurance
        if method in one.methods and capacity in one.capacities and (mail_only or not one.email_only_categories)
    ]
    return sorted({right.value for one in rules for right in one.rights})


def _checked(one: Document) -> dict[str, Any]:
    checklist = [{"id": line.id, "text": both(line.text)} for line in one.checklist]
    return paper(one) | {"checklist": checklist}


def _limits(policy: Policy) -> dict[str, int]:
    settled = policy.settled
    return {
        "claims_per_request": settled.claims_per_request,
        "arrival_days": settled.arrival_days,
        "filings_per_minute": settled.filings_per_minute,
        "code_digits": 8,
        "code_minutes": settled.code_minutes,
        "code_tries": settled.code_tries,
        "code_sends_per_hour": settled.code_sends_per_hour,
        "code_failures_per_day": settled.code_failures_per_day,
        "objection_window_days": settled.objection_window_days,
        "package_days": settled.package_days,
        "mandate_days": settled.mandate_days,
        "files_per_request": settled.files_per_request,
        "bytes_per_request": settled.bytes_per_request,
        "freeze_ruling_working_days": settled.freeze_ruling_working_days,
    }


def _category(entry: CategoryEntry, category: Category) -> dict[str, Any]:
    return {
        "id": entry.id,
        "label": both(category.label),
        "chapter": entry.chapter,
        "available": not entry.media,
        "media": entry.media,
        "free_text": category.has_free_text,
        "email_only": category.by_email_only,
        "routes": list(category.routes),
        "fields": _plain(entry.fields),
        "purposes": list(category.purposes),
        "retention": both(category.retention),
        "span": entry.span.model_dump() if entry.span else None,
        "records": list(category.records),
    }


def _purpose(policy: Policy, name: str) -> dict[str, Any]:
    purpose = policy.purposes[name]
    return {
        "id": purpose.id,
        "label": both(purpose.label),
        "basis": purpose.basis.value,
        "basis_label": both(words.BASES[purpose.basis]),
        "consent": purpose.basis is Basis.CONSENT,
        "chapter": purpose.chapter,
        "categories": [one.id for one in policy.categories.values() if name in one.purposes],
    }


def _record(one: RecordClass) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": both(one.label),
        "chapter": one.chapter,
        "statute": both(one.statute),
        "article": one.article,
        "span": asdict(one.span),
        "at_least": one.at_least,
    }


def _plain(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries as served: without notes, which speak to whoever maintains the file, nor what may not be told.

    Nor with who holds which category: that is for the registry, and is no part of the published text.
    """
    return [one.model_dump(mode="json", exclude={"note", "silences", "categories"}) for one in entries]


def _current(entries: Any, on: date) -> list[dict[str, Any]]:
    return [one for one in entries if one["until"] is None or on.isoformat() < one["until"]]
