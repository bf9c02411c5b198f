"""Identity from the register's answer: exactly one match of name and proven contact (Decree 46(1))."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.law import age
from app.law.terms import Policy


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact on record: whose it is and since when it stands there."""

    kind: str
    value: str
    since: date | None
    holder: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the register answers."""

    subject_ref: str
    name: str
    birth_date: date | None
    contacts: tuple[Contact, ...]
    flags: tuple[str, ...] = ()


class Finding(StrEnum):
    """What the register's answer comes to; outwardly all but the first two look like the second."""

    IDENTIFIED = "identified"
    NOTHING_HELD = "nothing_held"
    UNUSABLE_CONTACT = "unusable_contact"
    SEVERAL = "several"
    UNDER_14 = "under_14"
    BIRTH_CONFLICT = "birth_conflict"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The finding, and the person where it is about one."""

    finding: Finding
    person: Person | None = None


def judge(
    people: Iterable[Person],
    *,
    name: str,
    proven: tuple[str, str],
    birth_date: date | None,
    under_correction: Collection[str],
    on: date,
    policy: Policy,
    vouched: bool = False,
    seen: bool = False,
) -> Judgement:
    """Whether the register knows exactly this person by this name and proven contact (Decree 46(1), Act 38(2)).

    `proven` is (kind, value) with kind `phone`, `email` or `customer_no` (= the register's subject_ref, proved by the
    site's own login). The register may match on anything; name and contact are compared here. A contact identifies
    when it is the person's own, stands on record long enough and is not itself to be corrected by this request; where
    a login, a provider or a clerk vouches for the person, no contact has to. `seen`: a clerk saw their documents.
    """
    wanted, people = folded(name), tuple(dict.fromkeys(people))
    namesakes = [one for one in people if folded(one.name) == wanted and _has(one, proven)]
    if not namesakes:
        # A clerk's own slip in a customer number must not end as "nothing held". Whoever comes by login or code is told
        # the same whatever is held under the name.
        doubtful = seen and any(folded(one.name) == wanted for one in people)
        return Judgement(Finding.CONTRADICTED if doubtful else Finding.NOTHING_HELD)
    agreeing = [one for one in namesakes if birth_date is None or one.birth_date in (None, birth_date)]
    if not agreeing:
        return Judgement(Finding.BIRTH_CONFLICT)
    if len(agreeing) > 1:
        return Judgement(Finding.SEVERAL)
    person = agreeing[0]
    if person.birth_date is not None and age.under_14(person.birth_date, on):
        return Judgement(Finding.UNDER_14, person)
    if not (vouched or _identifies(person, proven, under_correction, on, policy)):
        return Judgement(Finding.UNUSABLE_CONTACT, person)
    return Judgement(Finding.IDENTIFIED, person)


def folded(name: str) -> str:
    """A name as it is compared: letter form, case and spaces are no difference (Decree 46(1))."""
    return "".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


def _identifies(
    person: Person, proven: tuple[str, str], under_correction: Collection[str], on: date, policy: Policy
) -> bool:
    oldest = on - timedelta(days=policy.settled.contact_age_days)
    proving = [one for one in person.contacts if _is(one, proven)]
    return proven[0] not in under_correction and all(_usable(one, oldest) for one in proving)


def _has(person: Person, proven: tuple[str, str]) -> bool:
    if proven[0] == "customer_no":
        return person.subject_ref == proven[1]
    return any(_is(one, proven) for one in person.contacts)


def _is(contact: Contact, proven: tuple[str, str]) -> bool:
    kind, value = proven
    if kind == "email":
        return contact.kind == kind and contact.value.casefold() == value.casefold()
    return (contact.kind, contact.value) == (kind, value)


def _usable(contact: Contact, oldest: date) -> bool:
    # A contact without a date may have been put there yesterday.
    return contact.holder == "subject" and contact.since is not None and contact.since <= oldest
