"""The ledger of footage (개인영상정보 관리대장; policy 14.8): written once seen, by whoever works there, sealed."""

from typing import Any
from uuid import UUID

import pytest

from app import db
from tests.api.acts import one, refused, rows
from tests.api.footage_acts import acts, granted, kept, ledger, media, reported, seat, store, write
from tests.house import Holder, House, key

UNKNOWN = "0193a5b0-7c1e-7000-8000-000000000001"


async def shown(house: House, site: Holder, **asked: Any) -> dict[str, Any]:
    """Granted, and arranged."""
    filed = await kept(house, site, media(site, **asked))
    await reported(house, site, await granted(house, site, filed), media=seat())
    return filed


async def test_a_line_says_what_was_seen_for_what_by_whom_and_when(house: House) -> None:
    site = await store(house)
    filed = await shown(house, site)
    stored = media(site)["media"]
    part = {"recorded_from": stored["from"], "recorded_to": stored["to"]}
    reply = await write(house, filed, house.auth("officer"), **part, form="모니터 열람")
    assert reply.status_code == 201, reply.text
    assert reply.headers["location"] == f"/v1/claims/{filed['claims'][0]['id']}/viewings"
    line = (await ledger(house, filed))[-1]
    assert line == reply.json()
    said = {"act": "view", "file": "CAM3-1015.mp4", "viewer": "홍길동", "form": "모니터 열람", "written_by": "officer"}
    assert {name: line[name] for name in said} == said
    assert (line["site"], line["masked"], line["identity_checked"], line["reason"]) == (site.id, True, True, None)
    [row] = await rows(house.desk, "SELECT * FROM viewing WHERE act = 'view'")
    assert "홍길동" not in str(row) and "CAM3" not in str(row)
    assert await one(house.desk, "SELECT count(*) FROM access_log WHERE operation = 'record_viewing'") == 1


async def test_whoever_works_at_the_place_writes_and_reads_it_and_nobody_of_another(house: House) -> None:
    site, other = await store(house), await store(house, name="서초점")
    filed = await shown(house, site)
    here = [house.auth("clerk", "gangnam", site=site.id), house.auth("system", site.id), house.auth("officer")]
    there = [house.auth("clerk", "seocho", site=other.id), house.auth("clerk"), house.auth("system", other.id)]
    assert [(await write(house, filed, headers)).status_code for headers in here] == [201, 201, 201]
    assert [refused(await write(house, filed, headers))[::2] for headers in there] == [(404, "claim.not_found")] * 3
    path = f"/v1/claims/{filed['claims'][0]['id']}/viewings"
    read = [(await house.api.get(path, headers=headers)).status_code for headers in (*here, *there)]
    assert read == [200, 200, 200, 404, 404, 404]
    assert await acts(house, filed) == ["preserve", "view", "view", "view"]


async def test_a_clerk_of_no_place_writes_of_what_came_over_their_own_counter(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site), role="clerk")
    await site.work()
    path = f"/v1/claims/{filed['claims'][0]['id']}/viewings"
    assert (await house.api.get(path, headers=house.auth("clerk"))).status_code == 200
    assert (await house.api.get(path, headers=house.auth("clerk", "clerk-2"))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"act": "preserve"}, (422, "/act", "field.value")),
        ({"act": "copy"}, (409, "", "viewing.not_granted")),
        ({"act": "provide"}, (409, "", "viewing.not_granted")),
        ({"file": ""}, (422, "/file", "field.length")),
        ({"viewer": "900101-1234567"}, (422, "/viewer", "identifier.rrn_not_allowed")),
        ({"purpose": None}, (422, "/purpose", "field.type")),
        ({"identity_checked": False}, (422, "/identity_checked", "field.value")),
        ({"seen_at": "2099-01-01T10:00:00+09:00"}, (422, "/seen_at", "field.value")),
        ({"seen_at": "2026-10-01T10:00:00+09:00"}, (422, "/seen_at", "field.value")),
        ({"recorded_from": "2026-11-01T10:00:00+09:00"}, (422, "/recorded_from", "field.inconsistent")),
        (
            {"recorded_from": "2026-11-01T10:00:00+09:00", "recorded_to": "2026-11-01T10:10:00+09:00"},
            (422, "/recorded_from", "field.value"),
        ),
    ],
)
async def test_what_was_not_granted_or_not_checked_is_not_written(
    house: House, changes: dict[str, Any], answer: tuple[int, str, str]
) -> None:
    site = await store(house)
    filed = await shown(house, site)
    assert refused(await write(house, filed, house.auth("officer"), **changes)) == answer
    assert await acts(house, filed) == ["preserve"]


async def test_a_copy_leaves_with_others_hidden_and_its_end_is_written_down(house: House) -> None:
    site = await store(house)
    filed = await shown(house, site, kind="copy")
    officer = house.auth("officer")
    assert refused(await write(house, filed, officer, act="copy", masked=False))[1] == "/masked"
    for act in ("copy", "provide", "destroy"):
        assert (await write(house, filed, officer, act=act)).status_code == 201
    assert await acts(house, filed) == ["preserve", "copy", "provide", "destroy"]


async def test_nothing_is_shown_before_a_decision_nor_where_only_existence_was_asked(house: House) -> None:
    site = await store(house)
    undecided = await kept(house, site)
    asked = await kept(house, site, media(site, kind="existence"))
    await reported(house, site, await granted(house, site, asked))
    for filed in (undecided, asked):
        assert refused(await write(house, filed, house.auth("officer")))[2] == "viewing.not_granted"
    plain = await house.file()
    assert refused(await write(house, plain, house.auth("officer")))[::2] == (404, "claim.not_found")
    headers = {**house.auth("officer"), **key()}
    assert (await house.api.get(f"/v1/claims/{UUID(UNKNOWN)}/viewings", headers=headers)).status_code == 404


async def test_the_same_line_sent_twice_stands_once(house: House) -> None:
    site = await store(house)
    filed = await shown(house, site)
    path = f"/v1/claims/{filed['claims'][0]['id']}/viewings"
    line = {"act": "view", "file": "a", "purpose": "b", "viewer": "c", "masked": False, "identity_checked": True}
    line["seen_at"] = db.now().isoformat()
    headers = {**house.auth("officer"), **key()}
    replies = [await house.api.post(path, json=line, headers=headers) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201] and replies[0].json() == replies[1].json()
    assert await acts(house, filed) == ["preserve", "view"]
