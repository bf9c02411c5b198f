"""Grants and revocations: each on record beside its audit entry, append-only, for three years after they ended."""

from datetime import timedelta

import psycopg
import pytest

from app import db
from app.services import grants
from tests.api.acts import one, rows
from tests.house import House, key


async def test_who_is_let_in_and_who_no_longer_is_on_record_and_cannot_be_changed(house: House) -> None:
    admin = house.auth("admin")
    client = (
        await house.api.post("/v1/clients", json={"name": "창구", "role": "clerk"}, headers={**admin, **key()})
    ).json()["client_id"]
    await house.api.post(f"/v1/clients/{client}/secrets", headers={**admin, **key()})
    for _ in range(2):  # said again it is no other act
        await house.api.post(f"/v1/clients/{client}/retirement", headers=admin)
    holder = await house.system("가상물류")
    seen = await house.api.get(f"/v1/systems/{holder.id}", headers=admin)
    change = {"actions": ["collect"]}
    changed = await house.api.patch(
        f"/v1/systems/{holder.id}", json=change, headers={**admin, "If-Match": seen.headers["etag"]}
    )
    assert changed.status_code == 200
    await house.api.post(f"/v1/systems/{holder.id}/retirement", headers=admin)

    async def acts(whom: str) -> list[tuple[str, str, str]]:
        reply = await house.api.get(f"/v1/grant-history?whom={whom}", headers=house.auth("auditor"))
        assert "가상물류" not in reply.text and "창구" not in reply.text
        return [(one_["act"], one_["kind"], one_["role"]) for one_ in reply.json()["items"]]

    assert await acts(client) == [(act, "client", "clerk") for act in ("grant", "change", "revoke")]
    assert await acts(holder.id) == [(act, "system", "system") for act in ("grant", "change", "revoke")]
    plain = str(house.desk.settings.database_url).replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in (
            "UPDATE grant_history SET act = 'grant'",
            "DELETE FROM grant_history",
            "TRUNCATE grant_history",
        ):
            with pytest.raises(psycopg.errors.RaiseException):
                connection.execute(statement)


async def test_what_ended_three_years_ago_is_forgotten_and_what_holds_is_kept(house: House) -> None:
    old, lately = db.now() - timedelta(days=1_200), db.now() - timedelta(days=1_000)
    for whom, act, at in (
        ("ended", "grant", old),
        ("ended", "revoke", old + timedelta(days=1)),
        ("holds", "grant", old),
        ("late", "grant", old),
        ("late", "revoke", lately),
        ("again", "grant", old),
        ("again", "revoke", old + timedelta(days=1)),
        ("again", "grant", lately),
        ("kept on", "grant", old),
        ("kept on", "end", old + timedelta(days=1)),
    ):
        await rows(
            house.desk,
            "INSERT INTO grant_history (id, at, act, kind, whom, role, by, facts)"
            " VALUES (:id, :at, :act, :kind, :whom, 'clerk', 'x', '{}') RETURNING id",
            id=db.new_id(),
            at=at,
            act="revoke" if act == "end" else act,
            kind="session" if act == "end" else "client",
            whom=whom,
        )
    async with house.desk.database.transaction() as session:
        await grants.forget(session, now=db.now())
    left = await rows(house.desk, "SELECT whom, act FROM grant_history ORDER BY whom, act")
    assert [tuple(row) for row in left] == [
        ("again", "grant"), ("holds", "grant"), ("kept on", "grant"), ("late", "grant"), ("late", "revoke"),
    ]  # fmt: skip
    assert await one(house.desk, "SELECT count(*) FROM grant_history WHERE whom = 'ended'") == 0
