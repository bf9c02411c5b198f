"""Mutated files through the door itself: each is taken clean or refused by name, never a 5xx, nothing hostile kept.

`FUZZ_UPLOADS=5000 FUZZ_SEED=7` sends more, or others.
"""

import os
import random
from collections import Counter

import pytest

from app.models import Request
from app.services import keyring
from tests.api.acts import rows
from tests.api.sendings import send
from tests.files import bare
from tests.gates.test_inspection_fuzz import SEED, SEEDS, _mutated
from tests.house import House

UPLOADS = int(os.environ.get("FUZZ_UPLOADS", "120"))


@pytest.mark.slow
async def test_no_mutated_file_breaks_the_door_or_is_kept_as_it_came(house: House) -> None:
    filed = await house.file()
    seeds = {name: make() for name, make in SEEDS.items()}
    ends: Counter[str] = Counter()
    for number in range(UPLOADS):
        chance = random.Random(f"{SEED}-door-{number}")
        name = chance.choice(list(seeds))
        content = _mutated(seeds[name], seeds[chance.choice(list(seeds))], name.endswith(".pdf"), chance)
        reply = await send(house, filed, content, name=name)
        if reply.status_code == 201:
            paper = reply.json()
            bare.check(await _kept(house, filed["id"]), paper["media_type"], paper["pages"], mutated=True)
        else:
            assert reply.status_code == 422 and reply.json()["code"].startswith("upload."), (number, reply.text)
            assert await rows(house.desk, "SELECT 1 FROM evidence_chunk") == [], number
        ends[str(reply.status_code)] += 1
        for table in ("evidence_chunk", "evidence", "tally"):
            await rows(house.desk, f"DELETE FROM {table} RETURNING 1")
    assert ends["201"] > UPLOADS / 20 and ends["422"] > UPLOADS / 20, "mutations that reach nothing"


async def _kept(house: House, request_id: str) -> bytes:
    pieces = await rows(house.desk, "SELECT evidence_id, position, sealed FROM evidence_chunk ORDER BY position")
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, request_id)
        return b"".join(
            keyring.unseal_bytes(
                session, request, "evidence.chunk", f"{one.evidence_id}/copy/{one.position}", bytes(one.sealed)
            )
            for one in pieces
        )
