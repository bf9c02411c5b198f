"""Who must be told what, when: the duties of Act and Decree as one table, each with its notice, its words, its tests.

A row fails where its notice does not say what the statute demands, where it could be built without a demanded part, or
where a test that it names is gone.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.documents import forms
from app.documents.forms import Barred, Refused, Withheld
from app.documents.free import Destroyed
from app.documents.messages import Kind
from app.documents.notices import Footage, HandedOver, StatedGround
from app.law.terms import Right
from tests.documents import examples, later
from tests.documents.reading import html_text, pdf_text, squeezed

TESTS = Path(__file__).resolve().parents[1]
HOW = (examples.OBJECTION.how, "10일")
OUTSIDE = examples.OBJECTION.bodies
TEN_DAYS, AT_ONCE, HOURS_72 = "10일", "지체 없이", "72시간"
BAR = StatedGround(
    article="「개인정보 보호법」 제36조제1항 단서", text="다른 법령에서 수집 대상으로 명시하고 있습니다."
)
AFTER = later.ON.replace(year=later.ON.year + 1)
BARRED = replace(
    examples.DELETION,
    answer=Barred(statutes=("상법 제33조",), withheld=Withheld(reason="삭제할 수 없습니다.", grounds=(BAR,))),
    items=(),
    informed=(),
)
NOT_CORRECTED = replace(BARRED, right=Right.CORRECTION, answer=Refused(withheld=examples.WITHHELD))
NOT_WITHDRAWN = replace(NOT_CORRECTED, right=Right.CONSENT_WITHDRAWAL)
NOT_SUSPENDED = replace(NOT_CORRECTED, right=Right.SUSPENSION)
INTERIM = replace(examples.SUSPENSION, silent=("(주)케이티씨에스",))
HANDED_OVER = replace(examples.GRANTED, answer=HandedOver(controllers=(("가상통신(주)", "100"),)), items=())
FILMED = Footage(place="강남점", recorded="2026년 11월 20일 10:00부터 11:00까지", found=True)
EXISTS = replace(examples.GRANTED, answer=FILMED, items=())


@dataclass(frozen=True)
class Row:
    """One duty: to whom, by which article, until when, what it must say, and where that is shown in whole."""

    to: str
    basis: str
    within: str
    notice: forms.Told | None
    says: tuple[str, ...]
    kinds: tuple[Kind, ...]
    tests: tuple[str, ...]
    never: tuple[Callable[[], object], ...] = ()
    """Ways to build it without what is demanded: none of them may work."""


def _without(**changed: object) -> Callable[[], object]:
    notice = changed.pop("of")
    return lambda: replace(notice, **changed)  # type: ignore[type-var]


ROWS: dict[str, Row] = {
    "access granted": Row(
        to="requester",
        basis="영 41⑤",
        within=TEN_DAYS,
        notice=examples.GRANTED,
        says=("온라인몰 · 성명", "2026년 11월 30일 14:00", "내 개인정보 요구", "1,430원"),
        kinds=(Kind.RESULT,),
        tests=("api/test_results.py::test_a_grant_opens_each_document_once_for_ten_minutes_and_one_request",),
        never=(
            _without(of=examples.GRANTED, items=()),
            _without(of=examples.VIEWING, place=""),
            _without(of=examples.VIEWING, shapes=()),
            _without(of=examples.VIEWING, ways=()),
        ),
    ),
    "whether footage exists": Row(
        to="requester",
        basis="표준지침(개인영상정보의 열람등 요구), 처리방침 14.7",
        within=TEN_DAYS,
        notice=EXISTS,
        says=("강남점", "2026년 11월 20일"),
        kinds=(Kind.RESULT, Kind.RESULT_PAPER),
        tests=("api/test_footage.py::test_whether_there_is_any_is_answered_either_way",),
        never=(_without(of=FILMED, place=""), _without(of=FILMED, recorded=""), _without(of=FILMED, found=False)),
    ),
    "partial access": Row(
        to="requester",
        basis="영 41⑤, 42①",
        within=TEN_DAYS,
        notice=examples.PARTIAL,
        says=(
            examples.WITHHELD.reason,
            examples.HARM.article,
            examples.HARM.facts[0],
            "2026년 11월 30일 14:00",
            *HOW,
            *OUTSIDE,
        ),
        kinds=(Kind.RESULT,),
        tests=("api/test_redaction.py",),
        never=(
            _without(of=examples.WITHHELD, reason=" "),
            _without(of=examples.WITHHELD, grounds=()),
            _without(of=examples.OBJECTION, how=""),
            _without(of=examples.PARTIAL, items=(examples.CALL,)),
        ),
    ),
    "deferral": Row(
        to="requester",
        basis="법 35③, 영 42②",
        within=TEN_DAYS,
        notice=examples.POSTPONED,
        says=(examples.WITHHELD.reason, examples.HARM.article, "2026년 12월 20일", *HOW, *OUTSIDE),
        kinds=(Kind.POSTPONED,),
        tests=(
            "api/test_postponement.py::test_access_is_put_off_and_the_person_told_why_until_when_and_how_to_object",
        ),
        never=(_without(of=examples.WITHHELD, reason=""), _without(of=examples.HARM, article="")),
    ),
    "refusal of access": Row(
        to="requester",
        basis="법 35④, 영 42②",
        within=TEN_DAYS,
        notice=examples.ACCESS_REFUSED,
        says=(examples.WITHHELD.reason, examples.HARM.article, examples.HARM.text, *HOW, *OUTSIDE),
        kinds=(Kind.RESULT,),
        tests=("api/test_decisions.py::test_a_refusal_takes_two_and_is_told_with_its_reason_and_the_way_to_object",),
        never=(_without(of=examples.ACCESS_REFUSED, items=(examples.NAME,)),),
    ),
    "deferral ended": Row(
        to="requester",
        basis="법 35③ 후단",
        within=AT_ONCE,
        notice=examples.GRANTED,
        says=("2026년 11월 30일 14:00",),
        kinds=(Kind.DEFERRAL_ENDED,),
        tests=("api/test_told.py::test_what_was_put_off_is_told_in_words_of_its_own",),
    ),
    "corrected or deleted": Row(
        to="requester",
        basis="법 36②, 영 43③",
        within=TEN_DAYS,
        notice=examples.DELETION,
        says=("온라인몰의 성명을 삭제하였습니다", "2031년 11월 22일까지", *HOW),
        kinds=(Kind.RESULT,),
        tests=(
            "api/test_correcting.py::test_a_correction_is_made_in_part_with_the_reason_of_each_item",
            "api/test_holds_and_tasks.py::test_what_statute_keeps_is_named_and_fenced",
        ),
        never=(
            lambda: forms.Done(action=""),
            lambda: forms.PartlyDone(action="", withheld=examples.WITHHELD),
            _without(of=examples.DELETION, items=(examples.NAME, replace(examples.CONTRACT, until=None))),
            _without(of=examples.SUSPENSION, items=()),
        ),
    ),
    "deletion barred": Row(
        to="requester",
        basis="법 36①단서·④, 영 43③",
        within=AT_ONCE,
        notice=BARRED,
        says=("상법 제33조", "제36조제1항 단서", "삭제할 수 없습니다.", *HOW, *OUTSIDE),
        kinds=(Kind.RESULT,),
        tests=("documents/test_composing.py::test_a_barred_deletion_names_the_statute",),
        never=(
            lambda: Barred(statutes=(), withheld=examples.WITHHELD),
            lambda: Barred(statutes=("",), withheld=examples.WITHHELD),
            _without(of=BARRED, right=Right.CORRECTION),
            _without(of=BARRED, items=(examples.NAME,)),
        ),
    ),
    "not corrected": Row(
        to="requester",
        basis="방침 8.7, 영 43③",
        within=AT_ONCE,
        notice=NOT_CORRECTED,
        says=(examples.WITHHELD.reason, examples.HARM.article, *HOW, *OUTSIDE),
        kinds=(Kind.RESULT,),
        tests=("api/test_correcting.py::test_not_corrected_is_told_with_its_reason_and_the_hold_is_lifted",),
    ),
    "suspended": Row(
        to="requester",
        basis="법 37②, 영 44②",
        within=TEN_DAYS,
        notice=examples.SUSPENSION,
        says=("배송 목적의 처리를 멈추었습니다.", *HOW),
        kinds=(Kind.RESULT,),
        tests=("api/test_follow_ups.py::test_each_stopped_category_has_its_own_row_within_ten_days_of_the_answer",),
    ),
    "suspension refused": Row(
        to="requester",
        basis="법 37④, 영 44②",
        within=TEN_DAYS,
        notice=NOT_SUSPENDED,
        says=(examples.WITHHELD.reason, examples.HARM.article, *HOW, *OUTSIDE),
        kinds=(Kind.RESULT,),
        tests=("api/test_follow_ups.py::test_a_refused_suspension_wants_no_measure",),
    ),
    "withdrawal not acted on": Row(
        to="requester",
        basis="법 37③단서·④",
        within=AT_ONCE,
        notice=NOT_WITHDRAWN,
        says=(examples.WITHHELD.reason, examples.HARM.article, *HOW, *OUTSIDE),
        kinds=(Kind.RESULT,),
        tests=("documents/test_composing.py::test_a_withdrawal_leaves_the_contract_and_says_why",),
    ),
    "correction of data already provided": Row(
        to="third parties",
        basis="방침 8.7, 법 36②",
        within=AT_ONCE,
        notice=later.CORRECTED,
        says=("홍길동", "010-0000-1234", "새길 2", "2026년 12월 14일", examples.SENDER.phone),
        kinds=(Kind.HOLDER_TOLD,),
        tests=(
            "api/test_holds_and_tasks.py::test_third_parties_hear_what_was_corrected_and_nothing_waits_for_them",
            "api/test_told.py::test_a_third_party_without_a_machine_hears_by_mail_and_letter",
            "api/test_provided.py::test_a_correction_is_told_to_whom_the_wrong_data_went",
        ),
        never=(_without(of=later.CORRECTED, subject=()), _without(of=later.CORRECTED, changes=())),
    ),
    "nothing held": Row(
        to="requester",
        basis="법 4 3호, 영 41⑤",
        within=TEN_DAYS,
        notice=examples.NOTHING,
        says=("보유하고 있는 개인정보가 없습니다", examples.WAYS[0], *HOW),
        kinds=(Kind.NOTHING_HELD,),
        tests=("api/test_results.py::test_nothing_held_says_what_was_looked_under_and_the_other_ways",),
        never=(lambda: forms.NothingHeld(other_ways=()),),
    ),
    "handed over": Row(
        to="requester",
        basis="법 26⑧",
        within=TEN_DAYS,
        notice=HANDED_OVER,
        says=("가상통신(주)", "100"),
        kinds=(Kind.RESULT,),
        tests=("law/test_beyond.py",),
    ),
    "holders silent": Row(
        to="requester",
        basis="영 41⑤, 43③, 44②",
        within=TEN_DAYS,
        notice=INTERIM,
        says=("(주)케이티씨에스",),
        kinds=(Kind.RESULT,),
        tests=(
            "api/test_results.py::test_a_silent_holder_is_named_in_the_notice_of_the_internal_day",
            "api/test_told.py::test_an_interim_word_says_what_waits_for_an_earlier_claim",
        ),
    ),
    "wrong recipient": Row(
        to="subject",
        basis="법 34①, 영 39",
        within=HOURS_72,
        notice=later.LEAK,
        says=("성명", "2026년 12월 8일 09:30", later.LEAK.how, later.LEAK.can_do, later.LEAK.did, later.LEAK.contact),
        kinds=(Kind.INCIDENT_NOTICE, Kind.INCIDENT_POSSIBLE),
        tests=("api/test_incidents.py::test_the_notice_and_the_report_are_drawn_with_all_that_the_law_wants",),
        never=tuple(
            _without(of=later.LEAK, **{part: empty})
            for part, empty in (("what", ()), ("how", ""), ("can_do", ""), ("did", ""), ("contact", ""))
        ),
    ),
    "objection received": Row(
        to="objector",
        basis="법 38⑤",
        within=AT_ONCE,
        notice=None,
        says=(),
        kinds=(Kind.OBJECTION_RECEIVED,),
        tests=("api/test_objections.py::test_a_decision_is_objected_to_and_answered_within_ten_days",),
    ),
    "objection ruled on": Row(
        to="objector",
        basis="법 38⑤",
        within=TEN_DAYS,
        notice=later.RULING,
        says=(later.RULING.reason, "그대로 둡니다", *OUTSIDE),
        kinds=(Kind.RULING,),
        tests=("api/test_objections.py::test_a_confirmed_decision_stays_with_its_reason_and_the_bodies_outside",),
        never=(_without(of=later.RULING, reason=""), _without(of=later.RULING, bodies=())),
    ),
    "could not be verified": Row(
        to="requester",
        basis="영 46①",
        within=TEN_DAYS,
        notice=None,
        says=(),
        kinds=(Kind.LAPSED, Kind.LAPSED_STANDING, Kind.GUARDIAN_ENDED),
        tests=("api/test_results.py::test_who_is_never_verified_is_told_once_on_the_internal_day",),
    ),
    "fenced record destroyed": Row(
        to="requester",
        basis="법 21①, 방침 8.8",
        within=AT_ONCE,
        notice=later.DESTROYED,
        says=("계약 또는 청약철회", "제6조", "2031년 11월 22일", "2031년 11월 24일"),
        kinds=(Kind.FENCED_DESTROYED,),
        tests=("api/test_fences.py::test_five_years_on_the_deletion_is_carried_out_by_itself_and_told",),
        never=(
            _without(of=later.DESTROYED, records=()),
            lambda: Destroyed(label="기록", statute="", until=later.ON, destroyed_on=AFTER),
        ),
    ),
    "measure after a stop": Row(
        to="requester",
        basis="법 37⑤",
        within=TEN_DAYS,
        notice=later.MEASURE,
        says=("온라인몰 - 성명", "파기하였습니다", *HOW),
        kinds=(Kind.FOLLOW_UP_DONE,),
        tests=("api/test_follow_ups.py::test_keeping_apart_is_one_persons_word_and_told_at_once",),
        never=(_without(of=later.MEASURE, measures=()), _without(of=later.MEASURE, measures=(("무엇", ""),))),
    ),
}
EVERY = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())


@EVERY
def test_it_says_what_the_statute_demands(row: Row) -> None:
    """On paper and on the page alike."""
    if row.notice is None:
        return
    for text in (pdf_text(forms.render_pdf(row.notice)), html_text(forms.render_html(row.notice))):
        for said in row.says:
            assert squeezed(said) in text, said


@EVERY
def test_it_cannot_be_built_without(row: Row) -> None:
    """No notice that lacks a demanded part exists to be sent."""
    for build in row.never:
        with pytest.raises(ValueError, match=r"\w"):
            build()


@EVERY
def test_what_shows_it_is_there(row: Row) -> None:
    """Each named test stands where it is said to stand."""
    assert row.kinds and row.tests and row.within in (TEN_DAYS, AT_ONCE, HOURS_72)
    for one in row.tests:
        path, _, name = one.partition("::")
        tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
        found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert not name or name in found, one


def test_every_answer_a_person_may_get_is_in_the_table() -> None:
    """No kind of answer was forgotten when it was added to the types."""
    told = {type(row.notice.answer).__name__ for row in ROWS.values() if hasattr(row.notice, "answer")}
    known = {one.__name__ for union in (forms.AccessAnswer, forms.ResultAnswer) for one in union.__args__}
    assert told == known
    free = {type(row.notice).__name__ for row in ROWS.values() if row.notice is not None}
    assert {one.__name__ for one in forms.Told.__args__} == free
