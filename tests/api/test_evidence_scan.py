"""The scan (B5): what the scanner finds is never kept, and while it is silent nobody sees anything."""

import zlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from app import db
from app.jobs import Job, defer
from app.services import scanning as service
from app.services import watch
from tests.api.acts import actions, one, refused, review, rows, tables
from tests.api.scanners import BAD, Scanner, scanning
from tests.api.sendings import listed, picture, send
from tests.house import House, bearer


@pytest_asyncio.fixture(autouse=True)
async def scanner(environment: dict[str, str]) -> AsyncIterator[Scanner]:
    """Stands before the desk is opened."""
    async with scanning(environment) as found:
        yield found


def hidden(word: bytes = BAD) -> bytes:
    """A picture that is a picture, with something in it that a scanner knows."""
    whole = picture(50)
    length, chunk = len(word).to_bytes(4, "big"), b"quIt" + word
    return whole[:33] + length + chunk + zlib.crc32(chunk).to_bytes(4, "big") + whole[33:]


async def again(house: House) -> None:
    """The next time the scanner is asked has come."""
    await rows(house.desk, "UPDATE evidence SET scan_at = now() - interval '1 minute' RETURNING id")
    async with house.desk.database.transaction() as session:
        found = await watch.overlooked(session, now=db.now())
    assert [args for name, args in found if name == "scan_evidence"]
    await rows(
        house.desk,
        "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND task_name = 'scan_evidence'"
        " RETURNING id",
    )
    await house.workshop.run()


async def content(house: House, paper: dict[str, str]):
    headers = {**house.auth("officer"), "Purpose": "standing"}
    return await house.api.get(f"/v1/evidence/{paper['id']}/content", headers=headers)


async def test_a_clean_file_is_kept_as_its_cleaned_copy_only(house: House, scanner: Scanner) -> None:
    filed = await house.file()
    paper = (await send(house, filed, picture(3))).json()
    assert (paper["state"], paper["scan"]) == ("pending", "clean")
    assert scanner.seen == [picture(3)]
    assert [row.part for row in await rows(house.desk, "SELECT part FROM evidence_chunk")] == ["copy"]
    assert (await content(house, paper)).status_code == 200


async def test_malware_is_refused_and_nothing_of_it_kept_but_the_fact(house: House, scanner: Scanner) -> None:
    filed = await house.file()
    before = await tables(house.desk)
    for bad, name in ((BAD, "eicar.com"), (BAD, "eicar.pdf"), (hidden(), "a.png")):
        assert refused(await send(house, filed, bad, name=name)) == (422, "/file", "upload.malware")
    after = await tables(house.desk)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"audit_entry", "review_item", "tally"}
    assert (await actions(house.desk, filed["id"]))["evidence.malware"] == 3
    assert await review(house, filed) == ["evidence.malware"]
    assert "malware" not in str(await house.look(filed)) and (await listed(house, filed)).json()["items"] == []


@pytest.mark.parametrize("mood", ["is silent", "hangs up", "nonsense"])
async def test_while_the_scanner_is_silent_nobody_sees_the_file(
    house: House, scanner: Scanner, mood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.inspection.scanner.ANSWER_S", 0.5)
    scanner.mood = mood
    filed = await house.file()
    paper = (await send(house, filed, picture(3))).json()
    assert (paper["state"], paper["scan"]) == ("scan_pending", "pending")
    assert sorted(row.part for row in await rows(house.desk, "SELECT part FROM evidence_chunk")) == ["copy", "original"]
    assert refused(await content(house, paper)) == (409, "", "evidence.scan_pending")
    body = {"result": "number_visible"}
    headers = {**house.auth("officer"), "If-Match": '"v1"'}
    reply = await house.api.put(f"/v1/evidence/{paper['id']}/review", json=body, headers=headers)
    assert refused(reply) == (409, "", "evidence.scan_pending")
    await house.workshop.run()
    assert await one(house.desk, "SELECT state FROM evidence") == "scan_pending"
    scanner.mood = "answers"
    await again(house)
    assert [row.part for row in await rows(house.desk, "SELECT part FROM evidence_chunk")] == ["copy"]
    assert scanner.seen[-1] == picture(3)
    [paper] = (await listed(house, filed)).json()["items"]
    assert (paper["state"], paper["scan"]) == ("pending", "clean")
    assert (await content(house, paper)).status_code == 200
    assert (await actions(house.desk, filed["id"]))["evidence.scan"] == 1


async def test_what_is_found_later_is_destroyed(house: House, scanner: Scanner) -> None:
    scanner.mood = "hangs up"
    filed = await house.file()
    paper = (await send(house, filed, hidden(), name="a.png")).json()
    assert paper["state"] == "scan_pending"
    scanner.mood = "answers"
    await again(house)
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0
    [paper] = (await listed(house, filed)).json()["items"]
    assert (paper["state"], paper["scan"]) == ("infected", "infected") and paper["destroyed_at"]
    assert await review(house, filed) == ["evidence.malware"]
    assert refused(await content(house, paper)) == (409, "", "evidence.destroyed")
    headers = {**house.auth("officer"), "If-Match": '"v2"'}
    body = {"result": "refused"}
    reply = await house.api.put(f"/v1/evidence/{paper['id']}/review", json=body, headers=headers)
    assert refused(reply) == (409, "", "evidence.destroyed")
    noted = await actions(house.desk, filed["id"])
    assert noted["evidence.destroy"] == noted["evidence.scan"] == 1


async def test_a_silent_scanner_is_asked_slower_and_slower_and_somebody_is_told(house: House, scanner: Scanner) -> None:
    scanner.mood = "hangs up"
    filed = await house.file()
    await send(house, filed)
    waits = []
    for hours in (0, 0, 2):
        await rows(
            house.desk, "UPDATE evidence SET at = at - :by, scan_at = now() RETURNING id", by=timedelta(hours=hours)
        )
        paper = await one(house.desk, "SELECT id FROM evidence")
        asked = db.now()
        async with house.desk.database.transaction() as session:
            await service.record(session, paper, None, now=asked)
        waits.append((await one(house.desk, "SELECT scan_at FROM evidence")) - asked)
    assert timedelta(seconds=3) < waits[0] <= waits[1] < waits[2] <= timedelta(hours=1)
    assert await review(house, filed) == ["evidence.scan_silent"]
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'scan_evidence' AND scheduled_at > now()"
    assert await one(house.desk, jobs) == 3


async def test_a_file_is_scanned_once_however_many_jobs_come(house: House, scanner: Scanner) -> None:
    scanner.mood = "hangs up"
    filed = await house.file()
    await send(house, filed)
    scanner.mood = "answers"
    for _ in range(3):
        await again_quietly(house)
    await house.workshop.run()
    assert len(scanner.seen) == 1 and (await actions(house.desk, filed["id"]))["evidence.scan"] == 1


async def again_quietly(house: House) -> None:
    paper = await one(house.desk, "SELECT id FROM evidence")
    async with house.desk.database.transaction() as session:
        await defer(session, Job("scan_evidence", {"evidence_id": str(paper)}))


async def test_a_request_that_ended_meanwhile_is_scanned_all_the_same(house: House, scanner: Scanner) -> None:
    scanner.mood = "hangs up"
    filed = await house.file()
    await send(house, filed)
    await house.api.post(f"/v1/requests/{filed['id']}/withdrawal", json={}, headers=bearer(filed["requester_token"]))
    scanner.mood = "answers"
    await again(house)
    assert await one(house.desk, "SELECT scan FROM evidence") == "clean"
