"""The numbers a controller settles in its policy file, each within what the law and good sense allow."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic import Field as Bound

from app.marked import Entry, Text

REQUESTS_YEARS_LEAST = 3


def _long_enough(years: int) -> int:
    if years < REQUESTS_YEARS_LEAST:
        raise ValueError(
            f"must be at least {REQUESTS_YEARS_LEAST}: complaints and disputes of consumers are kept so long"
            " (Electronic Commerce Act Article 6, its Decree Article 6(1)4; 전자상거래법 시행령 제6조제1항제4호)"
        )
    return years


class SettledEntry(Entry):
    """Numbers the controller settles, each within what the law and good sense allow."""

    internal_margin_working_days: Annotated[int, Bound(ge=0, le=3)]
    contact_age_days: Annotated[int, Bound(ge=1, le=365)]
    objection_window_days: Annotated[int, Bound(ge=30, le=365)]
    package_days: Annotated[int, Bound(ge=1, le=30)]
    task_working_days: Annotated[int, Bound(ge=1, le=5)]
    acknowledge_hours: Annotated[int, Bound(ge=1, le=72)]
    answer_link_days: Annotated[int, Bound(ge=1, le=14)]
    code_minutes: Annotated[int, Bound(ge=1, le=15)]
    code_tries: Annotated[int, Bound(ge=1, le=5)]
    code_sends_per_hour: Annotated[int, Bound(ge=1, le=10)]
    code_failures_per_day: Annotated[int, Bound(ge=1, le=20)]
    filings_per_minute: Annotated[int, Bound(ge=1, le=10000)]
    claims_per_request: Annotated[int, Bound(ge=1, le=10)]
    arrival_days: Annotated[int, Bound(ge=1, le=365)]
    mandate_days: Annotated[int, Bound(ge=30, le=366)]
    freeze_ruling_working_days: Annotated[int, Bound(ge=1, le=5)]
    reminder_working_days: Annotated[int, Bound(ge=1, le=5)]
    unconfirmed_days: Annotated[int, Bound(ge=1, le=5)]
    files_per_request: Annotated[int, Bound(ge=1, le=20)]
    bytes_per_request: Annotated[int, Bound(ge=1_000_000, le=100_000_000)]
    files_per_caller_hour: Annotated[int, Bound(ge=1, le=10_000)]
    subjects_per_delegate_day: Annotated[int, Bound(ge=1, le=1_000)]
    provisions_kept_days: Annotated[int, Bound(ge=365, le=1_826)]
    requests_kept_years: Annotated[int, Bound(le=5, json_schema_extra={"minimum": 3}), AfterValidator(_long_enough)]
    requests_kept_basis: Text
    answers_kept_days: Annotated[int, Bound(ge=1, le=30)]
    postponement_days: Annotated[int, Bound(ge=1, le=90)]
    outlook_closed_days: Annotated[int, Bound(ge=3, le=10)]
    late_objections: bool
