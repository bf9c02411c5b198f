"""Papers handed in (B5): who may, what is taken, how many, and what is kept of them."""

import asyncio
import io
from collections import Counter

import pikepdf
import pytest
from PIL import Image

from app import db
from app.models import Request
from app.services import keyring, throttle
from tests.api.acts import actions, one, refused, review, rows, tables
from tests.api.others import as_party
from tests.api.sendings import listed, picture, send
from tests.files import HARMLESS, HOSTILE
from tests.house import GILDONG, STRANGER, House, bearer, key

SHOWN = {
    "id", "kind", "party", "state", "scan", "media_type", "pages", "size", "at", "reviewed_at", "destroyed_at",
}  # fmt: skip


async def test_a_paper_is_cleaned_sealed_and_listed(house: House) -> None:
    filed = await house.file()
    reply = await send(house, filed, HARMLESS["a photo"][1](), name="IMG_0001.JPG")
    assert reply.status_code == 201, reply.text
    paper = reply.json()
    assert set(paper) == SHOWN
    told = (paper["kind"], paper["party"], paper["state"], paper["scan"], paper["media_type"], paper["pages"])
    assert told == ("correction_proof", "subject", "pending", "off", "image/jpeg", 1)
    assert reply.headers["location"] == f"/v1/evidence/{paper['id']}" and reply.headers["etag"] == '"v1"'
    assert (await listed(house, filed)).json() == {"items": [paper], "next_cursor": None}
    [row] = await rows(house.desk, "SELECT * FROM evidence")
    assert (row.chunks, row.size) == (-(-paper["size"] // 262_144), paper["size"]) and row.scan_at is None
    assert (await actions(house.desk, filed["id"]))["evidence.upload"] == 1
    assert await one(house.desk, "SELECT count(*) FROM access_log WHERE operation = 'upload_evidence'") == 0


async def test_nothing_of_a_file_lies_open_anywhere(house: House) -> None:
    filed = await house.file()
    sent = picture(7)
    await send(house, filed, sent, name="카나리아7391.png")
    [(sealed,)] = await rows(house.desk, "SELECT sealed FROM evidence_chunk")
    assert b"PNG" not in bytes(sealed)
    for table in await tables(house.desk):
        held = " ".join(str(row) for row in await rows(house.desk, f'SELECT * FROM "{table}"'))
        assert "카나리아7391" not in held and "IHDR" not in held, table
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, filed["id"])
        paper = (await rows(house.desk, "SELECT id FROM evidence"))[0].id
        clear = keyring.unseal_bytes(session, request, "evidence.chunk", f"{paper}/copy/0", bytes(sealed))
        assert clear.startswith(b"\x89PNG")
        # Bound to its place: the same bytes elsewhere do not open.
        for place in (f"{paper}/copy/1", f"{paper}/original/0", f"{db.new_id()}/copy/0"):
            with pytest.raises(Exception, match="does not open"):
                keyring.unseal_bytes(session, request, "evidence.chunk", place, bytes(sealed))


async def test_a_large_copy_is_kept_in_pieces(house: House) -> None:
    filed = await house.file()
    noise = Image.effect_noise((1600, 1200), 90).convert("RGB")
    made = io.BytesIO()
    noise.save(made, "JPEG", quality=95)
    paper = (await send(house, filed, made.getvalue(), name="a.jpg")).json()
    pieces = await rows(house.desk, "SELECT position, length(sealed) AS size FROM evidence_chunk ORDER BY position")
    assert len(pieces) >= 3 and [row.position for row in pieces] == list(range(len(pieces)))
    assert sum(row.size for row in pieces) == paper["size"] + 29 * len(pieces)


async def test_every_harmless_kind_of_file_is_taken(house: House) -> None:
    filed = await house.file()
    for what, (name, make, media_type, pages) in HARMLESS.items():
        reply = await send(house, filed, make(), name=name or "x")
        assert reply.status_code == 201, (what, reply.text)
        assert (reply.json()["media_type"], reply.json()["pages"]) == (media_type, pages), what
        await rows(house.desk, "DELETE FROM evidence_chunk RETURNING 1")
        await rows(house.desk, "DELETE FROM evidence RETURNING 1")
        await rows(house.desk, "DELETE FROM tally RETURNING 1")


async def test_every_hostile_kind_of_file_is_refused_by_name_and_leaves_nothing(house: House) -> None:
    filed = await house.file()
    before = await tables(house.desk)
    for what, (name, make, code) in HOSTILE.items():
        reply = await send(house, filed, make(), name=name or "x")
        if code:
            assert refused(reply) == (422, "/file", code), (what, reply.text)
        else:  # bounded, and whatever it then is: taken or refused
            assert reply.status_code in (201, 422), (what, reply.text)
            await rows(house.desk, "DELETE FROM evidence_chunk RETURNING 1")
            await rows(house.desk, "DELETE FROM evidence RETURNING 1")
        await rows(house.desk, "DELETE FROM tally RETURNING 1")
    after = await tables(house.desk)
    by_what_was_taken = {"audit_entry", "idempotency", "procrastinate_jobs", "procrastinate_events"}
    assert {name for name in before if before[name] != after[name]} <= {"tally", *by_what_was_taken}


async def test_who_may_hand_in_what_for_whom(house: House) -> None:
    alone, child, friend = await house.file(), await house.file_as_guardian(), await house.file_as_delegate()
    for filed, party, token, right in (
        (alone, "subject", "subject", True),
        (alone, "requester", "subject", False),
        (alone, "requester", "requester", False),
        (child, "requester", "requester", True),
        (child, "subject", "requester", False),
        (child, "subject", "subject", False),
        (friend, "requester", "requester", True),
        (friend, "subject", "requester", False),
        (friend, "subject", "subject", True),
        (friend, "requester", "subject", False),
    ):
        reply = await send(house, filed, party=party, headers=as_party(house, filed, token))
        found = reply.status_code == 201
        assert found == right, (filed["claims"], party, token, reply.text)
        assert found or refused(reply) == (422, "/party", "field.inconsistent")
    # Staff and whoever filed it may hand in for either party of a delegate's request.
    for party in ("subject", "requester"):
        assert (await send(house, friend, party=party, headers=house.auth("officer"))).status_code == 201


async def test_a_call_center_and_a_clerk_hand_in_for_what_they_filed(house: House) -> None:
    visit = await house.file(role="clerk")
    call = await house.file(role="call_center")
    clerk, agent = house.auth("clerk"), house.auth("call_center", agent="a17")
    assert (await send(house, visit, headers=clerk)).status_code == 201
    assert (await send(house, call, headers=agent)).status_code == 201
    assert refused(await send(house, call, headers=clerk)) == (404, "", "request.not_found")
    assert refused(await send(house, visit, headers=agent)) == (404, "", "request.not_found")
    other = await house.file(subject=STRANGER)
    assert refused(await send(house, other, headers=bearer(await token_of(house)))) == (404, "", "request.not_found")
    log = await rows(house.desk, "SELECT role, result, request_id FROM access_log WHERE operation = 'upload_evidence'")
    assert Counter((row.role, row.result) for row in log) == {
        ("clerk", "ok"): 1, ("call_center", "ok"): 1, ("clerk", "request.not_found"): 1,
        ("call_center", "request.not_found"): 1,
    }  # fmt: skip
    assert {str(row.request_id) for row in log if row.result == "ok"} == {visit["id"], call["id"]}


async def token_of(house: House) -> str:
    filed = await house.file()
    found: str = filed["requester_token"]
    return found


async def test_kinds_and_parties_are_those_of_the_policy(house: House) -> None:
    filed = await house.file()
    assert refused(await send(house, filed, kind="diary")) == (422, "/kind", "field.value")
    assert refused(await send(house, filed, party="neighbour")) == (422, "/party", "field.value")
    assert refused(await send(house, filed, kind="\x00")) == (422, "/kind", "field.value")
    for kind in house.desk.policy.documents:
        assert (await send(house, filed, picture(len(kind)), kind=kind)).status_code in (201, 422)


async def test_a_request_that_has_ended_takes_no_more(house: House) -> None:
    filed = await house.file()
    await house.api.post(f"/v1/requests/{filed['id']}/withdrawal", json={}, headers=bearer(filed["requester_token"]))
    assert refused(await send(house, filed)) == (409, "", "claim.closed")
    gone = await house.file(subject=STRANGER)
    await house.prove(gone)
    assert {claim["status"] for claim in (await house.look(gone))["claims"]} == {"closed"}
    assert refused(await send(house, gone)) == (409, "", "claim.closed")


async def test_a_frozen_request_still_takes_papers(house: House) -> None:
    filed = await house.file()
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    assert (await send(house, filed)).status_code == 201


async def test_five_files_and_no_more_however_many_at_once(house: House) -> None:
    filed = await house.file()
    replies = await asyncio.gather(*[send(house, filed, picture(n)) for n in range(50)])
    codes = Counter((reply.status_code, reply.json().get("code")) for reply in replies)
    assert codes == {(201, None): 5, (422, "upload.too_many"): 45}, codes
    assert await one(house.desk, "SELECT count(*) FROM evidence") == 5


async def test_what_was_refused_makes_room_but_not_without_end(house: House) -> None:
    filed = await house.file()
    for n in range(15):
        assert (await send(house, filed, picture(n))).status_code == 201, n
        await rows(house.desk, "UPDATE evidence SET state = 'refused' RETURNING id")
    assert refused(await send(house, filed, picture(99)))[2] == "upload.too_many"


async def test_the_bytes_of_a_request_are_counted_as_they_came(house: House) -> None:
    filed = await house.file()
    heavy = picture()
    for _ in range(2):
        assert (await send(house, filed, heavy)).status_code == 201
    assert await one(house.desk, "SELECT sum(received) FROM evidence") == 2 * len(heavy)
    await rows(house.desk, "UPDATE evidence SET received = :size RETURNING id", size=12_500_000 - len(heavy))
    assert (await send(house, filed, heavy)).status_code == 201
    assert await one(house.desk, "SELECT sum(received) FROM evidence") == 25_000_000 - len(heavy)
    assert refused(await send(house, filed, picture(3, (800, 800)))) == (422, "/file", "upload.too_many")
    assert (await send(house, filed, heavy)).status_code == 201


async def test_files_of_a_caller_are_counted_by_the_hour(house: House) -> None:
    most = house.desk.policy.settled.files_per_caller_hour
    filed = await house.file()
    async with house.desk.database.transaction() as session:
        whose = f"{house.desk.issuer.name}|{filed['id']}|"
        for _ in range(most - 1):
            await throttle.count(session, "files", whose, most=most, minutes=60, now=db.now())
    assert refused(await send(house, filed, b"no picture"))[2] == "upload.type_mismatch"
    late = await send(house, filed)
    assert refused(late)[::2] == (429, "rate.limited") and int(late.headers["retry-after"]) > 0
    assert (await send(house, await house.file())).status_code == 201


async def test_the_same_key_answers_the_same_and_stores_once(house: House) -> None:
    filed = await house.file()
    first = await send(house, filed, idem="a-key")
    again = await send(house, filed, idem="a-key", name="another name.png")
    assert again.status_code == 201 and again.content == first.content
    assert again.headers["idempotency-replayed"] == "true" and again.headers["location"] == first.headers["location"]
    assert await one(house.desk, "SELECT count(*) FROM evidence") == 1
    for other in (
        send(house, filed, picture(9), idem="a-key"),
        send(house, filed, kind="identity_document", idem="a-key"),
    ):
        assert refused(await other) == (422, "", "idempotency.key_reused")
    # Another person's key of the same name is another key.
    assert (await send(house, await house.file(), idem="a-key")).status_code == 201
    assert await one(house.desk, "SELECT count(*) FROM evidence") == 2


async def test_a_key_is_asked_for_before_anything_is_read(house: House) -> None:
    filed = await house.file()
    path = f"/v1/requests/{filed['id']}/evidence"
    form = {"data": {"kind": "correction_proof", "party": "subject"}, "files": {"file": ("a.png", picture())}}
    without = await house.api.post(path, headers=bearer(filed["requester_token"]), **form)
    assert refused(without) == (400, "", "idempotency.key_required")
    stranger = await house.api.post(path, headers=key(), **form)
    assert refused(stranger) == (401, "", "auth.missing")
    website = await house.api.post(path, headers={**house.auth("website"), **key()}, **form)
    assert refused(website) == (403, "", "auth.forbidden")


async def test_one_key_many_times_at_once_is_one_paper(house: House) -> None:
    filed = await house.file()
    replies = await asyncio.gather(*[send(house, filed, idem="one-key") for _ in range(20)])
    assert {reply.status_code for reply in replies} <= {201, 409}
    assert len({reply.content for reply in replies if reply.status_code == 201}) == 1
    assert {reply.json()["code"] for reply in replies if reply.status_code == 409} <= {"idempotency.in_progress"}
    assert await one(house.desk, "SELECT count(*) FROM evidence") == 1


async def test_a_refused_file_is_no_answer_to_its_key(house: House) -> None:
    filed = await house.file()
    assert (await send(house, filed, b"GIF89a", idem="a-key")).status_code == 422
    assert (await send(house, filed, idem="a-key")).status_code == 201


async def test_handing_in_and_withdrawing_at_once(house: House) -> None:
    for n in range(4):
        filed = await house.file()
        withdrawal = house.api.post(
            f"/v1/requests/{filed['id']}/withdrawal", json={}, headers=bearer(filed["requester_token"])
        )
        sent, withdrawn = await asyncio.gather(send(house, filed, picture(n)), withdrawal)
        assert withdrawn.status_code == 200 and sent.status_code in (201, 409)
        kept = await one(house.desk, "SELECT count(*) FROM evidence WHERE request_id = :id", id=filed["id"])
        assert kept == (sent.status_code == 201)


async def test_the_same_paper_under_somebody_else_is_flagged_on_both(house: House) -> None:
    mine, again = await house.file(), await house.file({"right": "access", "aspects": ["items"]})
    await send(house, mine)
    await send(house, again)
    await house.workshop.run()
    # Of one person, by the contacts that were typed: no matter.
    assert await review(house, mine) == await review(house, again) == []
    theirs = await house.file(subject=STRANGER)
    await send(house, theirs, picture(1))
    await house.workshop.run()
    assert await review(house, theirs) == []
    await send(house, theirs)
    await send(house, theirs)
    await house.workshop.run()
    for filed in (mine, again, theirs):
        assert await review(house, filed) == ["evidence.reused"]
    assert (await actions(house.desk, theirs["id"]))["evidence.reused"] == 1
    assert "reused" not in (await listed(house, theirs)).text and "review" not in await house.look(theirs)


async def test_two_who_hand_in_the_same_at_once_are_both_flagged(house: House) -> None:
    filings = [await house.file(subject=one_) for one_ in (GILDONG, STRANGER)]
    await asyncio.gather(*[send(house, filed) for filed in filings])
    await house.workshop.run()
    assert [await review(house, filed) for filed in filings] == [["evidence.reused"]] * 2


async def test_a_page_of_papers_is_one_statement(house: House) -> None:
    filed = await house.file()
    papers = [(await send(house, filed, picture(n))).json()["id"] for n in range(3)]
    first = (await listed(house, filed, "?limit=2")).json()
    assert [one_["id"] for one_ in first["items"]] == papers[:2] and first["next_cursor"] == papers[1]
    last = (await listed(house, filed, f"?limit=2&cursor={first['next_cursor']}")).json()
    assert [one_["id"] for one_ in last["items"]] == papers[2:] and last["next_cursor"] is None
    for headers in (house.auth("officer"), house.auth("approver")):
        assert [one_["id"] for one_ in (await listed(house, filed, headers=headers)).json()["items"]] == papers
    assert (await listed(house, await house.file(role="clerk"), headers=house.auth("clerk"))).json()["items"] == []
    for query in ("?limit=0", "?limit=101", "?limit=x", "?cursor=nonsense"):
        assert (await listed(house, filed, query)).status_code in (404, 422), query
    unknown = {"id": str(db.new_id())}
    for headers in (house.auth("officer"), house.auth("clerk"), bearer(filed["requester_token"])):
        assert refused(await listed(house, unknown, headers=headers)) == (404, "", "request.not_found")
    theirs = bearer((await house.file(subject=STRANGER))["requester_token"])
    assert refused(await listed(house, filed, headers=theirs)) == (404, "", "request.not_found")


async def test_each_party_sees_its_own_papers(house: House) -> None:
    friend = await house.file_as_delegate()
    officer = house.auth("officer")
    for party in ("subject", "requester"):
        await send(house, friend, picture(len(party)), kind="power_of_attorney", party=party, headers=officer)
    for party in ("subject", "requester"):
        shown = (await listed(house, friend, headers=as_party(house, friend, party))).json()["items"]
        assert [one_["party"] for one_ in shown] == [party]
    assert len((await listed(house, friend, headers=officer)).json()["items"]) == 2


async def test_a_copy_says_nothing_of_where_it_was_made(house: House) -> None:
    filed = await house.file()
    sent = HARMLESS["a photo held sideways"][1]()
    assert b"SECRET-CAMERA" in sent
    paper = (await send(house, filed, sent, name="a.jpg")).json()
    seen = await house.api.get(
        f"/v1/evidence/{paper['id']}/content", headers={**house.auth("officer"), "Purpose": "standing"}
    )
    assert seen.status_code == 200 and seen.content[:2] == b"\xff\xd8" and b"SECRET-CAMERA" not in seen.content
    assert not Image.open(io.BytesIO(seen.content)).getexif()
    pdf = (await send(house, filed, HARMLESS["a certificate of the state"][1](), name="a.pdf")).json()
    seen = await house.api.get(
        f"/v1/evidence/{pdf['id']}/content", headers={**house.auth("officer"), "Purpose": "standing"}
    )
    with pikepdf.open(io.BytesIO(seen.content)) as opened:
        assert len(opened.pages) == 1 and "/AcroForm" not in opened.Root and "/Names" not in opened.Root


async def test_the_queue_of_papers_is_by_age_and_names_nobody(house: House) -> None:
    filings = [await house.file(subject=subject) for subject in (GILDONG, STRANGER)]
    papers = [(await send(house, filed, picture(n))).json()["id"] for n, filed in enumerate((*filings, *filings))]
    await rows(house.desk, "UPDATE evidence SET state = 'accepted' WHERE id = :id RETURNING id", id=papers[1])
    officer = house.auth("officer")
    first = (await house.api.get("/v1/evidence?limit=2", headers=officer)).json()
    assert [one_["id"] for one_ in first["items"]] == [papers[0], papers[2]] and first["next_cursor"] == papers[2]
    assert first["items"][0]["request_id"] == filings[0]["id"]
    assert first["items"][0]["due_on"] == filings[0]["claims"][0]["due_on"]
    rest = (await house.api.get(f"/v1/evidence?cursor={papers[2]}", headers=house.auth("approver"))).json()
    assert [one_["id"] for one_ in rest["items"]] == papers[3:] and rest["next_cursor"] is None
    done = (await house.api.get("/v1/evidence?state=accepted", headers=officer)).json()
    assert [one_["id"] for one_ in done["items"]] == papers[1:2]
    assert set(first["items"][0]) == SHOWN | {"request_id", "due_on"}
    assert refused(await house.api.get("/v1/evidence?state=lost", headers=officer))[0] == 422
    for headers in (house.auth("clerk"), bearer(filings[0]["requester_token"]), house.auth("auditor")):
        assert refused(await house.api.get("/v1/evidence", headers=headers)) == (403, "", "auth.forbidden")
