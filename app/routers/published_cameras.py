"""Fixed cameras as the policy publishes them (Act 25(7), policy ch. 14)."""

from pydantic import BaseModel

from app.routers.answers_parties import BothTongues


class CamerasOut(BaseModel):
    """Fixed cameras (Act 25(7))."""

    aims: list[BothTongues]
    number: BothTongues
    place: BothTongues
    coverage: BothTongues
    hours: BothTongues
    kept_days: int
    window_hours: int
    order_hours: int
    public_place: bool
    stored: BothTongues
    department: BothTongues
    equipment: BothTongues
    operator: BothTongues
    phone: str
    viewing: BothTongues
    granted_when: BothTongues
    chapter: str
