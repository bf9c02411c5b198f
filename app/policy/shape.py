"""The shape of a policy file: what may stand in it, and nothing else."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field as Bound
from pydantic import StringConstraints

from app.law import terms
from app.marked import Entry, Id, Period, Text, Words
from app.policy.settled import SettledEntry

Chapter = Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.([0-9]{1,2}|[가-힣]))*$")]
Phone = Annotated[str, StringConstraints(pattern=r"^(\d{3,4}|\d{2,4}-\d{3,4}(-\d{4})?)$")]
Mail = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=254)]
Web = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(/\S*)?$")]
Input = Literal["text", "textarea", "tel", "email", "address", "date", "datetime"]

_HELD = "what of it they hold: the registry is asked to have them; empty where the policy does not say"

# Words of the law are written as text in the file; everything else must have its own type.
RightWord = Annotated[terms.Right, Bound(strict=False)]
CapacityWord = Annotated[terms.Capacity, Bound(strict=False)]
MethodWord = Annotated[terms.Method, Bound(strict=False)]
DeciderWord = Annotated[terms.Decider, Bound(strict=False)]
BasisWord = Annotated[terms.Basis, Bound(strict=False)]
RelationshipWord = Annotated[terms.Relationship, Bound(strict=False)]
ReachedWord = Annotated[terms.Reached, Bound(strict=False)]
KindWord = Annotated[terms.ControllerKind, Bound(strict=False)]


class FieldEntry(Entry):
    """One field that is collected."""

    id: Id
    label: Words
    input: Input
    free_text: bool = False
    optional: bool = Bound(default=False, description="collected only if the person chooses to give it (선택)")
    max_length: Annotated[int, Bound(ge=1, le=10000)] = 200
    proof: Id | None = Bound(
        default=None, description="the paper that supports a correction which no holder can check (Act 36(5))"
    )


class KeptRecord(Entry):
    """Why records of a class can lie in a category."""

    record: Id
    note: Text


class CategoryEntry(Entry):
    """One collection route of the policy (Act 30(1)1-3)."""

    id: Id
    label: Words
    chapter: Chapter
    routes: Annotated[list[Id], Bound(min_length=1, description="channels by which it is collected")]
    fields: list[FieldEntry]
    purposes: list[Id]
    retention: Words
    span: Period | None = Bound(default=None, description="absent: until the purpose is met")
    records: list[KeptRecord]
    short_lived: bool = Bound(default=False, description="kept only until handled; an officer alone may grant deletion")
    media: bool = Bound(default=False, description="pictures or sound, asked for by place and time")
    statute_names_it: Text | None = Bound(
        default=None, description="the statute that names the data (Act 36(1) proviso)"
    )
    pseudonymised: bool = Bound(default=False, description="processed under Act 28-2, 28-3 (Act 28-7)")
    owner: Id | None = Bound(default=None, description="another controller to whom it belongs (Act 26(8))")
    sources: list[Id] = Bound(default=[], description="from whom it came, where not from the person (Act 20(1))")
    note: Text | None = None


class PurposeEntry(Entry):
    """One purpose and what it rests on (Act 15(1))."""

    id: Id
    label: Words
    basis: BasisWord
    chapter: Chapter
    indispensable: bool = Bound(default=False, description="the contract cannot be performed without it (Act 37(2)4)")
    statute: Text | None = Bound(default=None, description="the provision that demands the processing (Act 37(2)1)")
    note: Text


class OtherControllerEntry(Entry):
    """Somebody else who answers for data that passes through our hands (Act 26(8))."""

    id: Id
    label: Words
    contact: Text
    chapter: Chapter
    note: Text | None = None


class SourceEntry(OtherControllerEntry):
    """Somebody from whom data came (Act 20(1), Decree 43(2))."""


class DeputyEntry(Entry):
    """Who stands in for the approver; `until` is the first day on which they no longer do."""

    label: Words
    email: Mail
    since: date
    until: date | None = None


class FeesEntry(Entry):
    """Whether the actual cost is charged (Act 38(3), Decree 47)."""

    charged: bool
    note: Words


class RecordEntry(Entry):
    """Records that another statute keeps (Act 21(1) proviso): said in full, or by name as the rulebook has them."""

    id: Id
    label: Words | None = None
    statute: Words | None = None
    article: Text | None = None
    span: Period | None = None
    at_least: bool | None = None
    chapter: Chapter
    note: Text | None = None


class ProcessorEntry(Entry):
    """A processor and what it is entrusted with (Act 26)."""

    id: Id
    label: Words
    task: Words
    chapter: Chapter
    phone: Phone | None = None
    annex: Text | None = Bound(default=None, description="the annex that lists the members of this group")
    categories: list[Id] = Bound(default=[], description=_HELD)
    note: Text | None = None


class SilenceEntry(Entry):
    """A law that forbids to tell of provisions; `until` is the first day on which it may be told again."""

    statute: Words
    since: date
    until: date | None = None


class ThirdPartyEntry(Entry):
    """Somebody to whom data is provided (Act 17, 18)."""

    id: Id
    label: Words
    task: Words
    items: Words
    retention: Words
    chapter: Chapter
    silences: list[SilenceEntry] = Bound(default=[], description="while it lasts, no answer names this party")
    categories: list[Id] = Bound(default=[], description=_HELD)
    note: Text | None = None


class OwnSystemEntry(Entry):
    """A system of the controller's own: the registry is asked to have it, nobody else is told of it."""

    id: Id
    label: Words
    categories: Annotated[list[Id], Bound(min_length=1)]
    chapter: Chapter
    note: Text | None = None


class BodyEntry(Entry):
    """An outside body; `until` is the first day on which the entry no longer holds."""

    id: Id
    label: Words
    contact: Text
    remit: Words | None = None
    until: date | None = None
    chapter: Chapter
    note: Text | None = None


class LineEntry(Entry):
    """A telephone line or mailbox of the controller."""

    id: Id
    label: Words
    contact: Text
    until: date | None = None
    chapter: Chapter


class DeskEntry(Entry):
    """The people who answer for personal data (Act 31; objections Act 38(5))."""

    approver: Words
    manager: Words
    desk: Words
    phone: Phone
    email: Mail
    approver_email: Mail | None = Bound(default=None, description="absent: the desk's own mailbox")
    objection: Words
    chapter: Chapter


class ChannelEntry(Entry):
    """A way by which a request reaches the controller (Decree 41(2))."""

    id: Literal["web", "phone", "email", "fax", "post", "visit", "store", "processor"]
    label: Words
    chapter: Chapter
    note: Text | None = None


class RightEntry(Entry):
    """A right the policy promises."""

    id: RightWord
    chapter: Chapter


class PromiseEntry(Entry):
    """A promise of the policy that this service keeps."""

    chapter: Chapter
    text: Words


class MethodEntry(Entry):
    """A way in which consent is given (Act 22)."""

    id: Id
    label: Words
    chapter: Chapter


class ChildrenEntry(Entry):
    """What holds for children under 14 (Act 22-2, 38(2))."""

    guardian_fields: Annotated[list[Literal["name", "birth_date", "phone"]], Bound(min_length=1)]
    consent: Words
    marketing: Literal[False]
    refused_purposes: list[Id] = Bound(description="purposes for which a child's data is never used")
    withheld_inputs: list[Input] = Bound(description="fields left out of a guardian's answer: where somebody lives")
    chapter: Chapter
    note: Text | None = None


class CamerasEntry(Entry):
    """Fixed cameras (Act 25(7))."""

    aims: Annotated[list[Words], Bound(min_length=1)]
    number: Words
    place: Words
    coverage: Words
    hours: Words
    kept_days: Annotated[int, Bound(ge=1, le=366)]
    window_hours: Annotated[int, Bound(ge=1, le=168, description="longest stretch that one claim may ask for")]
    order_hours: Annotated[int, Bound(ge=1, le=24, description="within which a holder confirms that it preserves")]
    public_place: bool = Bound(description="places open to the public, where Act 37 does not apply (Act 58(2))")
    stored: Words
    department: Words
    equipment: Words
    operator: Words
    phone: Phone
    viewing: Words
    granted_when: Words
    chapter: Chapter


class QuestionEntry(Entry):
    """One line of a reviewer's checklist."""

    id: Id
    text: Words


class DocumentEntry(Entry):
    """A kind of paper that may be handed in, and what a reviewer has to see on it (Decree 45(2))."""

    id: Id
    label: Words
    hint: Words
    max_age_days: Annotated[int, Bound(ge=1, le=3660)] | None = None
    issuer_number: bool = Bound(default=False, description="the issuer's check number is written down at review")
    checklist: Annotated[list[QuestionEntry], Bound(min_length=1)]
    note: Text | None = None


class ProofEntry(Entry):
    """Which documents show a standing; all of them are needed."""

    capacity: CapacityWord
    relationships: list[RelationshipWord]
    documents: Annotated[list[Id], Bound(min_length=1)]
    note: Text | None = None


class WaitEntry(Entry):
    """How long a release waits; the first entry that fits holds."""

    rights: Annotated[list[RightWord], Bound(min_length=1)]
    capacities: Annotated[list[CapacityWord], Bound(min_length=1)]
    reached: Annotated[list[ReachedWord], Bound(min_length=1)]
    days: Annotated[int, Bound(ge=0, le=5)]
    note: Text | None = None


class AssuranceEntry(Entry):
    """Which methods prove identity for which rights."""

    methods: Annotated[list[MethodWord], Bound(min_length=1)]
    rights: Annotated[list[RightWord], Bound(min_length=1)]
    capacities: Annotated[list[CapacityWord], Bound(min_length=1)] = [terms.Capacity.SELF, terms.Capacity.DELEGATE]
    email_only_categories: bool = False
    note: Text | None = None


class DeciderEntry(Entry):
    """Who decides; the first entry that fits holds. `refuse` covers every partial grant, keep and refusal."""

    outcome: Literal["grant", "refuse"]
    decider: DeciderWord
    rights: Annotated[list[RightWord], Bound(min_length=1)]
    capacities: Annotated[list[CapacityWord], Bound(min_length=1)]
    uncontested: bool | None = None
    short_lived: bool | None = None


class PolicyFile(Entry):
    """A controller's published privacy policy as data."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    controller: Words
    kind: KindWord
    effective: date
    website: Web
    rights: Annotated[list[RightEntry], Bound(min_length=1)]
    channels: Annotated[list[ChannelEntry], Bound(min_length=1)]
    purposes: Annotated[list[PurposeEntry], Bound(min_length=1)]
    records: list[RecordEntry]
    categories: Annotated[list[CategoryEntry], Bound(min_length=1)]
    consent_methods: Annotated[list[MethodEntry], Bound(min_length=1)]
    third_parties: list[ThirdPartyEntry]
    processors: list[ProcessorEntry]
    promises: list[PromiseEntry]
    controllers: list[OtherControllerEntry] = []
    sources: list[SourceEntry] = []
    systems: list[OwnSystemEntry] = []
    deputies: list[DeputyEntry] = []
    fees: FeesEntry
    named: bool = Bound(default=True, description="names are collected; if not, people are known by account alone")
    children: ChildrenEntry
    contacts: DeskEntry
    lines: list[LineEntry]
    bodies: Annotated[list[BodyEntry], Bound(min_length=1)]
    cameras: CamerasEntry | None = None
    assurance: Annotated[list[AssuranceEntry], Bound(min_length=1)]
    deciders: Annotated[list[DeciderEntry], Bound(min_length=1)]
    documents: Annotated[list[DocumentEntry], Bound(min_length=1)]
    proofs: Annotated[list[ProofEntry], Bound(min_length=1)]
    release_waits: Annotated[list[WaitEntry], Bound(min_length=1)]
    settled: SettledEntry
