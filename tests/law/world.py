"""An invented controller, its policy and an edition of the law, small enough to see every item of an answer."""

from dataclasses import replace
from datetime import date

from app.law.controller import (
    AssuranceRule,
    Category,
    DeciderRule,
    Document,
    Fees,
    Field,
    Policy,
    ProofRule,
    Purpose,
    Question,
    RecordClass,
    Settled,
    WaitRule,
)
from app.law.proof import IDENTITY_DOCUMENT
from app.law.terms import (
    Answering,
    Basis,
    Capacity,
    ControllerKind,
    Decider,
    Deferral,
    Edition,
    Ground,
    Label,
    Leak,
    LeakReport,
    Method,
    Reached,
    Relationship,
    Right,
    Span,
)

ARRIVED = date(2026, 11, 23)
ALL = frozenset(Right)
BOTH = frozenset(ControllerKind)
PUBLIC = frozenset({ControllerKind.PUBLIC_BODY})


def label(text: str) -> Label:
    return Label(f"{text} (ko)", f"{text} (en)")


def category(
    name: str,
    fields: tuple[str, ...],
    purposes: tuple[str, ...] = (),
    records: tuple[str, ...] = (),
    statute: str | None = None,
) -> Category:
    return Category(
        id=name,
        label=label(name),
        fields=tuple(Field(one, label(one), "text", free_text=one == "content") for one in fields),
        purposes=purposes,
        retention=label("until done"),
        span=None,
        records=records,
        routes=("web",),
        short_lived=not records,
        chapter="2",
        statute_names_it=statute,
    )


def record(name: str, span: Span, *, at_least: bool = False) -> RecordClass:
    return RecordClass(name, label(name), Label("거래법", "Trade Act"), "제6조", span, at_least, "2")


SETTLED = Settled(
    postponement_days=30,
    outlook_closed_days=3,
    late_objections=True,
    internal_margin_working_days=1,
    contact_age_days=30,
    objection_window_days=30,
    package_days=7,
    task_working_days=3,
    acknowledge_hours=24,
    answer_link_days=7,
    code_minutes=10,
    code_tries=5,
    code_sends_per_hour=3,
    code_failures_per_day=10,
    filings_per_minute=60,
    claims_per_request=10,
    arrival_days=60,
    mandate_days=180,
    freeze_ruling_working_days=2,
    reminder_working_days=2,
    unconfirmed_days=5,
    files_per_request=5,
    bytes_per_request=25_000_000,
    files_per_caller_hour=60,
    subjects_per_delegate_day=3,
    provisions_kept_days=730,
    requests_kept_years=3,
    requests_kept_basis="전자상거래법 시행령 제6조제1항제4호",
    answers_kept_days=30,
)

_SELF = frozenset({Capacity.SELF})
_OTHERS = frozenset({Capacity.GUARDIAN, Capacity.DELEGATE})
_RULES = (
    DeciderRule("refuse", Decider.TWO, ALL, frozenset(Capacity)),
    DeciderRule("grant", Decider.TWO, ALL, _OTHERS),
    DeciderRule("grant", Decider.MACHINE, frozenset({Right.ACCESS, Right.SUSPENSION}), _SELF, uncontested=True),
    DeciderRule("grant", Decider.OFFICER, frozenset({Right.ACCESS, Right.SUSPENSION, Right.CORRECTION}), _SELF),
    DeciderRule("grant", Decider.OFFICER, frozenset({Right.DELETION}), _SELF, short_lived=True),
    DeciderRule("grant", Decider.TWO, frozenset({Right.DELETION}), _SELF),
)

_CATEGORIES = (
    category("mall", ("name", "phone"), ("advice", "sending"), ("contract_5y", "payment_5y")),
    category("letter", ("email", "content"), ("advice", "offers")),
    category("register", ("name", "licence"), ("duty", "safety"), statute="면허법 제7조"),
    category("log", ("ip",), ("offers",), ("log_3m",)),
    category("footage", ()),
)
_PURPOSES = (
    Purpose("advice", label("advice"), Basis.CONSENT, "2"),
    Purpose("offers", label("offers"), Basis.CONSENT, "2"),
    Purpose("sending", label("sending"), Basis.CONTRACT, "2"),
    Purpose("duty", label("duty"), Basis.STATUTE, "2"),
    Purpose("safety", label("safety"), Basis.INTEREST, "2"),
    Purpose("survey", label("survey"), Basis.CONSENT, "2"),
)
_RECORDS = (
    record("contract_5y", Span(years=5)),
    record("payment_5y", Span(years=5)),
    record("log_3m", Span(months=3), at_least=True),
)

POLICY = Policy(
    approver_email="approver@example.com",
    deputies=(),
    fees=Fees(False, Label("없음", "none")),
    id="invented-2026",
    controller=label("Invented Co."),
    kind=ControllerKind.COMPANY,
    effective=date(2026, 1, 1),
    categories={one.id: one for one in _CATEGORIES},
    purposes={one.id: one for one in _PURPOSES},
    records={one.id: one for one in _RECORDS},
    parties=(),
    bodies=(),
    approver=label("approver"),
    desk=label("desk"),
    desk_phone="010-0000-1234",
    desk_email="privacy@example.com",
    objection=label("write to the desk"),
    website="https://example.com",
    channels=("web", "phone"),
    assurance=(
        AssuranceRule(frozenset({Method.PHONE_CODE, Method.SITE_LOGIN, Method.IDENTITY_PROVIDER}), ALL),
        AssuranceRule(frozenset({Method.EMAIL_CODE}), frozenset({Right.ACCESS, Right.SUSPENSION})),
        AssuranceRule(frozenset({Method.EMAIL_CODE}), ALL, email_only_categories=True),
        AssuranceRule(frozenset(Method), ALL, capacities=frozenset({Capacity.GUARDIAN})),
    ),
    deciders=_RULES,
    documents={
        one: Document(one, label(one), label(f"how to get {one}"), (Question("seen", label("seen")),))
        for one in ("birth_paper", "family_paper", "court_paper", "mandate_paper", IDENTITY_DOCUMENT)
    },
    proofs=(
        ProofRule(Capacity.GUARDIAN, frozenset({Relationship.PARENT}), ("birth_paper", "family_paper")),
        ProofRule(
            Capacity.GUARDIAN,
            frozenset({Relationship.ADOPTIVE_PARENT, Relationship.APPOINTED_GUARDIAN}),
            ("birth_paper",),
        ),
        ProofRule(Capacity.GUARDIAN, frozenset({Relationship.ADULT_GUARDIAN}), ("court_paper",)),
        ProofRule(Capacity.DELEGATE, frozenset(), ("mandate_paper",)),
    ),
    waits=(
        WaitRule(frozenset({Right.ACCESS}), frozenset({Capacity.DELEGATE}), frozenset(Reached), 5),
        WaitRule(ALL, _OTHERS, frozenset(Reached), 3),
        WaitRule(ALL, _SELF, frozenset({Reached.CHANGED}), 3),
        WaitRule(ALL, _SELF, frozenset({Reached.NONE, Reached.OLD}), 0),
        WaitRule(ALL, _SELF, frozenset({Reached.OTHER}), 1),
        # Never reached: the first rule that fits holds.
        WaitRule(ALL, frozenset(Capacity), frozenset(Reached), 4),
    ),
    guardians_withheld=frozenset({"address"}),
    child_purposes=frozenset({"offers"}),
    settled=SETTLED,
)
PUBLIC_POLICY = replace(POLICY, kind=ControllerKind.PUBLIC_BODY)


def ground(
    name: str,
    rights: set[Right],
    effect: str,
    facts: tuple[str, ...],
    controllers: frozenset[ControllerKind] = BOTH,
    valid_to: date | None = None,
) -> Ground:
    return Ground(
        id=name,
        rights=frozenset(rights),
        article=label(f"article of {name}"),
        effect=effect,
        controllers=controllers,
        facts=facts,
        applied_by=Decider.TWO,
        text=label(name),
        valid_from=date(2026, 9, 11),
        valid_to=valid_to,
    )


_STOPS = {Right.SUSPENSION, Right.CONSENT_WITHDRAWAL}
_GROUNDS = (
    ground("A35_4_1", {Right.ACCESS}, "refuse", ("statute",)),
    ground("A35_4_2", {Right.ACCESS}, "refuse", ("whose", "harm")),
    ground("A35_4_3", {Right.ACCESS}, "refuse", ("duty",), PUBLIC),
    ground("A35_3", {Right.ACCESS}, "postpone", ("cause",)),
    ground("A36_1", {Right.DELETION}, "refuse", ("statute",)),
    ground("A21_1", {Right.DELETION}, "keep", ("statute", "record_class", "until")),
    ground("A37_2_1", _STOPS, "refuse", ("statute",)),
    ground("A37_2_2", _STOPS, "refuse", ("whose", "harm")),
    ground("A37_2_3", _STOPS, "refuse", ("statute",), PUBLIC),
    ground("A37_2_4", _STOPS, "refuse", ("service", "contract")),
    ground("ended", {Right.ACCESS}, "refuse", (), valid_to=date(2026, 10, 1)),
)
EDITION = Edition(
    forms="서식 고시(제1호)",
    deferral=Deferral(frozenset({Right.ACCESS}), 10, "법 35③"),
    objection=Answering(10, "법 38⑤"),
    follow_up=Answering(10, "법 37⑤"),
    destruction=Answering(5, "법 21①"),
    leak=Leak(
        72,
        1000,
        frozenset({"sensitive", "outside"}),
        "법 34",
        "법 34②",
        LeakReport(Label("신고기관", "Authority"), {"controller": Label("기관명", "Controller")}, False),
    ),
    id="2026-09-11",
    valid_from=date(2026, 9, 11),
    valid_to=None,
    days=dict.fromkeys(Right, 10),
    basis={
        Right.ACCESS: "영 41④",
        Right.CORRECTION: "영 43③",
        Right.DELETION: "영 43③",
        Right.SUSPENSION: "영 44②",
        Right.CONSENT_WITHDRAWAL: "법 37③",
    },
    grounds={one.id: one for one in _GROUNDS},
)
