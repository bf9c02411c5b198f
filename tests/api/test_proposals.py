"""The registry follows the policy: a new version shows what it changes, asks, and does what an admin confirms (F1)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlmodel import col, select

from app import db
from app.models import ReviewItem, System, Task
from app.opening import open_desk
from app.services import aligning
from app.settings import Settings
from app.tokens import LIFETIME, Role
from tests.api.acts import by_hand
from tests.api.test_registry import SYSTEM, notes
from tests.house import House, Workshop, key
from tests.policy.broken import TEXT

PROPOSALS = "/v1/system-proposals"
ASKED = {"right": "access", "aspects": ["items"], "categories": ["consultation"]}
NEXT = (
    ("id: ktmns-2024-12-06", "id: ktmns-2027-01-01"),
    ("effective: 2024-12-06", "effective: 2027-01-01"),
    # Hanjin delivers for another service too, Apple's repairs are no longer entrusted, gifts go out by the mall.
    (TEXT[TEXT.index("  - id: jnp\n") : TEXT.index("  - id: hanjin\n")], ""),
    (
        "categories: [online_mall]\n  - id: korea_post",
        "categories: [online_mall, separate_service]\n  - id: korea_post",
    ),
)


@asynccontextmanager
async def under(
    environment: dict[str, str], application: Callable[..., FastAPI], folder: Path, *changes: tuple[str, str]
) -> AsyncIterator[House]:
    """The same database under a policy with these places changed."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / f"{len(changes)}.yaml"
    path.write_text(text, encoding="utf-8")
    desk = open_desk(Settings.load(environment | {"POLICY_FILE": str(path)}), pool_size=8)

    def token(role: str, sub: str, **claims: object) -> str:
        return desk.issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now(), **claims)

    transport = httpx.ASGITransport(application(desk), raise_app_exceptions=False)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as api,
        Workshop(desk).open() as workshop,
    ):
        yield House(desk, api, token, workshop)
    await desk.database.dispose()


async def proposed(house: House) -> dict[str, dict[str, Any]]:
    """What the policy changes, by what it calls the holder."""
    reply = await house.api.get(PROPOSALS, headers=house.auth("admin"))
    assert reply.status_code == 200, reply.text
    return {one["party"]: one for one in reply.json()["items"]}


async def confirm(house: House, one: dict[str, Any], sub: str = "admin-1") -> httpx.Response:
    return await house.api.put(f"{PROPOSALS}/{one['id']}/confirmation", headers=house.auth("admin", sub))


async def pending(house: House) -> float:
    """How many an operator sees."""
    told = (await house.api.get("/metrics")).text
    [line] = [one for one in told.splitlines() if one.startswith("desk_registry_proposals ")]
    return float(line.split()[1])


async def test_holders_that_the_policy_names_are_registered_once_confirmed(house: House) -> None:
    found = await proposed(house)
    assert {name: (one["change"], one["kind"], one["categories"]["after"]) for name, one in found.items()} == {
        "kt_cs": ("new", "processor", ["consultation"]),
        "kt_linkus": ("new", "processor", ["online_mall", "consultation"]),
        "jnp": ("new", "processor", ["consultation"]),
        "hanjin": ("new", "processor", ["online_mall"]),
        "korea_post": ("new", "processor", ["online_mall"]),
        "kt_telecop": ("new", "processor", ["cctv"]),
    }
    assert found["kt_telecop"]["actions"] == [], "who maintains cameras is no place whose footage is asked for"
    # One that an admin registers under the policy's name, or says to be it, is known.
    by_name = await house.system("한진택배", kind="processor", categories=["online_mall"])
    said = await house.system("배송 시스템", kind="processor", categories=["online_mall"], party="korea_post")
    assert [one.registered["party"] for one in (by_name, said)] == ["hanjin", "korea_post"]
    assert set(await proposed(house)) == {"kt_cs", "kt_linkus", "jnp", "kt_telecop"}
    assert await pending(house) == 4
    # Two admins at once: one holder, and the same answer again.
    first, second = await asyncio.gather(confirm(house, found["jnp"]), confirm(house, found["jnp"], "admin-2"))
    again = await confirm(house, found["jnp"])
    assert [one.status_code for one in (first, second, again)] == [200, 200, 200]
    assert first.json() == second.json() == again.json()
    made = first.json()
    assert first.headers["etag"] == '"v1"'
    told = {name: made[name] for name in ("name", "kind", "state", "party", "categories", "endpoint_url", "scheme")}
    assert told == {
        "name": "(주)JNP",
        "kind": "processor",
        "state": "active",
        "party": "jnp",
        "categories": ["consultation"],
        "endpoint_url": None,
        "scheme": None,
    }
    assert (made["matches_by"], made["contact_email"]) == (["name", "phone"], "privacy@ktmns.com")
    assert await notes(house.desk, made["id"]) == ["system.register", "registry.confirm"]
    assert "jnp" not in await proposed(house)
    # From now on it has its duties.
    filed = await house.file(ASKED)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    async with house.desk.database.transaction() as session:
        actions = select(col(Task.action)).where(col(Task.system_id) == UUID(made["id"]))
        assert (await session.execute(actions)).scalars().all() == ["collect"]


async def test_what_was_read_is_what_is_confirmed(house: House) -> None:
    one = await house.system("한진택배", kind="processor", categories=["online_mall", "inquiry"])
    read = (await proposed(house))["hanjin"]
    assert (read["change"], read["system_id"]) == ("changed", one.id)
    assert read["categories"] == {"before": ["online_mall", "inquiry"], "after": ["online_mall"]}
    path, admin = f"/v1/systems/{one.id}", house.auth("admin")
    changes = {"categories": ["report", "online_mall"]}
    await house.api.patch(path, json=changes, headers=admin | {"If-Match": '"v1"'})
    outdated = await confirm(house, read)
    assert (outdated.status_code, outdated.json()["code"]) == (404, "proposal.not_found")
    done = await confirm(house, (await proposed(house))["hanjin"])
    assert (done.json()["categories"], done.headers["etag"]) == (["online_mall"], '"v3"')
    # Retired by an admin it is one that the policy names and nobody has: asked for anew, under the same words.
    await house.api.post(f"{path}/retirement", headers=admin)
    anew = await confirm(house, (await proposed(house))["hanjin"])
    assert anew.json()["id"] != one.id
    await house.api.post(f"/v1/systems/{anew.json()['id']}/retirement", headers=admin)
    third = await confirm(house, (await proposed(house))["hanjin"])
    assert third.json()["id"] not in (one.id, anew.json()["id"])
    for wrong in ({"party": "nobody"}, {"party": "police"}, {"party": ""}):
        reply = await house.api.post("/v1/systems", json=SYSTEM | wrong, headers=admin | key())
        assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/party"), wrong


async def test_a_new_version_shows_what_changed_and_asks(
    environment: dict[str, str], application: Callable[..., FastAPI], tmp_path: Path
) -> None:
    async with under(environment, application, tmp_path) as house:
        async with house.desk.database.transaction() as session:
            assert not await aligning.ask(session, now=db.now()), "the first policy of all is no news"
        before = await proposed(house)
        ids = {}
        for name in ("kt_cs", "kt_linkus", "jnp", "hanjin", "korea_post", "kt_telecop"):
            ids[name] = (await confirm(house, before[name])).json()["id"]
        assert await proposed(house) == {}
        filed = await house.file(ASKED)
        await house.prove(filed)
        await house.decide(filed["claims"][0]["id"], outcome="approve")
    async with under(environment, application, tmp_path, *NEXT) as house:
        for told in (True, False):
            async with house.desk.database.transaction() as session:
                assert await aligning.ask(session, now=db.now()) is told
        await house.workshop.run()
        [mail] = [one for one in house.sent("mail") if "2027-01-01" in one["text"]]
        assert (mail["to"], "2곳" in mail["text"]) == ("privacy@ktmns.com", True)
        found = await proposed(house)
        assert {name: (one["change"], one["system_id"]) for name, one in found.items()} == {
            "hanjin": ("changed", ids["hanjin"]),
            "jnp": ("gone", ids["jnp"]),
        }
        assert found["hanjin"]["categories"] == {
            "before": ["online_mall"],
            "after": ["online_mall", "separate_service"],
        }
        async with house.desk.database.transaction() as session:
            stands = {
                str(one.id): (one.state, one.categories) for one in (await session.execute(select(System))).scalars()
            }
        assert stands[ids["jnp"]] == ("active", ["consultation"]), "nothing is done by itself"
        assert (await confirm(house, before["jnp"])).status_code == 200, "what was confirmed before stays so"
        assert (await confirm(house, found["hanjin"])).json()["categories"] == ["online_mall", "separate_service"]
        gone = await confirm(house, found["jnp"])
        assert (gone.json()["state"], gone.json()["id"]) == ("retired", ids["jnp"])
        assert await proposed(house) == {}
        # What it had still to do goes to a person, who is told; they answer with the proof in hand, and another agrees.
        async with house.desk.database.transaction() as session:
            kinds = select(col(ReviewItem.kind)).where(col(ReviewItem.request_id) == UUID(filed["id"]))
            assert "holder.retired" in (await session.execute(kinds)).scalars().all()
            mine = select(col(Task.id)).where(col(Task.system_id) == UUID(ids["jnp"]))
            [task_id] = (await session.execute(mine)).scalars().all()
        await house.workshop.run()
        assert any(filed["receipt_no"] in one["text"] for one in house.sent("mail") if one["to"] == "privacy@ktmns.com")
        await by_hand(house, str(task_id), "not_held", proof="계약이 끝나 반납하였다는 확인서를 보았습니다.")
