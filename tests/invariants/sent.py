"""P4, P11: nothing goes out that is not written down, what went out twice is known as one, and no failure is silent."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import uuid5

from app.services import outbox
from tests.invariants.world import World


def p4_nothing_goes_out_unwritten(world: World) -> Iterator[str]:
    """Every mail, SMS and event that somebody outside got has its row; repeats of one are alike."""
    letters = {str(row["id"]): row["channel"] for row in world.ask("SELECT id, channel FROM message")}
    for channel, got, name in (("mail", world.mails, "message_id"), ("sms", world.texts, "ref")):
        copies = defaultdict(set)
        for one in got or ():
            ref = str(one[name]).strip("<>").partition("@")[0]
            row_id = str(outbox.referred(ref))
            # Of what was sent about a request that was destroyed no row is left, and no id that would name it.
            if letters.get(row_id, channel if world.destroyed else None) != channel:
                yield f"a {channel} went out that no row tells of: {ref}"
            copies[ref].add((one["to"], one.get("subject"), one["text"]))
        for ref, different in copies.items():
            if len(different) > 1:
                yield f"under one name went {len(different)} different {channel}s: {ref}"
    events = {str(row["id"]): bytes(row["body"]) for row in world.ask("SELECT id, body FROM delivery")}
    for event_id, body in world.events or ():
        kept = events.get(event_id, body if world.destroyed else None)
        if kept != body and not _asks_an_endpoint(world, event_id, body):
            yield f"an event went out that no row tells of: {event_id}"


def _asks_an_endpoint(world: World, event_id: str, body: bytes) -> bool:
    """Whether it is a challenge: of a system that is there, under the one name that its word gives it."""
    said = json.loads(body)
    if said["type"] != "endpoint.challenge":
        return False
    word = said["data"]["challenge"]
    return any(str(uuid5(row["id"], word)) == event_id for row in world.ask("SELECT id FROM system"))


def p4_what_is_written_as_sent_went_out(world: World) -> Iterator[str]:
    """At least once: no row says sent or delivered of what nobody got."""
    for row in world.ask(_UNTRIED):
        yield f"{row['what']} {row['id']} is {row['state']}, and no attempt of it succeeded"
    for channel, got, name in (("mail", world.mails, "message_id"), ("sms", world.texts, "ref")):
        if got is None:
            continue
        took = {str(outbox.referred(str(one[name]).strip("<>").partition("@")[0])) for one in got}
        for row in world.ask("SELECT id FROM message WHERE state = 'sent' AND channel = %(by)s", by=channel):
            if str(row["id"]) not in took:
                yield f"{channel} {row['id']} is written as sent, and nobody got it"
    if world.events is not None:
        came = Counter(event_id for event_id, _ in world.events)
        for row in world.ask("SELECT id FROM delivery WHERE state = 'delivered'"):
            if not came[str(row["id"])]:
                yield f"event {row['id']} is written as delivered, and nobody got it"


def p11_a_failure_has_an_owner(world: World) -> Iterator[str]:
    """What was tried to the end stands before a person, or went on by another way."""
    for row in world.ask(_UNOWNED):
        yield f"{row['what']} {row['id']} failed, and nobody was told"


_UNTRIED = """
SELECT 'event' AS what, id, state FROM delivery WHERE state = 'delivered' AND NOT EXISTS (
    SELECT FROM delivery_attempt WHERE delivery_id = delivery.id AND outcome = 'delivered')
UNION ALL
SELECT 'message', id, state FROM message WHERE state = 'sent' AND channel <> 'paper' AND NOT EXISTS (
    SELECT FROM message_attempt WHERE message_id = message.id AND outcome IN ('sent', 'delivered'))
UNION ALL
SELECT 'event', id, 'leased' FROM delivery WHERE state <> 'pending' AND lease IS NOT NULL
"""
_UNOWNED = """
SELECT 'event' AS what, delivery.id FROM delivery JOIN task ON task.id = delivery.task_id
WHERE delivery.state = 'exhausted' AND NOT EXISTS (
    SELECT FROM review_item WHERE review_item.request_id = task.request_id AND kind = 'delivery.exhausted')
UNION ALL
SELECT 'message', message.id FROM message JOIN request ON request.id = message.request_id
WHERE message.state IN ('failed', 'returned') AND message.content_ct IS NOT NULL
AND NOT EXISTS (SELECT FROM message AS after WHERE after.instead_of = message.id)
AND NOT EXISTS (SELECT FROM notice WHERE notice.id = message.notice_id AND notice.opened_at IS NOT NULL)
AND NOT EXISTS (SELECT FROM review_item WHERE review_item.request_id = message.request_id
    AND review_item.kind = 'message.' || message.kind || '_failed')
"""
