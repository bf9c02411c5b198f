"""The items of an assessment and what may be proposed for each (Act 35(3), 36(1)(2), 37(2)(3), 21(1))."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.law import grounds
from app.law.controller import Category, OtherController, Policy, Purpose, RecordClass
from app.law.reasons import Reason
from app.law.retention import Kept
from app.law.terms import Aspect, Basis, Capacity, Edition, ItemOutcome, Label, Right, Span


@dataclass(frozen=True, slots=True)
class Scope:
    """What a claim asks for; `categories` None means all, `fields` and `changes` are (category, field)."""

    right: Right
    categories: tuple[str, ...] | None = None
    fields: tuple[tuple[str, str], ...] = ()
    purposes: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    ends_contract: bool = False
    media: bool = False
    """Footage, asked for by place and time."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a claim and what is proposed for it."""

    item: str
    proposed: ItemOutcome
    ground: str | None
    basis: str
    until: date | None
    holders: tuple[str, ...]
    facts: dict[str, str] = field(hash=False)
    text: Label
    record_class: str | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What the proposals of one claim rest on: its scope, the policy, the edition of its arrival, who holds what."""

    scope: Scope
    policy: Policy
    edition: Edition
    on: date
    holders: Mapping[str, tuple[str, ...]]
    capacity: Capacity = Capacity.SELF
    gone: str | None = None
    """Of footage that the recorder no longer has: when it was recorded and how long such is kept."""
    withdrawn: Mapping[str, Collection[str]] = field(default_factory=dict)
    """To which purposes of a category consent was withdrawn before."""

    def has(self, ground: str, effect: str, *, media: bool = False) -> bool:
        """Whether the ground is open to this controller against this claim (Act 35(4), 36(1), 37(2))."""
        found = grounds.available(
            self.edition,
            self.scope.right,
            self.policy.kind,
            effect,
            self.on,
            ends_contract=self.scope.ends_contract,
            media=media,
        )
        return any(one.id == ground for one in found)


def granted(matter: Matter, category: str, name: str | None) -> Item:
    """The item as the person asks it (Act 35(3), 36(2), 37(2)(3))."""
    basis, text = GRANTED[matter.scope.right]
    return Item(
        item=_id(category, name),
        proposed=ItemOutcome.GRANT,
        ground=None,
        basis=basis,
        until=None,
        holders=matter.holders.get(category, ()),
        facts={},
        text=text,
    )


def shown(matter: Matter, category: Category, name: str | None) -> Item:
    """Access, but for where somebody lives, which no guardian is told without two people's word (Act 35(4)2).

    Parents live apart, and one of them may be hiding. It is withheld from every guardian alike and in the same words,
    so that its absence says nothing of this family.
    """
    contents = Aspect.ITEMS in matter.scope.aspects
    if not (contents and _is_withheld(matter, category, name) and matter.has("A35_4_2", "refuse")):
        return granted(matter, category.id, name)
    return replace(_refused(matter, category, name, "A35_4_2", dict(_LIVING)), text=_WITHHELD_TEXT)


def _is_withheld(matter: Matter, category: Category, name: str | None) -> bool:
    return matter.capacity is Capacity.GUARDIAN and any(
        one.id == name and one.input in matter.policy.guardians_withheld for one in category.fields
    )


def beyond(matter: Matter, category: Category, name: str | None) -> Item | None:
    """What the rights do not reach here: another controller's data, pseudonymised data, cameras in public places.

    Act 26(8) (passed on, and the person told to whom), 28-7 (never turned back to see whose it is), 58(2).
    """
    if category.owner is not None:
        return _handed_over(matter, category, name, matter.policy.controllers[category.owner])
    if category.pseudonymised and matter.has(grounds.PSEUDONYMISED, "refuse", media=category.media):
        return _refused(
            matter, category, name, grounds.PSEUDONYMISED, {"statute": "「개인정보 보호법」 제28조의2, 제28조의7"}
        )
    watched = category.media and matter.policy.cameras is not None and matter.policy.cameras.public_place
    if watched and matter.has("A58_2", "refuse", media=True):
        return _refused(matter, category, name, "A58_2", {"place": category.label.ko})
    return None


def footage(matter: Matter, category: Category) -> Item:
    """Footage of the place and time that was asked for, unless the recorder has written over it (policy 14.4, 14.7)."""
    if matter.gone is not None and matter.has("A35_4_gone", "refuse", media=True):
        return _refused(matter, category, None, "A35_4_gone", {"recorded": matter.gone})
    return granted(matter, category.id, None)


def stopped(matter: Matter, category: Category, purpose: Purpose) -> Item:
    """Suspension, unless a statute demands the processing or a contract that goes on cannot do without (Act 37(2)1, 4).

    That a contract is merely the basis is no ground by itself: its performance has to become difficult.
    """
    if purpose.statute is not None and matter.has("A37_2_1", "refuse"):
        return _refused(matter, category, purpose.id, "A37_2_1", {"statute": purpose.statute})
    if purpose.indispensable and matter.has(grounds.CONTRACT, "refuse"):
        facts = {"service": purpose.label.ko, "contract": category.label.ko}
        return _refused(matter, category, purpose.id, grounds.CONTRACT, facts)
    return granted(matter, category.id, purpose.id)


def _refused(matter: Matter, category: Category, name: str | None, ground: str, facts: dict[str, str]) -> Item:
    """What a ground of the edition is proposed against, in the edition's own words."""
    found = matter.edition.grounds[ground]
    return Item(
        item=_id(category.id, name),
        proposed=ItemOutcome.REFUSE,
        ground=ground,
        basis=found.article.ko,
        until=None,
        holders=matter.holders.get(category.id, ()),
        facts=facts,
        text=found.text,
    )


def _handed_over(matter: Matter, category: Category, name: str | None, owner: OtherController) -> Item:
    return Item(
        item=_id(category.id, name),
        proposed=ItemOutcome.HAND_OVER,
        ground=None,
        basis="법 26⑧",
        until=None,
        holders=matter.holders.get(category.id, ()),
        facts={},
        text=Label(
            f"{owner.label.ko}의 개인정보여서 요구를 그곳에 넘깁니다({owner.contact}).",
            f"This belongs to {owner.label.en}, to whom the claim is passed on ({owner.contact}).",
        ),
    )


def deleted(matter: Matter, category: Category, name: str | None) -> Item:
    """Deletion, unless another statute names the data as to be collected (Act 36(1) proviso)."""
    statute = category.statute_names_it
    if statute is None or not matter.has("A36_1", "refuse"):
        return granted(matter, category.id, name)
    return replace(
        _refused(matter, category, name, "A36_1", {"statute": statute}),
        basis="법 36① 단서",
        text=Label(
            f"{statute}에서 수집하도록 정한 개인정보이므로 삭제를 요구하실 수 없습니다.",
            f"{statute} names this item as one to be collected, so its deletion cannot be asked.",
        ),
    )


def kept(matter: Matter, category: str, one: Kept) -> Item:
    """A record class that a statute keeps, set apart until its day (Act 21(1) proviso, 21(3))."""
    record, until = one.record, one.until.isoformat()
    statute = f"{record.statute.ko} {record.article}"
    return Item(
        item=f"{category}:{record.id}",
        proposed=ItemOutcome.KEEP,
        ground="A21_1",
        basis=statute,
        until=one.until,
        holders=matter.holders.get(category, ()),
        facts={"statute": statute, "record_class": record.id, "until": until},
        text=_kept_text(record, until),
        record_class=record.id,
    )


def withdrawn(matter: Matter, category: Category, purpose: Purpose) -> Item:
    """Withdrawal, which reaches what rests on consent; the rest is put to two people (Act 37(2)1, 4, 37(3))."""
    ground = _WITHOUT_CONSENT.get(purpose.basis)
    if ground is None or not matter.has(ground, "keep"):
        return granted(matter, category.id, purpose.id)
    return Item(
        item=_id(category.id, purpose.id),
        proposed=ItemOutcome.KEEP,
        ground=ground,
        basis=matter.edition.grounds[ground].article.ko,
        until=None,
        holders=matter.holders.get(category.id, ()),
        facts={},
        text=_KEPT_TEXT[ground],
    )


def _kept_text(record: RecordClass, until: str) -> Label:
    """The day is the latest that the statute can mean, for the record's own day is known to its holder alone."""
    ko, en = (" 이상", "at least ") if record.at_least else ("", "")
    return Label(
        f"{record.statute.ko}에 따라 {span_ko(record.span)}{ko} 보존해야 하는 기록입니다({record.label.ko}). "
        f"기록이 생긴 날부터 세므로 이 기간은 늦어도 {until}에 끝납니다. "
        "다른 개인정보와 나누어 보관하고 다른 용도로 쓰지 않으며, 기간이 끝나면 파기합니다.",
        f"{record.statute.en} requires this record to be kept for {en}{span_en(record.span)} ({record.label.en}). "
        f"Counted from the record's own day, this period ends on {until} at the latest. "
        "It is stored apart, used for nothing else, and destroyed when the period ends.",
    )


def span_ko(span: Span) -> str:
    """A period in Korean words (Civil Act 160)."""
    counted = ((span.years, "년"), (span.months, "개월"), (span.days, "일"))
    return " ".join(f"{number}{unit}" for number, unit in counted if number)


def span_en(span: Span) -> str:
    """The same in English."""
    counted = ((span.years, "year"), (span.months, "month"), (span.days, "day"))
    return " ".join(f"{number} {unit}{'s' if number > 1 else ''}" for number, unit in counted if number)


def _id(category: str, name: str | None) -> str:
    return category if name is None else f"{category}.{name}"


_LIVING = {
    "whose": "정보주체 또는 함께 사는 사람",
    "harm": "사는 곳이 알려지면 생명이나 신체가 위험해질 수 있어 어느 법정대리인에게나 똑같이 알려 드리지 않습니다.",
}
_WITHHELD_TEXT = Label(
    "사는 곳은 법정대리인이 요구하신 열람 자료에 넣지 않습니다. 모든 법정대리인에게 똑같이 적용합니다.",
    "Where somebody lives is left out of what a guardian is shown. This is the same for every guardian.",
)
# No ground of 37(2) follows from an interest by itself, so what rests on one is granted like what rests on consent.
_WITHOUT_CONSENT = {Basis.CONTRACT: "A37_2_4", Basis.STATUTE: "A37_2_1"}
_KEPT_TEXT = {
    "A37_2_4": Label(
        "동의가 아니라 계약을 이행하는 데 필요한 처리입니다. 계약 해지 의사를 밝히시면 함께 중단합니다.",
        "This processing rests on a contract, not on consent. It stops too if you say that the contract shall end.",
    ),
    "A37_2_1": Label(
        "동의가 아니라 법령상 의무에 따른 처리이므로 계속됩니다.",
        "This processing rests on a statutory duty, not on consent, and goes on.",
    ),
}
GRANTED = {
    Right.ACCESS: ("법 35③", Label("열람하실 수 있습니다.", "You may see this.")),
    Right.CORRECTION: ("법 36②", Label("요구하신 대로 정정합니다.", "This is corrected as you ask.")),
    Right.DELETION: ("법 36②", Label("복구할 수 없도록 삭제합니다.", "This is deleted beyond recovery.")),
    Right.SUSPENSION: ("법 37②", Label("이 목적으로 처리하는 것을 정지합니다.", "Processing for this purpose stops.")),
    Right.CONSENT_WITHDRAWAL: (
        "법 37③",
        Label("동의를 철회하셨으므로 이 목적으로 더 처리하지 않습니다.", "Consent is withdrawn; this processing ends."),
    ),
}
