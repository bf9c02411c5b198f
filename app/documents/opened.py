"""What a person is shown of their data, as values: by category, aspect by aspect (Act 35(1), Decree 41(1))."""

from dataclasses import dataclass
from datetime import date

from app.documents.notices import Recipient, Sender, StatedGround
from app.law.terms import Aspect


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One field of a record, as a holder returned it."""

    field: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one holder returned of a category: its records."""

    holder: str
    records: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeTold:
    """A purpose and what it rests on (Act 15(1))."""

    label: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionTold:
    """To whom data is given, for what, which and how long (Act 17(2), policy ch. 6), or which processor does what."""

    name: str
    purpose: str
    items: str = ""
    retention: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidedTold:
    """A single provision on record: to whom, when, which items (none named: all of the category), on what basis."""

    to: str
    on: date
    items: tuple[str, ...]
    basis: str
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTold:
    """To what a person consented, and when, where that is known."""

    purpose: str
    content: str
    given_on: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldTold:
    """An item that is not opened, and the ground (Decree 42(1): the rest is opened)."""

    label: str
    ground: StatedGround


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTold:
    """Somebody outside, and how they are reached: whose the data is, or from whom it came."""

    name: str
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTold:
    """A record that is kept by statute alone, apart from everything else, and until when (Act 21(1), 21(3))."""

    record: str
    statute: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTold:
    """One category of the policy, with everything known of this person in it."""

    id: str
    label: str
    source: str
    sources: tuple[PartyTold, ...] = ()
    """From whom it came, where not from the person (Act 20(1))."""
    owner: PartyTold | None = None
    """Another controller to whom it belongs, and to whom the claim was passed on (Act 26(8))."""
    opened: bool = True
    """Whether anything of its contents is shown at all."""
    kept: tuple[KeptTold, ...] = ()
    held: tuple[Held, ...] = ()
    purposes: tuple[PurposeTold, ...] = ()
    retention: str = ""
    third_parties: tuple[ProvisionTold, ...] = ()
    provided: tuple[ProvidedTold, ...] = ()
    processors: tuple[ProvisionTold, ...] = ()
    consents: tuple[ConsentTold, ...] = ()
    withheld: tuple[WithheldTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPackage:
    """All that is handed over; `silent` names holders that have not answered, so that nobody takes it for complete."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    aspects: frozenset[Aspect]
    categories: tuple[CategoryTold, ...]
    dated: date
    silent: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.receipt_no.strip():
            raise ValueError("a package needs its receipt number")
        if not self.aspects:
            raise ValueError("a package answers at least one aspect")
