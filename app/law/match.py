"""Identity from the register's answer: of who asks for themselves, and of the child a guardian asks for (Decree 46(1)).

Oneself: exactly one match of name and proven contact. A guardian's child: exactly one match of name and birth date,
and either the register names the guardian or an officer accepted the papers.
"""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.law import age
from app.law.controller import Policy
from app.law.terms import Reached, Relationship


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact on record: whose it is and since when it stands there."""

    kind: str
    value: str
    since: date | None
    holder: str


@dataclass(frozen=True, slots=True)
class GuardianOnRecord:
    """A guardian as the register names one beside a child."""

    name: str
    contacts: tuple[Contact, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the register answers."""

    subject_ref: str
    name: str
    birth_date: date | None
    contacts: tuple[Contact, ...]
    flags: tuple[str, ...] = ()
    guardians: tuple[GuardianOnRecord, ...] = ()


class Finding(StrEnum):
    """What the register's answer comes to; outwardly all but the first two look like the second."""

    IDENTIFIED = "identified"
    NOTHING_HELD = "nothing_held"
    UNUSABLE_CONTACT = "unusable_contact"
    SEVERAL = "several"
    UNDER_14 = "under_14"
    BIRTH_CONFLICT = "birth_conflict"
    CONTRADICTED = "contradicted"
    DECEASED = "deceased"
    """The register says that the person has died: nobody inherits these rights, so people of ours look (Act 2, 1.)."""
    STANDING = "standing"
    """By the register's birth date nobody can be this kind of guardian of the person."""
    NO_DISCLOSURE = "no_disclosure"
    """The register holds a mark against answering this guardian."""
    NOT_YET = "not_yet"
    """Nothing is looked for before the papers are accepted, so that nobody learns anything earlier."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The finding, and the person where it is about one."""

    finding: Finding
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Ward:
    """The finding about a guardian's child; `on_record` where the register itself names the guardian."""

    finding: Finding
    person: Person | None = None
    on_record: bool = False


NO_GUARDIAN_DISCLOSURE = "no_guardian_disclosure"
"""The register's mark on a person of whom no guardian is told anything."""
DEAD = "deceased"
"""The register's mark on a person who has died: no subject any more (Act 2 subparagraph 1, "living individual")."""
NO_DISCLOSURE = "no_disclosure"
"""The register's mark on one guardian who is told nothing."""


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
    wanted, people = folded(name), _distinct(people)
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
    if DEAD in person.flags:
        return Judgement(Finding.DECEASED)
    if person.birth_date is not None and age.under_14(person.birth_date, on):
        return Judgement(Finding.UNDER_14, person)
    if not (vouched or _identifies(person, proven, under_correction, on, policy)):
        return Judgement(Finding.UNUSABLE_CONTACT, person)
    return Judgement(Finding.IDENTIFIED, person)


def judge_ward(
    people: Iterable[Person],
    *,
    name: str,
    birth_date: date,
    handles: tuple[tuple[str, str], ...],
    guardian: tuple[str, tuple[str, str] | None],
    papers: bool,
    relationship: Relationship,
    on: date,
    policy: Policy,
) -> Ward:
    """Which child a guardian asks for, and whether the register names the guardian (Act 38(2), Decree 46(1)).

    `name`, `birth_date` and `handles` are what was typed of the child, `guardian` the guardian's name and the contact
    they proved. Until `papers` are accepted only who stands on record finds a child; everybody else hears the same.
    Of other guardians nothing is looked at but whether the entry is this one's own.
    """
    namesakes = [one for one in _distinct(people) if folded(one.name) == folded(name)]
    born = [one for one in namesakes if one.birth_date == birth_date]
    known = [one for one in namesakes if any(_has(one, handle) for handle in handles)]
    oldest = on - timedelta(days=policy.settled.contact_age_days)
    naming = [one for one in born if _named(one, guardian, oldest)]
    found = naming or [one for one in born if one in known] or born
    if any(_marked(one, guardian) for one in born) or any(NO_GUARDIAN_DISCLOSURE in one.flags for one in found):
        ward = Ward(Finding.NO_DISCLOSURE)
    elif any(DEAD in one.flags for one in found):
        ward = Ward(Finding.DECEASED)
    elif not found:
        ward = Ward(_unfound(known, relationship, on))
    elif len(found) > 1:
        ward = Ward(Finding.SEVERAL, on_record=bool(naming))
    elif not age.fits(relationship, age.age(birth_date, on)):
        ward = Ward(Finding.STANDING, found[0])
    elif not naming and found[0] not in known and _contradicts(found[0], handles):
        ward = Ward(Finding.CONTRADICTED, found[0])
    else:
        ward = Ward(Finding.IDENTIFIED, found[0], on_record=bool(naming))
    return ward if papers or ward.on_record else Ward(Finding.NOT_YET)


def reached(person: Person, proven: tuple[str, str], *, on: date, policy: Policy) -> Reached:
    """On what footing an identified person was reached by a contact (C4).

    Whoever holds an old telephone but has just put a new address on record may not be the person: the release waits.
    A contact without a date may have been put there yesterday.
    """
    oldest = on - timedelta(days=policy.settled.contact_age_days)
    others = [one for one in person.contacts if one.holder == "subject" and not _is(one, proven)]
    return Reached.OLD if all(_old(one, oldest) for one in others) else Reached.CHANGED


def folded(name: str) -> str:
    """A name as it is compared: letter form, case and spaces are no difference (Decree 46(1))."""
    return "".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


def _distinct(people: Iterable[Person]) -> list[Person]:
    """Who is told twice is one person, in whatever order their contacts and guardians are told."""
    return list({_content(one): one for one in people}.values())


def _content(one: Person) -> tuple[object, ...]:
    guardians = frozenset((each.name, frozenset(each.contacts), frozenset(each.flags)) for each in one.guardians)
    return one.subject_ref, one.name, one.birth_date, frozenset(one.contacts), frozenset(one.flags), guardians


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
    return contact.holder == "subject" and _old(contact, oldest)


def _old(contact: Contact, oldest: date) -> bool:
    # A contact without a date may have been put there yesterday.
    return contact.since is not None and contact.since <= oldest


def _named(person: Person, guardian: tuple[str, tuple[str, str] | None], oldest: date) -> bool:
    """Whether the register names this guardian, by a contact that they proved and that is theirs alone."""
    return any(
        folded(one.name) == folded(guardian[0])
        and not one.flags
        and any(_old(held, oldest) for held in _proven_of(one, guardian[1]))
        for one in person.guardians
    )


def _marked(person: Person, guardian: tuple[str, tuple[str, str] | None]) -> bool:
    """Whether the register holds a mark against this guardian; another name with their telephone does not hide them."""
    return any(
        NO_DISCLOSURE in one.flags and (folded(one.name) == folded(guardian[0]) or _proven_of(one, guardian[1]))
        for one in person.guardians
    )


def _proven_of(guardian: GuardianOnRecord, proven: tuple[str, str] | None) -> list[Contact]:
    """The contact that was proved, where it stands as this guardian's alone: who answers at home may be anybody."""
    return [one for one in guardian.contacts if proven and one.holder != "shared" and _is(one, proven)]


def _unfound(known: list[Person], relationship: Relationship, on: date) -> Finding:
    """Somebody of the name and a typed contact, but born on another day or on none that is known: a person looks."""
    if not known:
        return Finding.NOTHING_HELD
    impossible = any(one.birth_date and not age.fits(relationship, age.age(one.birth_date, on)) for one in known)
    return Finding.STANDING if impossible else Finding.BIRTH_CONFLICT


def _contradicts(person: Person, handles: tuple[tuple[str, str], ...]) -> bool:
    """Two children may share name and birthday: another number on record where one was typed is not this child's."""
    kinds = {one.kind for one in person.contacts} | {"customer_no"}
    return any(kind in kinds for kind, _ in handles)
