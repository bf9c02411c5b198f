"""A filing on the wire (요구서, form 8) and its reading into the desk's own values."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app import text
from app.http.body import Day, Line, Moment, Text, Wire
from app.law.controller import Field as PolicyField
from app.law.controller import Policy
from app.law.terms import Aspect, Right
from app.routers import filing_parties
from app.routers.filing_media import Media, MediaIn
from app.routers.filing_parties import MandateIn, RequesterIn, Said
from app.routers.gathering import Gathering
from app.services import behalf
from app.services.intake import Ask, Filing

Names = Annotated[list[Line], Field(min_length=1, max_length=50)]
LATER = "field.not_available_yet"


class AddressIn(Wire):
    """A road-name address (도로명주소) with its five-digit code."""

    postal_code: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    road_address: Line
    detail: Line | None = None


class SubjectIn(Wire):
    """Whose data: a name, and one of phone, e-mail or customer number; or an account, where no names are collected."""

    name: Annotated[Line | None, Field(description="Required, but for a controller that collects no names.")] = None
    birth_date: Day | None = None
    phone: Line | None = None
    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    customer_no: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] | None = None
    address: AddressIn | None = None


class FieldIn(Wire):
    """One field of one category."""

    category: Line
    field: Line


class ChangeIn(Wire):
    """One field as it is and as it should be."""

    category: Line | None = None
    field: Line | None = None
    current: Text | None = None
    corrected: Text | None = None


class AccessIn(Wire):
    """Access (Act 35, Decree 41(1)): an aspect that is not marked is not asked for; or footage, by place and time."""

    right: Literal["access"]
    aspects: Annotated[list[Aspect], Field(min_length=1, max_length=5)] | None = None
    categories: Names | None = None
    delivery: Literal["electronic", "post", "visit"] = "electronic"
    media: MediaIn | None = None


class CorrectionIn(Wire):
    """Correction (Act 36): field by field, current and corrected."""

    right: Literal["correction"]
    changes: Annotated[list[ChangeIn], Field(max_length=50)] = []
    reason: Text | None = None


class DeletionIn(Wire):
    """Deletion (Act 36): categories, single fields, or everything where neither is named."""

    right: Literal["deletion"]
    categories: Names | None = None
    fields: Annotated[list[FieldIn], Field(min_length=1, max_length=50)] | None = None
    reason: Text | None = None


class SuspensionIn(Wire):
    """Suspension (Act 37): purposes or categories, and whether the contract shall end as well (37(2)4)."""

    right: Literal["suspension"]
    purposes: Names | None = None
    categories: Names | None = None
    ends_contract: bool
    reason: Text | None = None


class ConsentWithdrawalIn(Wire):
    """Withdrawal of consent (Act 37(1)), by purpose; a contract that shall end holds nothing back (37(2)4)."""

    right: Literal["consent_withdrawal"]
    purposes: Names
    ends_contract: bool = False
    reason: Text | None = None


ClaimIn = Annotated[
    AccessIn | CorrectionIn | DeletionIn | SuspensionIn | ConsentWithdrawalIn, Field(discriminator="right")
]


class FilingIn(Wire):
    """One request with one to ten claims."""

    capacity: Said
    channel: Literal["web", "phone", "store", "visit", "post", "fax", "email", "processor"]
    subject: SubjectIn
    claims: Annotated[list[ClaimIn], Field(min_length=1, max_length=10)]
    notify_by: Literal["email", "sms", "post", "phone", "visit", "alimtalk"] | None = None
    language: Literal["ko", "en"] = "ko"
    arrived_at: Moment | None = None
    caller_number: Line | None = None
    recording_ref: Line | None = None
    external_ref: Line | None = None
    requester: RequesterIn | None = None
    mandate: MandateIn | None = None

    def sites(self) -> set[UUID]:
        """The places whose footage is asked for."""
        return {one.media.site for one in self.claims if isinstance(one, AccessIn) and one.media is not None}


class Reading(Gathering):
    """Reads one filing: gathers every fault instead of stopping at the first, and what had to be masked."""

    def __init__(self, policy: Policy, media: Media) -> None:
        super().__init__()
        self._policy, self._media = policy, media

    def read(self, body: FilingIn) -> Filing:
        """The filing in normal form, or every fault found."""
        self._not_yet(body)
        subject = self._subject(body.subject)
        asks_for = filing_parties.read(
            self, body.capacity, body.requester, body.mandate, ward_born=body.subject.birth_date is not None
        )
        asks = tuple(self._ask(claim, f"/claims/{place}") for place, claim in enumerate(body.claims))
        references = {
            name: self.attempt(f"/{name}", text.line, value)
            for name in ("caller_number", "recording_ref", "external_ref")
            if (value := getattr(body, name)) is not None
        }
        self.stop_at_faults()
        told = behalf.told(asks_for, subject)
        return Filing(
            channel=body.channel,
            subject=subject,
            asks=asks,
            notify_by=body.notify_by or ("email" if told["email"] else "sms" if told["phone"] else "visit"),
            language=body.language,
            arrived_at=body.arrived_at,
            references={name: value for name, value in references.items() if value is not None},
            behalf=asks_for,
        )

    def _not_yet(self, body: FilingIn) -> None:
        """What a later part of the service will take is named, not ignored."""
        if body.notify_by == "alimtalk":
            self.fault("/notify_by", LATER)

    def _subject(self, subject: SubjectIn) -> dict[str, Any]:
        name = self._name(subject)
        if not (subject.phone or subject.email or subject.customer_no):
            self.fault("/subject", "field.required")
        address = None
        if subject.address is not None:
            address = {
                "postal_code": subject.address.postal_code,
                "road_address": self.attempt("/subject/address/road_address", text.line, subject.address.road_address),
                "detail": self.optional("/subject/address/detail", text.line, subject.address.detail),
            }
        if subject.customer_no is not None:
            self.attempt("/subject/customer_no", text.line, subject.customer_no)
        return {
            "name": name,
            "birth_date": subject.birth_date.isoformat() if subject.birth_date else None,
            "phone": self.optional("/subject/phone", text.phone, subject.phone),
            "email": self.optional("/subject/email", text.email, subject.email),
            "customer_no": subject.customer_no,
            "address": address,
        }

    def _name(self, subject: SubjectIn) -> str | None:
        """The name; where none is collected, none is taken either, and the account stands for it (Decree 41(2))."""
        if self._policy.named:
            if subject.name is None:
                self.fault("/subject/name", "field.required")
            return self.optional("/subject/name", text.name, subject.name)
        if subject.name is not None:
            self.fault("/subject/name", "field.inconsistent")
        if subject.customer_no is None:
            self.fault("/subject/customer_no", "field.required")
        return subject.customer_no

    def _ask(self, claim: ClaimIn, at: str) -> Ask:
        detail: dict[str, Any] = {}
        scope: dict[str, Any]
        reason = getattr(claim, "reason", None)
        if reason is not None:
            detail["reason"] = self.free(f"{at}/reason", reason)
        match claim:
            case AccessIn(media=MediaIn() as media):
                scope = self._footage(claim, media, detail, at)
            case AccessIn():
                scope = self._access(claim, at)
            case CorrectionIn():
                changes = [self._change(change, f"{at}/changes/{n}") for n, change in enumerate(claim.changes)]
                if not changes:
                    self.fault(f"{at}/changes", "correction.incomplete")
                detail["changes"] = changes
                scope = {"changes": [{"category": one["category"], "field": one["field"]} for one in changes]}
            case DeletionIn():
                scope = {
                    "categories": self._data(f"{at}/categories", at, claim.categories, LATER),
                    "fields": [self._field(one, f"{at}/fields/{n}") for n, one in enumerate(claim.fields or ())],
                }
            case SuspensionIn():
                scope = self._suspension(claim, at)
            case ConsentWithdrawalIn():
                purposes = self._purposes(at, claim.purposes)
                scope = {"purposes": purposes, "ends_contract": claim.ends_contract}
        return Ask(Right(claim.right), scope, detail)

    def _access(self, claim: AccessIn, at: str) -> dict[str, Any]:
        if claim.aspects is None:
            self.fault(f"{at}/aspects", "field.required")
        return {
            "aspects": [one.value for one in dict.fromkeys(claim.aspects or ())],
            "categories": self._data(f"{at}/media", at, claim.categories, "field.required"),
            "delivery": claim.delivery,
        }

    def _suspension(self, claim: SuspensionIn, at: str) -> dict[str, Any]:
        if self._is_filmed_in_public(claim.categories):
            self.adjusted.append({"pointer": f"{at}/categories", "code": "media.recording_goes_on"})
        if claim.purposes is None and claim.categories is None:
            self.fault(f"{at}/purposes", "field.required")
        return {
            "purposes": self._purposes(at, claim.purposes),
            "categories": self._categories(at, claim.categories),
            "ends_contract": claim.ends_contract,
        }

    def _footage(self, claim: AccessIn, media: MediaIn, detail: dict[str, Any], at: str) -> dict[str, Any]:
        """Footage has no aspects and its own category: what the description says of the person is sealed."""
        for name in ("aspects", "categories"):
            if getattr(claim, name) is not None:
                self.fault(f"{at}/{name}", "field.inconsistent")
        read = self._media.read(self, media, f"{at}/media")
        if read is None:
            return {}
        asked, detail["description"] = read
        return {"aspects": [], "categories": [asked["category"]], "delivery": claim.delivery, "media": asked}

    def _change(self, change: ChangeIn, at: str) -> dict[str, Any]:
        if change.category is None or change.field is None or change.corrected is None:
            missing = next(one for one in ("category", "field", "corrected") if getattr(change, one) is None)
            self.fault(f"{at}/{missing}", "correction.incomplete")
            return {"category": "", "field": "", "current": None, "corrected": ""}
        self._field(FieldIn(category=change.category, field=change.field), at)
        found = self._policy.categories.get(change.category)
        kind = next((one for one in found.fields if one.id == change.field), None) if found else None
        current = self._value(f"{at}/current", kind, change.current)
        corrected = self._value(f"{at}/corrected", kind, change.corrected)
        if corrected is not None and corrected == current:
            self.fault(f"{at}/corrected", "correction.incomplete")
        return {"category": change.category, "field": change.field, "current": current, "corrected": corrected}

    def _value(self, at: str, kind: PolicyField | None, value: str | None) -> str | None:
        """A field's value, checked as that field would be at collection."""
        if value is None or kind is None:
            return value
        if kind.free_text:
            return self.free(at, value)
        checks: dict[str, Callable[..., str]] = {"name": text.name, "tel": text.phone, "email": text.email}
        check = checks.get("name" if kind.id == "name" else kind.input, text.line)
        return self.attempt(at, check, value)

    def _field(self, one: FieldIn, at: str) -> dict[str, str]:
        category = self._policy.categories.get(one.category)
        if category is None:
            self.fault(f"{at}/category", "field.value")
        elif all(field.id != one.field for field in category.fields):
            self.fault(f"{at}/field", "field.value")
        return {"category": one.category, "field": one.field}

    def _categories(self, at: str, named: list[str] | None) -> list[str] | None:
        return self._known(f"{at}/categories", named, self._policy.categories)

    def _data(self, where: str, at: str, named: list[str] | None, code: str) -> list[str] | None:
        """Categories of fields: footage is not asked for as one, but by place and time."""
        if any(one in self._policy.categories and self._policy.categories[one].media for one in named or ()):
            self.fault(where, code)
        return self._categories(at, named)

    def _is_filmed_in_public(self, named: list[str] | None) -> bool:
        """Whether a stop is asked of cameras in public places, where Act 37 does not apply (Act 58(2))."""
        public = self._policy.cameras is not None and self._policy.cameras.public_place
        known = self._policy.categories
        return public and any(known[one].media for one in named or () if one in known)

    def _purposes(self, at: str, named: list[str] | None) -> list[str] | None:
        return self._known(f"{at}/purposes", named, self._policy.purposes)

    def _known(self, at: str, named: list[str] | None, known: dict[str, Any]) -> list[str] | None:
        for place, one in enumerate(named or ()):
            if one not in known:
                self.fault(f"{at}/{place}", "field.value")
        return list(dict.fromkeys(named)) if named is not None else None
