"""Who the register says somebody is that asks for themselves, and on what footing they were reached (Decree 46(1))."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import match
from app.law.match import Contact, Finding, Judgement, Person
from app.law.terms import Reached
from tests.law.world import ARRIVED, POLICY

PHONE = ("phone", "+821000001234")
MAILBOX = ("email", "gildong@example.com")


def person(
    ref: str = "C-1",
    name: str = "홍길동",
    born: date | None = date(1990, 1, 2),
    contacts: tuple[Contact, ...] | None = None,
) -> Person:
    own = (
        Contact(*PHONE, date(2024, 3, 1), "subject"),
        Contact(*MAILBOX, date(2024, 3, 1), "subject"),
    )
    return Person(ref, name, born, own if contacts is None else contacts)


def judge(
    *people: Person,
    name: str = "홍길동",
    proven: tuple[str, str] = PHONE,
    birth_date: date | None = None,
    under_correction: frozenset[str] = frozenset(),
    **vouched: bool,
) -> Judgement:
    return match.judge(
        people,
        name=name,
        proven=proven,
        birth_date=birth_date,
        under_correction=under_correction,
        on=ARRIVED,
        policy=POLICY,
        **vouched,
    )


def phoned(since: date | None, holder: str = "subject") -> Person:
    return person(contacts=(Contact(*PHONE, since, holder),))


def test_nobody_is_the_dead() -> None:
    dead = replace(person(), flags=(match.DEAD,))
    assert judge(dead) == judge(dead, vouched=True) == Judgement(Finding.DECEASED)


def test_one_match_of_name_and_contact_identifies() -> None:
    other = person("C-2", contacts=(Contact("phone", "+821000009999", date(2024, 3, 1), "subject"),))
    namesake = person("C-3", name="김유신")
    assert judge(other, person(), namesake) == Judgement(Finding.IDENTIFIED, person())
    assert judge(person(), proven=MAILBOX) == Judgement(Finding.IDENTIFIED, person())


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("홍길동", "\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc"),
        ("홍 길동", "홍길동"),
        ("  Kim  MINSU ", "kim Minsu"),
        ("José", "Jose\u0301"),
        ("STRASSE", "straße"),
    ],
)
def test_letter_form_case_and_spaces_make_no_other_name(typed: str, known: str) -> None:
    assert judge(person(name=known), name=typed).finding is Finding.IDENTIFIED
    assert match.folded(typed) == match.folded(known)


def test_case_makes_no_other_mailbox_but_kind_and_digits_do() -> None:
    assert judge(person(), proven=("email", "Gildong@Example.COM")).finding is Finding.IDENTIFIED
    assert judge(person(), proven=("email", "gildong@example.org")).finding is Finding.NOTHING_HELD
    assert judge(person(), proven=("phone", "+821000001235")).finding is Finding.NOTHING_HELD
    swapped = person(contacts=(Contact("phone", MAILBOX[1], date(2024, 3, 1), "subject"),))
    assert judge(swapped, proven=MAILBOX).finding is Finding.NOTHING_HELD


def test_name_or_contact_alone_is_nothing_held() -> None:
    assert judge() == Judgement(Finding.NOTHING_HELD)
    assert judge(person(), name="홍길순") == Judgement(Finding.NOTHING_HELD)
    assert judge(person(contacts=())) == Judgement(Finding.NOTHING_HELD)


@pytest.mark.parametrize(
    ("since", "finding"),
    [
        (ARRIVED - timedelta(days=30), Finding.IDENTIFIED),
        (ARRIVED - timedelta(days=29), Finding.UNUSABLE_CONTACT),
        (ARRIVED + timedelta(days=1), Finding.UNUSABLE_CONTACT),
        (None, Finding.UNUSABLE_CONTACT),
    ],
)
def test_a_contact_must_have_stood_long_enough(since: date | None, finding: Finding) -> None:
    assert judge(phoned(since)) == Judgement(finding, phoned(since))


@pytest.mark.parametrize("holder", ["guardian", "shared", "other"])
def test_a_contact_must_be_the_persons_own(holder: str) -> None:
    assert judge(phoned(date(2024, 3, 1), holder)).finding is Finding.UNUSABLE_CONTACT


def test_a_contact_also_recorded_as_anothers_does_not_identify() -> None:
    twice = tuple(Contact(*PHONE, date(2024, 3, 1), one) for one in ("subject", "shared"))
    assert judge(person(contacts=twice)).finding is Finding.UNUSABLE_CONTACT


def test_a_contact_under_correction_does_not_identify() -> None:
    assert judge(person(), under_correction=frozenset({"phone"})).finding is Finding.UNUSABLE_CONTACT
    assert judge(person(), under_correction=frozenset({"email"})).finding is Finding.IDENTIFIED


def test_who_is_vouched_for_needs_no_old_contact() -> None:
    assert judge(phoned(None), vouched=True).finding is Finding.IDENTIFIED
    assert judge(person(), under_correction=frozenset({"phone"}), vouched=True).finding is Finding.IDENTIFIED
    assert judge(person(), name="홍길순", vouched=True).finding is Finding.NOTHING_HELD


def test_a_login_names_its_customer() -> None:
    bare = person(contacts=())
    assert judge(bare, proven=("customer_no", "C-1")) == Judgement(Finding.IDENTIFIED, bare)
    assert judge(bare, proven=("customer_no", "C-2")).finding is Finding.NOTHING_HELD
    assert judge(bare, proven=("customer_no", "C-1"), name="홍길순").finding is Finding.NOTHING_HELD


def test_two_matches_are_parted_by_the_birth_date() -> None:
    elder, younger = person("C-1"), person("C-2", born=date(2001, 5, 5))
    assert judge(elder, younger) == Judgement(Finding.SEVERAL)
    assert judge(elder, younger, birth_date=date(2001, 5, 5)) == Judgement(Finding.IDENTIFIED, younger)
    assert judge(elder, younger, birth_date=date(1980, 5, 5)) == Judgement(Finding.BIRTH_CONFLICT)


def test_who_has_no_date_on_record_may_be_the_one() -> None:
    dated, undated = person("C-1"), person("C-2", born=None)
    assert judge(dated, undated, birth_date=date(1990, 1, 2)) == Judgement(Finding.SEVERAL)
    assert judge(dated, undated, birth_date=date(1980, 5, 5)) == Judgement(Finding.IDENTIFIED, undated)


def test_the_same_person_answered_twice_is_one() -> None:
    assert judge(person(), person()).finding is Finding.IDENTIFIED


def test_a_single_match_with_another_birth_date_is_a_conflict() -> None:
    assert judge(person(), birth_date=date(1990, 1, 3)) == Judgement(Finding.BIRTH_CONFLICT)


@pytest.mark.parametrize(
    ("born", "finding"),
    [(date(2012, 11, 24), Finding.UNDER_14), (date(2012, 11, 23), Finding.IDENTIFIED)],
)
def test_a_child_on_record_is_for_review(born: date, finding: Finding) -> None:
    child = person(born=born)
    assert judge(child) == judge(child, vouched=True) == Judgement(finding, child)


def test_a_child_is_found_before_its_contact_is_weighed() -> None:
    child = Person("C-1", "홍길동", date(2015, 1, 1), (Contact(*PHONE, None, "guardian"),))
    assert judge(child).finding is Finding.UNDER_14


PEOPLE = st.lists(
    st.builds(
        Person,
        st.sampled_from(["C-1", "C-2", "C-3"]),
        st.sampled_from(["홍길동", "홍 길동", "김유신"]),
        st.sampled_from([None, date(1990, 1, 2), date(2001, 5, 5), date(2015, 1, 1)]),
        st.lists(
            st.builds(
                Contact,
                st.just("phone"),
                st.sampled_from([PHONE[1], "+821000009999"]),
                st.sampled_from([None, date(2024, 3, 1), ARRIVED]),
                st.sampled_from(["subject", "guardian", "shared"]),
            ),
            max_size=3,
        ).map(tuple),
    ),
    max_size=5,
)


@given(PEOPLE, st.sampled_from([None, date(1990, 1, 2), date(1980, 5, 5)]), st.randoms())
def test_who_is_identified_is_the_only_one_and_the_order_is_nothing(
    people: list[Person], birth_date: date | None, chance: Random
) -> None:
    found = judge(*people, birth_date=birth_date)
    shuffled = list(people)
    chance.shuffle(shuffled)
    assert judge(*shuffled, birth_date=birth_date) == found
    if found.finding is Finding.IDENTIFIED and found.person is not None:
        proving = [one for one in found.person.contacts if (one.kind, one.value) == PHONE]
        assert proving
        assert all(one.holder == "subject" and one.since == date(2024, 3, 1) for one in proving)
        assert found.person.name.replace(" ", "") == "홍길동"
        assert birth_date is None or found.person.birth_date in (None, birth_date)


def test_a_clerks_slip_in_a_customer_number_is_a_doubt_and_a_strangers_is_not() -> None:
    def found(name: str, proven: tuple[str, str], *, seen: bool) -> Finding:
        return match.judge(
            [person()],
            name=name,
            proven=proven,
            birth_date=None,
            under_correction=(),
            on=ARRIVED,
            policy=POLICY,
            vouched=True,
            seen=seen,
        ).finding

    assert found("홍길동", ("customer_no", "C-2"), seen=True) is Finding.CONTRADICTED
    assert found("나그네", ("customer_no", "C-2"), seen=True) is Finding.NOTHING_HELD
    # Whoever logs in as somebody else is told the same whatever is held under the name.
    assert found("홍길동", ("customer_no", "C-2"), seen=False) is Finding.NOTHING_HELD


OLD, EDGE, NEW = ARRIVED - timedelta(days=400), ARRIVED - timedelta(days=30), ARRIVED - timedelta(days=29)


@pytest.mark.parametrize(
    ("others", "reached"),
    [
        ([], Reached.OLD),
        ([("email", OLD, "subject")], Reached.OLD),
        ([("email", EDGE, "subject")], Reached.OLD),
        ([("email", NEW, "subject")], Reached.CHANGED),
        ([("phone", NEW, "subject")], Reached.CHANGED),
        ([("email", None, "subject")], Reached.CHANGED),
        ([("email", OLD, "subject"), ("phone", NEW, "subject")], Reached.CHANGED),
        ([("email", NEW, "guardian"), ("phone", NEW, "shared")], Reached.OLD),
    ],
)
def test_a_contact_changed_lately_changes_the_footing(
    others: list[tuple[str, date | None, str]], reached: Reached
) -> None:
    changed = tuple(Contact(kind, f"other {kind}", since, holder) for kind, since, holder in others)
    found = person(contacts=(Contact(*PHONE, OLD, "subject"), *changed))
    assert match.reached(found, PHONE, on=ARRIVED, policy=POLICY) is reached
