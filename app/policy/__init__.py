"""A controller's privacy policy: read from its file, checked, and turned into the law's own types.

All problems of a file are told at once, each with file, line and field; nothing starts on a policy that is wrong.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.law import controller
from app.law.controller import Policy, RecordClass
from app.law.roster import Holder
from app.marked import FileError, read
from app.policy import form, records
from app.policy.checks import check
from app.policy.form import bodies, document
from app.policy.shape import CategoryEntry, DocumentEntry, OwnSystemEntry, PolicyFile, ProcessorEntry, ThirdPartyEntry

__all__ = ["PolicyError", "bodies", "document", "json_schema", "load", "schema_text"]


class PolicyError(FileError):
    """A policy file that cannot be used."""


def load(path: Path, statutes: Mapping[str, RecordClass] | None = None) -> Policy:
    """Read a policy file; raise PolicyError with every problem in it.

    `statutes` are the classes of records that the rulebook knows: a policy names those that it has, and may not say
    another period than the statute. Without them a policy has to say each in full.
    """
    sheet = read(path)
    file = None
    if not sheet.flaws or sheet.value is not None:
        file = sheet.as_(PolicyFile)
        check(sheet)
    found = records.of(sheet, file, statutes or {}) if file is not None else {}
    if sheet.flaws or file is None:
        raise PolicyError(sheet.ordered())
    return _policy(file, found)


def json_schema() -> dict[str, Any]:
    """The shape of a policy file for editors (JSON Schema 2020-12)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | PolicyFile.model_json_schema()


def schema_text() -> str:
    """The schema as it stands in policies/policy.schema.json; `python -m app.policy` prints it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def _policy(file: PolicyFile, found: dict[str, RecordClass]) -> Policy:
    policy = Policy(
        id=file.id,
        controller=file.controller.label(),
        kind=file.kind,
        effective=file.effective,
        categories={one.id: _category(one) for one in file.categories},
        purposes={
            one.id: controller.Purpose(
                one.id, one.label.label(), one.basis, one.chapter, one.indispensable, one.statute
            )
            for one in file.purposes
        },
        records=found,
        parties=_parties(file),
        bodies=tuple(
            controller.Body(one.id, one.label.label(), one.contact, one.until, one.chapter) for one in file.bodies
        ),
        approver=file.contacts.approver.label(),
        desk=file.contacts.desk.label(),
        desk_phone=file.contacts.phone,
        desk_email=file.contacts.email,
        approver_email=file.contacts.approver_email or file.contacts.email,
        deputies=tuple(controller.Deputy(one.label.label(), one.email, one.since, one.until) for one in file.deputies),
        objection=file.contacts.objection.label(),
        website=file.website,
        channels=tuple(one.id for one in file.channels),
        assurance=tuple(
            controller.AssuranceRule(
                frozenset(one.methods), frozenset(one.rights), one.email_only_categories, frozenset(one.capacities)
            )
            for one in file.assurance
        ),
        deciders=_deciders(file),
        documents={one.id: _document(one) for one in file.documents},
        proofs=tuple(
            controller.ProofRule(one.capacity, frozenset(one.relationships), tuple(one.documents))
            for one in file.proofs
        ),
        waits=tuple(
            controller.WaitRule(frozenset(one.rights), frozenset(one.capacities), frozenset(one.reached), one.days)
            for one in file.release_waits
        ),
        guardians_withheld=frozenset(file.children.withheld_inputs),
        child_purposes=frozenset(file.children.refused_purposes),
        settled=controller.Settled(**file.settled.model_dump()),
        fees=controller.Fees(file.fees.charged, file.fees.note.label()),
        named=file.named,
        controllers={
            one.id: controller.OtherController(one.id, one.label.label(), one.contact, one.chapter)
            for one in file.controllers
        },
        sources={
            one.id: controller.Source(one.id, one.label.label(), one.contact, one.chapter) for one in file.sources
        },
        cameras=_cameras(file),
        holders=tuple(_holders(file)),
    )
    policy.document.update(form.static(file, policy))
    return policy


def _category(one: CategoryEntry) -> controller.Category:
    return controller.Category(
        id=one.id,
        label=one.label.label(),
        fields=tuple(
            controller.Field(field.id, field.label.label(), field.input, field.free_text, field.max_length, field.proof)
            for field in one.fields
        ),
        purposes=tuple(one.purposes),
        retention=one.retention.label(),
        span=one.span.counted() if one.span else None,
        records=tuple(kept.record for kept in one.records),
        routes=tuple(one.routes),
        short_lived=one.short_lived,
        chapter=one.chapter,
        statute_names_it=one.statute_names_it,
        media=one.media,
        pseudonymised=one.pseudonymised,
        owner=one.owner,
        sources=tuple(one.sources),
    )


def _cameras(file: PolicyFile) -> controller.Cameras | None:
    if file.cameras is None:
        return None
    seen = file.cameras
    return controller.Cameras(
        kept_days=seen.kept_days,
        public_place=seen.public_place,
        viewing=seen.viewing.label(),
        chapter=seen.chapter,
        window_hours=seen.window_hours,
        order_hours=seen.order_hours,
    )


def _document(one: DocumentEntry) -> controller.Document:
    return controller.Document(
        id=one.id,
        label=one.label.label(),
        hint=one.hint.label(),
        checklist=tuple(controller.Question(line.id, line.text.label()) for line in one.checklist),
        max_age_days=one.max_age_days,
        issuer_number=one.issuer_number,
    )


def _parties(file: PolicyFile) -> tuple[controller.Party, ...]:
    processors = (
        controller.Party(one.id, one.label.label(), "processor", one.task.label(), one.chapter)
        for one in file.processors
    )
    others = (
        controller.Party(
            one.id,
            one.label.label(),
            "third_party",
            one.task.label(),
            one.chapter,
            tuple(controller.Silence(it.statute.label(), it.since, it.until) for it in one.silences),
        )
        for one in file.third_parties
    )
    return (*processors, *others)


def _holders(file: PolicyFile) -> Iterator[Holder]:
    parts: tuple[tuple[str, Sequence[OwnSystemEntry | ProcessorEntry | ThirdPartyEntry]], ...] = (
        ("internal", file.systems),
        ("processor", file.processors),
        ("third_party", file.third_parties),
    )
    for kind, entries in parts:
        for one in entries:
            yield Holder(one.id, one.label.label(), kind, tuple(one.categories))
    for source in file.sources:
        theirs = tuple(one.id for one in file.categories if source.id in one.sources)
        yield Holder(source.id, source.label.label(), "source", theirs)


def _deciders(file: PolicyFile) -> tuple[controller.DeciderRule, ...]:
    return tuple(
        controller.DeciderRule(
            outcome=one.outcome,
            decider=one.decider,
            rights=frozenset(one.rights),
            capacities=frozenset(one.capacities),
            uncontested=one.uncontested,
            short_lived=one.short_lived,
        )
        for one in file.deciders
    )
