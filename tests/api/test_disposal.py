"""Destruction on the day (Act 21): papers and the data of who asked for another go, and the proof of it stays."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import db
from app.crypto import CryptoError
from app.models import Request, Requester
from app.services import disposal, keyring
from tests.api.acts import actions, one, rows, statuses
from tests.api.others import as_party, mandated
from tests.api.papers import CERTIFICATES, accept, hand_in, review
from tests.api.sendings import listed, picture, send
from tests.files import pictures
from tests.house import FATHER, ONLINE_MALL, House, bearer

CANARY = {
    "name": "제갈두견",
    "birth_date": "1986-02-14",
    "phone": "010-0000-7391",
    "email": "canary.wagtail@example.com",
    "relationship": "parent",
}
WORDS = ("제갈두견", "canary.wagtail", "1000007391", "0000-7391", "1986-02-14", "두견이의서류", "4021-7391")


async def tidy(house: House, *, days: float = 0) -> None:
    """Let days go by and do what the worker's own sweep does."""
    if days:
        past = timedelta(days=days)
        await rows(
            house.desk,
            "UPDATE claim SET closed_at = closed_at - :past, objection_until = objection_until - :days RETURNING id",
            past=past,
            days=int(days),
        )
    await disposal.sweep(house.desk, db.now)


async def withdraw(house: House, filed: dict[str, Any]) -> None:
    path = f"/v1/requests/{filed['id']}/withdrawal"
    assert (await house.api.post(path, json={}, headers=bearer(filed["requester_token"]))).status_code == 200


async def everything(house: House) -> dict[str, str]:
    """Every table as text, and every byte in it as hexadecimal."""
    found = {}
    names = await rows(house.desk, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (name,) in names:
        found[name] = "\n".join(str(row) for row in await rows(house.desk, f'SELECT t::text FROM "{name}" AS t'))
    return found


async def kept(house: House) -> dict[str, bytes]:
    """What of the papers and of the requester lies sealed in the tables."""
    sealed: dict[str, bytes] = {}
    for place, statement in {
        "chunk": "SELECT evidence_id || part || position, sealed FROM evidence_chunk",
        "name": "SELECT id::text, name_ct FROM evidence WHERE name_ct IS NOT NULL",
        "review": "SELECT id::text, review_ct FROM evidence WHERE review_ct IS NOT NULL",
        "key": "SELECT request_id::text, key FROM requester WHERE key IS NOT NULL",
        "details": "SELECT request_id::text, details_ct FROM requester WHERE details_ct IS NOT NULL",
        "message": "SELECT id::text, content_ct FROM message WHERE party = 'requester' AND content_ct IS NOT NULL",
    }.items():
        for name, value in await rows(house.desk, statement):
            sealed[f"{place} {name}"] = bytes(value)
    return sealed


async def test_papers_and_requester_are_gone_to_the_last_byte_and_the_proof_stays(house: House) -> None:
    filed = await house.file_as_guardian(requester=CANARY)
    await house.prove(filed, party="requester")
    photo = pictures.photo_of_8_mpx()
    paper = (
        await send(house, filed, photo, kind="basic_certificate", party="requester", name="두견이의서류.jpg")
    ).json()
    await review(house, paper, issuer_number="4021-7391")
    second = await hand_in(house, filed, "family_relation_certificate")
    before = await kept(house)
    assert {name.split()[0] for name in before} == {"chunk", "name", "review", "key", "details", "message"}
    assert sum(name.startswith("chunk") for name in before) > 3
    details = next(value for name, value in before.items() if name.startswith("details"))
    await withdraw(house, filed)
    await house.workshop.run()
    await tidy(house, days=5)
    assert set(await kept(house)) >= set(before)
    await tidy(house, days=1)
    assert await kept(house) == {}
    dumped = await everything(house)
    for name, value in before.items():
        for table, found in dumped.items():
            assert value.hex() not in found, (name, table)
            assert value[-32:].hex() not in found, (name, table)
    for table, found in dumped.items():
        for word in WORDS:
            assert word not in found and word.encode().hex() not in found, (word, table)
    # The rows stay and say when and why; so does the chain.
    for row in await rows(house.desk, "SELECT * FROM evidence ORDER BY id"):
        assert (row.state, row.destroyed_cause) == ("destroyed", "purpose_met") and row.destroyed_at and row.digest
    [row] = await rows(house.desk, "SELECT * FROM requester")
    assert row.destroyed_at and row.relationship == "parent" and row.contacts == ["phone", "email"]
    noted = await actions(house.desk, filed["id"])
    assert (noted["evidence.destroy"], noted["requester.destroy"]) == (2, 1)
    facts = await rows(
        house.desk,
        "SELECT convert_from(body, 'UTF8')::json -> 'facts' FROM audit_entry"
        " WHERE convert_from(body, 'UTF8')::json ->> 'action' = 'evidence.destroy' ORDER BY seq",
    )
    assert [fact for (fact,) in facts] == [
        {"evidence": one_["id"], "kind": one_["kind"], "cause": "purpose_met"} for one_ in (paper, second)
    ]
    # Whoever kept a copy of the sealed data has nothing to open it with.
    async with house.desk.database.transaction() as session:
        requester = await session.get_one(Requester, row.request_id)
        with pytest.raises(AssertionError):
            keyring.unseal_for(session, requester, "requester.details", row.request_id, details)
        request = await session.get_one(Request, row.request_id)
        with pytest.raises(CryptoError):
            keyring.unseal(session, request, "requester.details", row.request_id, details)


async def test_doing_it_again_changes_nothing(house: House) -> None:
    filed = await house.file_as_guardian(requester=CANARY)
    await hand_in(house, filed, "basic_certificate")
    await withdraw(house, filed)
    await house.workshop.run()
    await tidy(house, days=6)
    before = await everything(house)
    for _ in range(3):
        await tidy(house)
    assert await everything(house) == before


async def test_what_a_person_sees_of_what_was_destroyed(house: House) -> None:
    filed = await house.file_as_guardian(requester=CANARY)
    paper = await hand_in(house, filed, "basic_certificate")
    await withdraw(house, filed)
    await house.workshop.run()
    await tidy(house, days=6)
    [shown] = (await listed(house, filed)).json()["items"]
    assert shown["state"] == "destroyed" and shown["destroyed_at"]
    officer = house.auth("officer")
    known = (await house.api.get(f"/v1/evidence/{paper['id']}", headers=officer)).json()
    assert (known["name"], known["issuer_number"], known["destroyed_cause"]) == (None, None, "purpose_met")
    content = await house.api.get(f"/v1/evidence/{paper['id']}/content", headers={**officer, "Purpose": "late look"})
    assert (content.status_code, content.json()["code"]) == (409, "evidence.destroyed")
    for headers in (officer, bearer(filed["requester_token"])):
        for path in ("", "/timeline", "/notices", "/supplements"):
            reply = await house.api.get(f"/v1/requests/{filed['id']}{path}", headers=headers)
            assert reply.status_code == 200, (path, reply.text)


async def test_while_the_window_to_object_is_open_everything_is_kept(house: House) -> None:
    await house.system()
    filed = await mandated(house, ONLINE_MALL)
    claim = filed["claims"][0]["id"]
    await house.decide(claim, outcome="approve")
    await house.approve(claim, agree=True)
    before = await kept(house)
    for _ in range(3):
        await tidy(house)
    assert set(await kept(house)) >= set(before)
    await rows(
        house.desk,
        "UPDATE claim SET status = 'closed', closed_at = now(), objection_until = (now() + interval '30 days')::date"
        " RETURNING id",
    )
    await tidy(house, days=29)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 1
    await rows(house.desk, "UPDATE claim SET status = 'objected' RETURNING id")
    await tidy(house, days=60)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 1
    await rows(house.desk, "UPDATE claim SET status = 'closed' RETURNING id")
    await tidy(house)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0
    assert await one(house.desk, "SELECT key IS NULL FROM requester")


async def test_of_a_lapsed_request_the_guardian_goes_first_and_the_papers_after_the_window(house: House) -> None:
    filed = await house.file_as_guardian(requester=FATHER)
    await hand_in(house, filed, "basic_certificate")
    await rows(house.desk, "UPDATE claim SET status = 'lapsed', closed_at = now() RETURNING id")
    await tidy(house, days=5)
    assert await one(house.desk, "SELECT key IS NOT NULL FROM requester")
    await tidy(house, days=1)
    assert await one(house.desk, "SELECT key IS NULL FROM requester")
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 1
    await tidy(house, days=24)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 1
    await tidy(house, days=1)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0


async def test_a_guardian_who_was_confirmed_is_kept_for_their_objection(house: House) -> None:
    filed = await house.file_as_guardian(requester=FATHER)
    await house.prove(filed, party="requester")
    await accept(house, filed, *CERTIFICATES, "identity_document")
    assert await statuses(house, filed) == ["verified"]
    await rows(house.desk, "UPDATE claim SET status = 'lapsed', closed_at = now() RETURNING id")
    await tidy(house, days=29)
    assert await one(house.desk, "SELECT key IS NOT NULL FROM requester")
    await tidy(house, days=2)
    assert await one(house.desk, "SELECT key IS NULL FROM requester")


async def test_one_open_claim_keeps_the_papers_of_all(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, {"right": "deletion", "categories": ["online_mall"]})
    await hand_in(house, filed, "basic_certificate")
    path, first = f"/v1/requests/{filed['id']}/withdrawal", filed["claims"][0]["id"]
    await house.api.post(path, json={"claim_ids": [first]}, headers=bearer(filed["requester_token"]))
    await tidy(house, days=60)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 1
    assert await one(house.desk, "SELECT key IS NOT NULL FROM requester")


async def test_a_word_that_waits_for_who_is_gone_is_not_sent(house: House) -> None:
    filed = await house.file_as_delegate()
    await house.prove(filed, party="requester")
    await withdraw(house, filed)
    await house.workshop.run()
    await rows(house.desk, "UPDATE message SET state = 'queued' WHERE kind = 'supplement' RETURNING id")
    sent = len(house.sent("mail")) + len(house.sent("sms"))
    await tidy(house, days=6)
    assert await one(house.desk, "SELECT count(*) FROM message WHERE state = 'queued'") == 0
    await house.workshop.run()
    assert len(house.sent("mail")) + len(house.sent("sms")) == sent
    assert (
        await one(house.desk, "SELECT count(*) FROM message WHERE party = 'requester' AND content_ct IS NOT NULL") == 0
    )


async def test_many_are_destroyed_in_pages_and_a_sweep_that_dies_goes_on(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(disposal, "BATCH", 2)
    filings = [await house.file_as_guardian(requester=CANARY) for _ in range(5)]
    for filed in filings:
        await withdraw(house, filed)
    open_ = await house.file_as_guardian(requester=CANARY)
    await house.workshop.run()
    await rows(house.desk, "UPDATE claim SET closed_at = closed_at - interval '6 days' RETURNING id")
    async with house.desk.database.transaction() as session:
        [first, second] = await disposal.candidates(session, after=None, now=db.now())
    async with house.desk.database.transaction() as session:
        await disposal.settle(session, first, now=db.now())
    with pytest.raises(RuntimeError, match="died"):
        await die_over(house, second)
    assert await one(house.desk, "SELECT count(*) FROM requester WHERE key IS NULL") == 1
    await tidy(house)
    left = await rows(house.desk, "SELECT request_id FROM requester WHERE key IS NOT NULL")
    assert [str(row.request_id) for row in left] == [open_["id"]]


async def die_over(house: House, request_id: UUID) -> None:
    """Destroy, and be gone before it counts."""
    async with house.desk.database.transaction() as session:
        assert await disposal.settle(session, request_id, now=db.now()) == 1
        raise RuntimeError("died")


async def test_two_sweeps_at_once_destroy_once(house: House) -> None:
    filed = await house.file_as_guardian(requester=CANARY)
    await hand_in(house, filed, "basic_certificate")
    await withdraw(house, filed)
    await house.workshop.run()
    await rows(house.desk, "UPDATE claim SET closed_at = closed_at - interval '6 days' RETURNING id")
    await asyncio.gather(tidy(house), tidy(house))
    noted = await actions(house.desk, filed["id"])
    assert (noted["evidence.destroy"], noted["requester.destroy"]) == (1, 1)


async def test_a_withdrawn_request_of_ones_own_loses_its_papers_too(house: House) -> None:
    filed = await house.file()
    await send(house, filed, picture(9))
    await withdraw(house, filed)
    await house.workshop.run()
    await tidy(house, days=5)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 1
    await tidy(house, days=1)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0


async def test_the_subjects_own_way_in_stays_when_the_delegate_is_gone(house: House) -> None:
    filed = await mandated(house, ONLINE_MALL)
    code = await one(house.desk, "SELECT subject_code_digest FROM requester")
    assert code is not None
    await withdraw(house, filed)
    await tidy(house, days=6)
    assert await one(house.desk, "SELECT subject_code_digest FROM requester") == code
    reply = await house.api.get(f"/v1/requests/{filed['id']}", headers=as_party(house, filed, "subject"))
    assert reply.status_code == 200 and json.loads(reply.text)["id"] == filed["id"]


async def test_the_sweep_is_one_of_the_workers_periods(house: House) -> None:
    filed = await house.file()
    await send(house, filed)
    await withdraw(house, filed)
    await rows(house.desk, "UPDATE claim SET closed_at = closed_at - interval '6 days' RETURNING id")
    await house.workshop.queue.tasks["tidy"].defer_async(timestamp=int(datetime.now().timestamp()))
    await house.workshop.run()
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0
