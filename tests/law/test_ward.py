"""Which child a guardian asks for, by the register's answer (Act 38(2), Decree 46(1)): found, or a person looks."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import match
from app.law.match import Contact, Finding, GuardianOnRecord, Person, Ward
from app.law.terms import Relationship
from tests.law.world import ARRIVED, POLICY

BORN = date(2016, 4, 5)
HANDLE = ("phone", "+821000004001")
OTHER = ("phone", "+821000004009")
PROVEN = ("phone", "+821000004002")
MAIL = ("email", "boram@example.com")
OLD, EDGE, NEW = ARRIVED - timedelta(days=400), ARRIVED - timedelta(days=30), ARRIVED - timedelta(days=29)
PARENT, ADULTS = Relationship.PARENT, Relationship.ADULT_GUARDIAN


def mother(
    name: str = "최보람",
    contact: tuple[str, str] = PROVEN,
    since: date | None = OLD,
    holder: str = "guardian",
    flags: tuple[str, ...] = (),
) -> GuardianOnRecord:
    return GuardianOnRecord(name, (Contact(*contact, since, holder),), flags)


FATHER = GuardianOnRecord("최진호", (Contact("phone", "+821000004003", OLD, "guardian"),))


def child(
    ref: str = "C-1",
    name: str = "최하늘",
    born: date | None = BORN,
    contact: tuple[str, str] | None = HANDLE,
    guardians: tuple[GuardianOnRecord, ...] = (),
    flags: tuple[str, ...] = (),
) -> Person:
    contacts = (Contact(*contact, OLD, "guardian"),) if contact else ()
    return Person(ref, name, born, contacts, flags, guardians)


def judge(
    *people: Person,
    handles: tuple[tuple[str, str], ...] = (HANDLE,),
    guardian: tuple[str, tuple[str, str] | None] = ("최보람", PROVEN),
    papers: bool = True,
    relationship: Relationship = PARENT,
    birth_date: date = BORN,
    on: date = ARRIVED,
) -> Ward:
    return match.judge_ward(
        people,
        name="최 하늘",
        birth_date=birth_date,
        handles=handles,
        guardian=guardian,
        papers=papers,
        relationship=relationship,
        on=on,
        policy=POLICY,
    )


KNOWN = child(guardians=(mother(), FATHER))


def test_who_is_told_twice_is_one_child_in_whatever_order() -> None:
    twice = judge(KNOWN, replace(KNOWN, guardians=KNOWN.guardians[::-1], contacts=KNOWN.contacts[::-1]))
    assert (twice.finding, twice.on_record) == (Finding.IDENTIFIED, True)


# On record -----------------------------------------------------------------------------------------------------------


def test_a_guardian_on_record_finds_the_child_without_papers() -> None:
    for papers in (False, True):
        assert judge(KNOWN, papers=papers) == Ward(Finding.IDENTIFIED, KNOWN, on_record=True)


def test_the_register_naming_the_guardian_needs_no_typed_handle() -> None:
    elsewhere = replace(KNOWN, contacts=(Contact(*OTHER, OLD, "subject"),))
    assert judge(elsewhere, papers=False) == Ward(Finding.IDENTIFIED, elsewhere, on_record=True)


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        (mother(), True),
        (mother("최 보람"), True),
        (mother(since=EDGE), True),
        (mother(since=NEW), False),
        (mother(since=None), False),
        (mother(holder="subject"), True),
        (mother(holder="shared"), False),
        (mother("최진호"), False),
        (mother(contact=("phone", "+821000004008")), False),
        (mother(contact=("email", PROVEN[1])), False),
        (mother(flags=("unverified",)), False),
        (mother(flags=("no_disclosure",)), False),
    ],
)
def test_who_stands_on_record(entry: GuardianOnRecord, named: bool) -> None:
    found = judge(child(guardians=(FATHER, entry)), papers=False)
    assert found.on_record is named
    assert found.finding is (Finding.IDENTIFIED if named else Finding.NOT_YET)


def test_a_typed_contact_that_nobody_proved_names_no_guardian() -> None:
    assert judge(KNOWN, guardian=("최보람", None), papers=False) == Ward(Finding.NOT_YET)
    assert judge(KNOWN, guardian=("최보람", None)) == Ward(Finding.IDENTIFIED, KNOWN)


def test_the_case_of_a_mailbox_is_no_difference() -> None:
    entry = mother(contact=("email", "Boram@Example.COM"))
    found = judge(child(guardians=(entry,)), guardian=("최보람", MAIL), papers=False)
    assert found.on_record


def test_a_guardian_on_record_of_another_child_finds_nothing_here() -> None:
    cousin = child("C-9", name="최바다", guardians=(mother(),))
    assert judge(cousin, child(), papers=False) == Ward(Finding.NOT_YET)
    assert judge(cousin, papers=True) == Ward(Finding.NOTHING_HELD)


def test_the_child_who_names_the_guardian_is_meant_among_namesakes() -> None:
    namesake = child("C-2", guardians=(FATHER,))
    assert judge(namesake, KNOWN, papers=False) == Ward(Finding.IDENTIFIED, KNOWN, on_record=True)


def test_two_records_that_name_the_guardian_are_for_a_person() -> None:
    again = replace(KNOWN, subject_ref="C-2")
    for papers in (False, True):
        assert judge(KNOWN, again, papers=papers) == Ward(Finding.SEVERAL, on_record=True)


# With papers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "finding"),
    [
        ([], Finding.NOTHING_HELD),
        ([child(name="최바다")], Finding.NOTHING_HELD),
        ([child()], Finding.IDENTIFIED),
        ([child(contact=None)], Finding.IDENTIFIED),
        ([child(contact=("email", "haneul@example.com"))], Finding.IDENTIFIED),
        # Of two children of one name and birthday, the one behind the typed number; without one nobody can say.
        ([child(), child("C-2", contact=OTHER)], Finding.IDENTIFIED),
        ([child(), child("C-2")], Finding.SEVERAL),
        ([child(contact=None), child("C-2", contact=None)], Finding.SEVERAL),
        # Another number stands on record than the one typed: it may be another child of that name and birthday.
        ([child(contact=OTHER)], Finding.CONTRADICTED),
        # The number is right and the birthday is not, or is not known.
        ([child(born=date(2016, 4, 6))], Finding.BIRTH_CONFLICT),
        ([child(born=None)], Finding.BIRTH_CONFLICT),
        ([child(born=date(2016, 4, 6), contact=OTHER)], Finding.NOTHING_HELD),
        ([child(born=None, contact=None)], Finding.NOTHING_HELD),
        # The register knows a grown-up by that number.
        ([child(born=date(1990, 4, 5))], Finding.STANDING),
        ([child(born=date(1990, 4, 5)), child("C-2", born=None)], Finding.STANDING),
        ([child(born=date(1990, 4, 5)), child("C-2")], Finding.IDENTIFIED),
    ],
)
def test_accepted_papers_find_exactly_one_child(people: list[Person], finding: Finding) -> None:
    found = judge(*people, guardian=("최진호", PROVEN))
    assert found.finding is finding
    assert not found.on_record
    assert (found.person is not None) is (finding in (Finding.IDENTIFIED, Finding.CONTRADICTED))
    if finding is Finding.IDENTIFIED:
        assert found.person is not None
        assert found.person.birth_date == BORN
        assert found.person.contacts == () or found.person.contacts[0].value in (HANDLE[1], "haneul@example.com")


def test_a_customer_number_is_a_handle_like_any() -> None:
    number = ("customer_no", "C-2")
    two = (child(contact=OTHER), child("C-2", contact=OTHER))
    assert judge(*two, handles=(number,)) == Ward(Finding.IDENTIFIED, two[1])
    assert judge(two[0], handles=(number,)).finding is Finding.CONTRADICTED
    assert judge(two[1], handles=(number, HANDLE)) == Ward(Finding.IDENTIFIED, two[1])


def test_the_dead_are_nobodys_ward() -> None:
    dead = replace(KNOWN, flags=(match.DEAD,))
    assert judge(dead) == Ward(Finding.DECEASED)
    assert judge(dead, papers=False) == Ward(Finding.NOT_YET)


def test_a_number_on_another_day_is_of_somebody_who_can_or_cannot_be_meant() -> None:
    """An adult's guardian may have mistyped a grown-up's birthday; a parent cannot."""
    grown = child(born=date(1990, 4, 5))
    assert judge(grown, birth_date=date(1990, 4, 6), relationship=ADULTS) == Ward(Finding.BIRTH_CONFLICT)
    assert judge(grown) == Ward(Finding.STANDING)
    assert (
        judge(child(born=date(2016, 4, 6)), birth_date=date(1990, 4, 5), relationship=ADULTS).finding
        is Finding.STANDING
    )


def test_two_records_that_differ_in_their_guardians_are_two() -> None:
    assert judge(KNOWN, replace(KNOWN, guardians=(mother(),))) == Ward(Finding.SEVERAL, on_record=True)


def test_a_parent_of_a_grown_child_and_an_adults_guardian_of_a_child_are_for_a_person() -> None:
    grown = child(born=date(2007, 11, 23))
    assert judge(grown, birth_date=date(2007, 11, 23)) == Ward(Finding.STANDING, grown)
    assert judge(grown, birth_date=date(2007, 11, 23), relationship=ADULTS).finding is Finding.IDENTIFIED
    assert judge(child(), relationship=ADULTS).finding is Finding.STANDING
    eve = ARRIVED - timedelta(days=1)
    assert judge(grown, birth_date=date(2007, 11, 23), on=eve).finding is Finding.IDENTIFIED


# Marks of the register -----------------------------------------------------------------------------------------------


def test_a_mark_on_the_child_or_on_the_guardian_is_for_a_person() -> None:
    silent = replace(KNOWN, flags=("no_guardian_disclosure",))
    barred = child(guardians=(mother(flags=("no_disclosure",)), FATHER))
    for one in (silent, barred):
        assert judge(one) == Ward(Finding.NO_DISCLOSURE)
        assert judge(one, papers=False) == Ward(Finding.NOT_YET)
    # The other parent's mark is the other parent's.
    assert judge(barred, guardian=("최진호", OTHER)) == Ward(Finding.IDENTIFIED, barred)
    # Nor does the other's name hide who answers at the barred one's number.
    assert judge(barred, guardian=("최진호", PROVEN)) == Ward(Finding.NO_DISCLOSURE)


def test_a_barred_guardian_is_barred_by_whatever_contact_and_record() -> None:
    barred = mother(contact=("phone", "+821000004008"), flags=("no_disclosure",))
    assert judge(child(guardians=(barred,))).finding is Finding.NO_DISCLOSURE
    assert judge(child(guardians=(barred, mother()))).finding is Finding.NO_DISCLOSURE
    assert judge(KNOWN, child("C-2", guardians=(barred,))).finding is Finding.NO_DISCLOSURE
    assert judge(KNOWN, child("C-2", guardians=(barred,)), papers=False).finding is Finding.NOT_YET


def test_a_barred_guardian_does_not_hide_behind_another_name() -> None:
    barred = mother("최진호", flags=("no_disclosure",))
    assert judge(child(guardians=(barred,)), guardian=("최보람", PROVEN)).finding is Finding.NO_DISCLOSURE
    assert judge(child(guardians=(barred,)), guardian=("최보람", MAIL)).finding is Finding.IDENTIFIED
    # Who answers the telephone at home may be anybody: it neither names nor bars.
    at_home = mother("최진호", holder="shared", flags=("no_disclosure",))
    assert judge(child(guardians=(at_home,)), guardian=("최보람", PROVEN)).finding is Finding.IDENTIFIED


def test_the_mark_on_a_namesake_is_not_this_childs() -> None:
    silent = child("C-2", contact=OTHER, flags=("no_guardian_disclosure",))
    assert judge(KNOWN, silent) == Ward(Finding.IDENTIFIED, KNOWN, on_record=True)


# Over generated families ---------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["최보람", "최 보람", "최진호", "나은하"])
CONTACTS = st.builds(
    Contact,
    st.sampled_from(["phone", "email"]),
    st.sampled_from([PROVEN[1], HANDLE[1], OTHER[1], MAIL[1]]),
    st.sampled_from([None, OLD, NEW]),
    st.sampled_from(["subject", "guardian", "shared"]),
)
GUARDIANS = st.builds(
    GuardianOnRecord,
    NAMES,
    st.lists(CONTACTS, max_size=2).map(tuple),
    st.sampled_from([(), ("no_disclosure",), ("unverified",)]),
)
PEOPLE = st.lists(
    st.builds(
        Person,
        st.sampled_from(["C-1", "C-2", "C-3"]),
        st.sampled_from(["최하늘", "최 하늘", "최바다"]),
        st.sampled_from([None, BORN, date(2016, 4, 6), date(1990, 4, 5)]),
        st.lists(CONTACTS, max_size=2).map(tuple),
        st.sampled_from([(), (), ("no_guardian_disclosure",)]),
        st.lists(GUARDIANS, max_size=3).map(tuple),
    ),
    max_size=4,
)
ASKING = st.tuples(NAMES, st.none() | st.sampled_from([PROVEN, MAIL]))
HANDLES = st.sampled_from([(HANDLE,), (OTHER,), (MAIL,), (("customer_no", "C-2"),), (HANDLE, OTHER)])


@given(PEOPLE, HANDLES, ASKING, st.booleans(), st.sampled_from(Relationship), st.randoms())
def test_the_order_of_the_answer_is_nothing(
    people: list[Person],
    handles: tuple[tuple[str, str], ...],
    asking: tuple[str, tuple[str, str] | None],
    papers: bool,
    relationship: Relationship,
    chance: Random,
) -> None:
    found = judge(*people, handles=handles, guardian=asking, papers=papers, relationship=relationship)
    shuffled = [replace(one, guardians=tuple(chance.sample(one.guardians, len(one.guardians)))) for one in people]
    chance.shuffle(shuffled)
    again = judge(*shuffled, handles=handles, guardian=asking, papers=papers, relationship=relationship)
    assert (again.finding, again.on_record) == (found.finding, found.on_record)
    assert (again.person is None) is (found.person is None)
    if again.person and found.person:
        assert again.person.subject_ref == found.person.subject_ref


@given(PEOPLE, PEOPLE, HANDLES, ASKING, st.sampled_from(Relationship))
def test_without_papers_only_who_stands_on_record_is_told_apart(
    people: list[Person],
    others: list[Person],
    handles: tuple[tuple[str, str], ...],
    asking: tuple[str, tuple[str, str] | None],
    relationship: Relationship,
) -> None:
    found = judge(*people, handles=handles, guardian=asking, papers=False, relationship=relationship)
    assert found == Ward(Finding.NOT_YET) or found.on_record
    # Whatever the register holds of whomever: a stranger hears the same.
    strangers = [
        replace(one, guardians=tuple(g for g in one.guardians if match.folded(g.name) != match.folded(asking[0])))
        for one in others
    ]
    assert judge(*strangers, handles=handles, guardian=asking, papers=False) == Ward(Finding.NOT_YET)


def theirs(entry: GuardianOnRecord, asking: tuple[str, tuple[str, str] | None]) -> bool:
    """Whether an entry is this guardian's own: of their name, or with the contact they proved as its alone."""
    proved = [one for one in entry.contacts if (one.kind, one.value) == asking[1] and one.holder != "shared"]
    return match.folded(entry.name) == match.folded(asking[0]) or bool(proved)


@given(PEOPLE, HANDLES, ASKING, st.booleans(), st.lists(GUARDIANS, max_size=3))
def test_a_guardians_proof_never_hangs_on_other_guardians(
    people: list[Person],
    handles: tuple[tuple[str, str], ...],
    asking: tuple[str, tuple[str, str] | None],
    papers: bool,
    others: list[GuardianOnRecord],
) -> None:
    """Every entry of somebody else may be taken away, changed or added: the answer is the same."""
    added = tuple(one for one in others if not theirs(one, asking))
    # Two answers about one person would be made the same by this, and are one then.
    kept = {one.subject_ref: one for one in people}
    changed = [
        replace(one, guardians=(*added, *(entry for entry in one.guardians if theirs(entry, asking))))
        for one in kept.values()
    ]
    before = judge(*kept.values(), handles=handles, guardian=asking, papers=papers)
    after = judge(*changed, handles=handles, guardian=asking, papers=papers)
    assert (after.finding, after.on_record) == (before.finding, before.on_record)
    assert (after.person.subject_ref if after.person else None) == (
        before.person.subject_ref if before.person else None
    )


@given(PEOPLE, HANDLES, ASKING, st.booleans(), st.sampled_from(Relationship))
def test_whoever_is_identified_is_of_the_name_and_the_day_unmarked_and_of_the_age(
    people: list[Person],
    handles: tuple[tuple[str, str], ...],
    asking: tuple[str, tuple[str, str] | None],
    papers: bool,
    relationship: Relationship,
) -> None:
    found = judge(*people, handles=handles, guardian=asking, papers=papers, relationship=relationship)
    if found.finding is not Finding.IDENTIFIED:
        return
    assert found.person is not None
    assert match.folded(found.person.name) == "최하늘"
    assert found.person.birth_date == BORN
    assert relationship is not ADULTS
    assert "no_guardian_disclosure" not in found.person.flags
    own = [one for one in found.person.guardians if match.folded(one.name) == match.folded(asking[0])]
    assert not any("no_disclosure" in one.flags for one in own)
    assert papers or (found.on_record and own)
