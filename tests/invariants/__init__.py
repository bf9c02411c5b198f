"""The promises P1 to P12 as one check of what an instance has left behind (ADR 0053).

It reads the database itself, what mail server, SMS gateway and endpoints got, the files and the logs; of the code it
leans only on the table of a claim's life and on the days. `python -m tests.invariants` looks at any instance.
"""

from collections.abc import Callable, Container, Iterable
from typing import Any

from app.crypto import Keyring
from app.settings import Settings
from tests.invariants import decided, filed, holders, quiet, recorded, sent, timely
from tests.invariants.world import Answered, World, connect, letters, present

Invariant = Callable[[World], Iterable[str]]
ALL: tuple[Invariant, ...] = (
    filed.p1_what_was_answered_is_there,
    filed.p1_a_request_is_whole,
    filed.p1_what_follows_is_there,
    filed.p2_one_case_for_one_key,
    recorded.p3_a_claim_is_where_its_entries_lead,
    recorded.p3_once_for_each,
    sent.p4_nothing_goes_out_unwritten,
    sent.p4_what_is_written_as_sent_went_out,
    decided.p5_nothing_before_its_time,
    decided.p6_one_decision_a_round,
    timely.p7_no_day_passes_in_silence,
    recorded.p8_the_chain_holds,
    recorded.p8_what_was_signed_stands,
    quiet.p9_what_is_destroyed_is_gone,
    quiet.p9_of_a_destroyed_request_nothing_is_left,
    quiet.p10_nobody_is_named,
    quiet.p10_rows_and_files_name_nobody,
    sent.p11_a_failure_has_an_owner,
    holders.p12_no_step_back,
)


def broken(world: World, *, of: Container[str] = ()) -> list[str]:
    """Every promise that does not hold, with what shows it; `of`: these alone, where rows stand for a whole life."""
    judged = [(one, promise) for one in ALL if (promise := one.__name__.partition("_")[0].upper()) in of or not of]
    return [f"{promise}: {what}" for one, promise in judged for what in one(world)]


def look(settings: Settings, url: str, *, of: Container[str] = (), **known: Any) -> list[str]:
    """What does not hold at an instance; `known` is what else of it is known, as World names it."""
    seen: dict[str, Any] = {
        "keys": Keyring(settings.master_keys, *settings.lookup_key),
        "mails": letters(settings.outbox_dir / "mail"),
        "texts": letters(settings.outbox_dir / "sms"),
        "folders": [settings.data_dir],
        "now": present(),
    }
    with connect(url) as rows:
        return broken(World(rows=rows, **(seen | known)), of=of)


__all__ = ["ALL", "Answered", "Invariant", "World", "broken", "look"]
