"""The shapes of who stands in a request: whose data it is, who asks, on what mandate, and what they can do next."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from app.law.terms import Method, Right, Whose


class BothTongues(BaseModel):
    """A text in Korean and English."""

    ko: str
    en: str


class Paper(BaseModel):
    """A paper to be handed in: what it is, what has to be seen on it, whether another way serves as well."""

    kind: str
    label: BothTongues
    hint: BothTongues
    max_age_days: int | None
    issuer_number: bool
    optional: bool
    """It serves only who proves themselves in no other way."""


class NextStep(BaseModel):
    """What a party can do next, and how: prove who they are, hand in papers, fetch the result."""

    step: Literal["verify", "upload", "fetch"]
    party: Whose
    methods: list[Method] | None = None
    documents: list[Paper] | None = None


class AddressOut(BaseModel):
    """A road-name address as typed."""

    postal_code: str
    road_address: str
    detail: str | None


class SubjectOut(BaseModel):
    """Whose data: as typed for staff; for a call center or a clerk's desk name, phone and e-mail, masked."""

    name: str
    phone: str | None
    email: str | None
    birth_date: date | None = None
    customer_no: str | None = None
    address: AddressOut | None = None


class RequesterOut(BaseModel):
    """Who asks for the subject: as typed for staff, masked for who filed it; once destroyed only since when."""

    name: str | None
    phone: str | None
    email: str | None
    birth_date: date | None = None
    relationship: str | None
    proved: Literal["none", "reached", "identified"] | None = None
    on_record: bool | None = None
    caller_number: str | None = None
    """From where they called; staff only."""
    destroyed_at: datetime | None = None


class MandateOut(BaseModel):
    """A power of attorney: its scope and days, whether the subject confirmed it, and when it ended."""

    rights: list[Right]
    signed_on: date
    expires_on: date
    deliver_to: Literal["subject", "delegate"]
    confirmed_at: datetime | None
    revoked_at: datetime | None
    revoked_cause: Literal["revoked", "renounced", "death", "expired"] | None


class ReferencesOut(BaseModel):
    """What the filer noted for its own records."""

    caller_number: str | None = None
    recording_ref: str | None = None
    external_ref: str | None = None
