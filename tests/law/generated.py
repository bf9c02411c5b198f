"""Policies, editions and holders of every make, for properties that have to hold whatever a company writes."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from app import rulebook
from app.law.assessment import Scope
from app.law.controller import Cameras, Category, Field, OtherController, Policy, Purpose, RecordClass
from app.law.terms import Aspect, Basis, ControllerKind, Label, Right, Span
from tests.law.world import POLICY, label

EDITIONS = rulebook.load().editions
OWNER = OtherController("partner", label("partner"), "010-0000-0000", "2")
_FIELDS = ("name", "phone", "address", "content")
_PURPOSES = ("advice", "sending", "offers", "duty", "safety")
_RECORDS = ("short", "long", "least")
_SPANS = st.builds(Span, st.integers(0, 10), st.integers(0, 24), st.integers(0, 90)).filter(lambda span: span != Span())
SINCES = st.dates(date(2010, 1, 1), date(2026, 12, 31))


@st.composite
def purposes(draw: st.DrawFn) -> dict[str, Purpose]:
    """Purposes on any basis; what rests on a statute names it, only a contract can be indispensable."""
    found = {}
    for name in _PURPOSES:
        basis = draw(st.sampled_from(Basis))
        statute = "거래법 제6조" if basis is Basis.STATUTE else None
        indispensable = basis is Basis.CONTRACT and draw(st.booleans())
        found[name] = Purpose(name, label(name), basis, "2", indispensable, statute)
    return found


@st.composite
def records(draw: st.DrawFn) -> dict[str, RecordClass]:
    """Classes of records for any period, at least or at most so long, of statutes in force or not."""
    return {
        name: RecordClass(
            id=name,
            label=label(name),
            statute=Label("거래법", "Trade Act"),
            article="제6조",
            span=draw(_SPANS),
            at_least=draw(st.booleans()),
            chapter="2",
            valid_from=draw(st.none() | st.dates(date(2020, 1, 1), date(2028, 1, 1))),
            valid_to=draw(st.none() | st.dates(date(2025, 1, 1), date(2030, 1, 1))),
        )
        for name in _RECORDS
    }


@st.composite
def categories(draw: st.DrawFn) -> dict[str, Category]:
    """One to four categories: ours, another's, pseudonymised, named by a statute, or footage."""
    found = {}
    for at in range(draw(st.integers(1, 4))):
        name = f"c{at}"
        media = draw(st.integers(0, 5)) == 0
        fields = () if media else tuple(draw(st.lists(st.sampled_from(_FIELDS), min_size=1, unique=True)))
        inputs = {"address": "address", "content": "textarea"}
        found[name] = Category(
            id=name,
            label=label(name),
            fields=tuple(Field(one, label(one), inputs.get(one, "text"), one == "content") for one in fields),
            purposes=tuple(draw(st.lists(st.sampled_from(_PURPOSES), unique=True))),
            retention=label("until done"),
            span=None,
            records=tuple(draw(st.lists(st.sampled_from(_RECORDS), unique=True))),
            routes=("web",),
            short_lived=draw(st.booleans()),
            chapter="2",
            statute_names_it=draw(st.none() | st.just("면허법 제7조")),
            media=media,
            pseudonymised=draw(st.integers(0, 5)) == 0,
            owner=draw(st.none() | st.none() | st.just(OWNER.id)),
        )
    return found


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy of any company or public body."""
    cameras = draw(st.none() | st.builds(Cameras, st.integers(1, 60), st.booleans(), st.just(label("x")), st.just("2")))
    return replace(
        POLICY,
        kind=draw(st.sampled_from(ControllerKind)),
        categories=draw(categories()),
        purposes=draw(purposes()),
        records=draw(records()),
        controllers={OWNER.id: OWNER},
        cameras=cameras,
    )


@st.composite
def scopes(draw: st.DrawFn, policy: Policy) -> Scope:
    """A claim as filing lets it through: it names only what the policy has."""
    ids = sorted(policy.categories)
    pairs = [(one.id, field.id) for one in policy.categories.values() for field in one.fields]
    some = st.lists(st.sampled_from(pairs), unique=True).map(tuple) if pairs else st.just(())
    right = draw(st.sampled_from(Right))
    return Scope(
        right=right,
        categories=draw(st.none() | st.lists(st.sampled_from(ids), min_size=1, unique=True).map(tuple)),
        fields=draw(some) if right is Right.DELETION else (),
        purposes=draw(st.lists(st.sampled_from(_PURPOSES), unique=True).map(tuple)),
        aspects=tuple(draw(st.lists(st.sampled_from(Aspect), unique=True))),
        changes=draw(some) if right is Right.CORRECTION else (),
        ends_contract=draw(st.booleans()),
    )
