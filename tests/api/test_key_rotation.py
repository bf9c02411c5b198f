"""The master key is changed while the desk works: nothing is lost, nothing waits, and what is left is known."""

import asyncio
import re
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app import cli, crypto, db, main, opening
from app.db import Database
from app.desk import Desk
from app.law.deadline import seoul_date
from app.models import AccessReview, DownloadQuestion, StaffSession
from app.services import keyring, outbox, rotation
from app.services.rotation import PLACES
from app.settings import Settings
from tests.api.acts import one, rows
from tests.api.sealed import homes, values
from tests.house import ONLINE_MALL, House, bearer, key

OLDEST, NEWEST = bytes(range(32)), bytes(range(32, 64))
SERVICES = Path(main.__file__).parent


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """The desk before: one master key."""
    return environment | {"MASTER_KEYS": f"k1:{b64encode(OLDEST).decode()}"}


@asynccontextmanager
async def over(desk: Desk, *keys: tuple[str, bytes]) -> AsyncIterator[Desk]:
    """Another process of the same desk, with these master keys."""
    url = desk.database.engine.url.render_as_string(hide_password=False)
    database = Database(url, pool_size=4)
    yield opening.over(database, replace(desk.settings, master_keys=keys), desk.rulebook, desk.policy)
    await database.dispose()


async def fill(house: House) -> None:
    """Something under the master key in every column that may hold it."""
    await house.system(endpoint_url="http://127.0.0.1:9/", scheme="v1")
    filed = await house.file(ONLINE_MALL)
    assert (await house.prove(filed)).status_code == 200
    await house.file_as_guardian()
    async with house.desk.database.transaction() as session:
        await outbox.desk_message(session, "officer_todo", "desk@example.com", {}, now=db.now())
        today, what = seoul_date(db.now()), db.new_id()
        moments = {"opened_at": db.now(), "seen_at": db.now()}
        said = keyring.seal_for_desk(session, "download_question.answer", what, "분기 점검")
        asked = {"actor": "x|kim", "cause": "extract", "day": today, "entry_id": what}
        session.add(DownloadQuestion(id=what, at=db.now(), answered_at=db.now(), answer_ct=said, **asked))
        remark = keyring.seal_for_desk(session, "access_review.remark", what, "살펴보았습니다.")
        name = {"name_ct": keyring.seal_for_desk(session, "staff_session.name", what, "김하나")}
        session.add(StaffSession(id=what, ref=b"x", person="x|kim", role="officer", **moments, **name))
        session.add(AccessReview(id=what, month=today.replace(day=1), figures={}, remark_ct=remark))


async def under(desk: Desk) -> dict[str, dict[str, int]]:
    async with desk.database.transaction() as session:
        return await rotation.status(session)


async def test_everything_moves_under_the_newest_key_and_opens_without_the_old_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(house)
    before = await under(house.desk)
    assert set(before) == {place.name for place in PLACES}
    assert all(set(found) == {"k1"} for found in before.values()), "every column has something to move"
    was = await homes(house.desk, await values(house.desk))
    monkeypatch.setattr(rotation, "PAGE", 2)  # so that there are pages
    async with over(house.desk, ("k2", NEWEST), ("k1", OLDEST)) as both:
        done = await rotation.rotate(both)
        assert {name: {"k1": one.done} for name, one in done.items()} == before
        assert all(one.lost == 0 for one in done.values())
        again = await rotation.rotate(both)
        assert sum(one.done for one in again.values()) == 0, "what is done is not done again"
    after = await under(house.desk)
    assert {name: {"k2": found["k1"]} for name, found in before.items()} == after
    async with over(house.desk, ("k2", NEWEST)) as alone:
        now = await homes(alone, await values(alone))
        assert sorted(map(str, now.values())) == sorted(map(str, was.values())), "the data keys are the same"
    noted = "SELECT count(*) FROM audit_entry WHERE convert_from(body, 'UTF8')::json ->> 'action' = 'keys.rotate'"
    assert await one(house.desk, noted) == 1


async def test_while_it_goes_on_the_desk_works_and_what_is_locked_is_left_for_the_next_run(house: House) -> None:
    await fill(house)
    held = await house.file(ONLINE_MALL)
    filing = {**house.auth("website"), **key()}
    body = {"capacity": "self", "channel": "web", "subject": {"name": "홍길동", "phone": "010-1234-5678"}}
    async with over(house.desk, ("k2", NEWEST), ("k1", OLDEST)) as both:
        async with house.desk.database.transaction() as session:
            await session.execute(text("SELECT 1 FROM request WHERE id = :id FOR UPDATE"), {"id": held["id"]})
            done, filed = await asyncio.gather(
                rotation.rotate(both),
                house.api.post("/v1/requests", json={**body, "claims": [ONLINE_MALL]}, headers=filing),
            )
        assert filed.status_code == 201 and done["request.key"].done >= 2
        assert (await under(house.desk))["request.key"]["k1"] >= 1, "the one that was locked, at least"
        await rotation.rotate(both)
        assert set((await under(house.desk))["request.key"]) == {"k2"}
        # What was answered before is answered again by a process that has both keys.
        transport = httpx.ASGITransport(main.create(both))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as api:
            again = await api.post("/v1/requests", json={**body, "claims": [ONLINE_MALL]}, headers=filing)
            assert again.content == filed.content and again.headers["idempotency-replayed"] == "true"
            mine = await api.get(f"/v1/requests/{held['id']}", headers=bearer(held["requester_token"]))
            assert mine.status_code == 200


async def test_what_no_key_opens_stays_and_is_told(house: House) -> None:
    await fill(house)
    strange = crypto.Keyring([("gone", bytes(range(64, 96)))], bytes(range(96, 128)))
    wrapped = strange.wrap(strange.new_key(), aad=b"request.key|elsewhere")
    [(lost,)] = await rows(house.desk, "SELECT id FROM request ORDER BY id LIMIT 1")
    await rows(house.desk, "UPDATE request SET key = :key WHERE id = :id RETURNING id", key=wrapped, id=lost)
    moved = "UPDATE requester SET key = (SELECT key FROM request ORDER BY id DESC LIMIT 1) RETURNING request_id"
    await rows(house.desk, moved)
    async with over(house.desk, ("k2", NEWEST), ("k1", OLDEST)) as both:
        done = await rotation.rotate(both)
    assert (done["request.key"].lost, done["requester.key"].lost) == (1, 1)
    left = await under(house.desk)
    assert left["request.key"]["gone"] == 1 and left["requester.key"] == {"k1": 1}
    assert await one(house.desk, "SELECT key FROM request WHERE id = :id", id=lost) == wrapped


def test_the_commands_say_what_lies_where_and_when_a_key_may_go(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, both = f"k1:{b64encode(OLDEST).decode()}", f"k2:{b64encode(NEWEST).decode()},k1:{b64encode(OLDEST).decode()}"
    for name, value in {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path), "MASTER_KEYS": old}.items():
        monkeypatch.setenv(name, value)

    async def told() -> None:
        desk = opening.open_desk(Settings.load(), pool_size=1)
        async with desk.database.transaction() as session:
            await outbox.desk_message(session, "officer_todo", "desk@example.com", {}, now=db.now())
        await desk.database.dispose()

    asyncio.run(told())
    run = CliRunner()
    assert "message.content_ct k1=1" in run.invoke(cli.app, ["keys", "status"]).stdout
    monkeypatch.setenv("MASTER_KEYS", both)
    status = run.invoke(cli.app, ["keys", "status"])
    assert status.exit_code == 0 and "can be taken out" not in status.stdout
    rotated = run.invoke(cli.app, ["keys", "rotate"])
    assert rotated.exit_code == 0 and "message.content_ct: 1 put under k2" in rotated.stdout
    assert rotated.stdout.endswith("everything lies under k2\n")
    assert "k1: nothing is left under it" in run.invoke(cli.app, ["keys", "status"]).stdout
    monkeypatch.setenv("MASTER_KEYS", old)
    missing = run.invoke(cli.app, ["keys", "status"])
    assert missing.exit_code == 1 and "k2: not in MASTER_KEYS" in missing.output
    assert not any(b64encode(one).decode() in missing.output + rotated.output for one in (OLDEST, NEWEST))


def test_whatever_is_put_under_a_master_key_is_known_to_the_rotation_and_no_data_key_is_kept() -> None:
    """A new place that wraps or seals by the service's key has to be given to PLACES, and to the list here."""
    called = re.compile(r"\.(wrap|service_seal|unwrap)\(|keyring\.(seal_for_desk)\(")
    found = Counter(
        (path.relative_to(SERVICES).as_posix(), next(filter(None, match.groups())))
        for path in SERVICES.rglob("*.py")
        if path.name not in ("rotation.py", "crypto.py")
        for match in called.finditer(path.read_text("utf-8"))
    )
    assert found == {
        ("services/keyring.py", "wrap"): 2,
        ("services/keyring.py", "unwrap"): 2,
        ("services/keyring.py", "service_seal"): 1,
        ("services/intake.py", "unwrap"): 1,
        ("services/signing_keys.py", "service_seal"): 1,
        ("services/outbox.py", "seal_for_desk"): 1,
        ("http/idempotency.py", "service_seal"): 1,
        ("services/access_reviews.py", "seal_for_desk"): 1,
        ("services/download_questions.py", "seal_for_desk"): 1,
        ("services/staff_sessions.py", "seal_for_desk"): 1,
    }
