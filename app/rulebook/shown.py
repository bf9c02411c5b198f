"""The rulebook as it is served: by right, the grounds open to a kind of controller, the days, the records kept."""

from datetime import date
from typing import Any

from app.law.controller import RecordClass
from app.law.terms import Answering, ControllerKind, Ground, Label
from app.rulebook.edition import LabelledEdition


def document(edition: LabelledEdition, kind: ControllerKind, on: date) -> dict[str, Any]:
    """What GET /v1/rulebook serves: the grounds open to this kind of controller on a day, with their facts."""
    grounds = [one for one in edition.grounds.values() if kind in one.controllers and in_force(one, on)]
    return {
        "edition": edition.id,
        "amends": edition.amends,
        "valid_from": edition.valid_from.isoformat(),
        "valid_to": edition.valid_to.isoformat() if edition.valid_to else None,
        "as_of": on.isoformat(),
        "controller": kind.value,
        "sources": list(edition.sources),
        "sectors": [{"id": one.id, "label": both(one.label), "sources": list(one.sources)} for one in edition.sectors],
        "rights": [
            {
                "id": right.value,
                "days": days,
                "basis": edition.basis[right],
                "article": both(edition.articles[right]),
                "may_be_postponed": right in edition.deferral.rights,
                "grounds": [one.id for one in grounds if right in one.rights],
            }
            for right, days in edition.days.items()
        ],
        "deferral": {
            "rights": sorted(right.value for right in edition.deferral.rights),
            "days": edition.deferral.days,
            "basis": edition.deferral.basis,
        },
        "objection": _answering(edition.objection),
        "follow_up": _answering(edition.follow_up),
        "destruction": _answering(edition.destruction),
        "leak": {"hours": edition.leak.hours, "subjects": edition.leak.subjects, "basis": edition.leak.basis},
        "grounds": [_ground(edition, one) for one in grounds],
        "records": [_record(edition, one) for one in edition.records.values() if in_force(one, on)],
    }


def in_force(one: Ground | RecordClass, on: date) -> bool:
    """Whether an entry holds on a day; one without a first day has always held."""
    return (one.valid_from is None or one.valid_from <= on) and (one.valid_to is None or on <= one.valid_to)


def both(label: Label) -> dict[str, str]:
    """A text in both languages, as served."""
    return {"ko": label.ko, "en": label.en}


def _answering(one: Answering) -> dict[str, Any]:
    return {"days": one.days, "basis": one.basis}


def _ground(edition: LabelledEdition, ground: Ground) -> dict[str, Any]:
    return {
        "id": ground.id,
        "rights": sorted(right.value for right in ground.rights),
        "article": both(ground.article),
        "effect": ground.effect,
        "facts": [{"id": name, "label": both(edition.facts[name])} for name in ground.facts],
        "applied_by": ground.applied_by.value,
        "media": ground.media,
        "text": both(ground.text),
        "note": edition.notes.get(ground.id),
        **_dates(ground),
    }


def _record(edition: LabelledEdition, one: RecordClass) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": both(one.label),
        "statute": both(one.statute),
        "article": one.article,
        "span": {"years": one.span.years, "months": one.span.months, "days": one.span.days},
        "at_least": one.at_least,
        "sure": one.sure,
        "note": edition.notes.get(one.id),
        **_dates(one),
    }


def _dates(one: Ground | RecordClass) -> dict[str, str | None]:
    return {
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
    }
