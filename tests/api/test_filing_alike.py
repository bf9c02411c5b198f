"""Filing is alike: in every channel, for every right, whoever is known, and at the same cost."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import db
from tests.api.acts import (
    DELETION,
    DELIVERY,
    FILING,
    FOR_CHILD,
    MARKETING,
    ON_MANDATE,
    post,
    tables,
)
from tests.api.test_statements import TEN, Ledger
from tests.house import (
    ADDRESS,
    CHILD,
    FATHER,
    FOUNDLING,
    GILDONG,
    GUARDED,
    KEPT_AWAY,
    MOTHER,
    NOBODYS_MOTHER,
    ONLINE_MALL,
    STRANGER,
    House,
    bearer,
    key,
)

CHANNELS = {
    "web": "website",
    "phone": "call_center",
    "store": "clerk",
    "visit": "clerk",
    "post": "clerk",
    "fax": "clerk",
    "email": "clerk",
    "processor": "officer",
}
CLAIMS = {
    "access": ONLINE_MALL,
    "correction": ADDRESS,
    "deletion": DELETION,
    "suspension": DELIVERY,
    "consent_withdrawal": MARKETING,
}


async def test_every_channel_asks_the_same_for_every_right_in_every_capacity(house: House) -> None:
    """Right × channel × capacity: the very same body is taken everywhere, and the same is answered (Act 38(4))."""
    for right, claim in CLAIMS.items():
        for body in (FILING, FOR_CHILD, ON_MANDATE):
            answered = []
            for channel, role in CHANNELS.items():
                # Somebody else for each right: one person alone may not type so much in a minute.
                filing = {**body, "channel": channel, "claims": [claim]}
                reply = await post(house, filing, role, sub=f"{role}-{right}")
                assert reply.status_code == 201, (right, channel, body["capacity"], reply.text)
                filed = reply.json()
                [own] = filed["claims"]
                answered.append((own["right"], own["status"], own["due_on"], filed["next_steps"], filed["adjusted"]))
            assert answered == [answered[0]] * len(CHANNELS), (right, body["capacity"])
    for role, channel in (("clerk", "post"), ("clerk", "fax"), ("officer", "post"), ("call_center", "phone")):
        for body in (FOR_CHILD, ON_MANDATE):
            at = (db.now() - timedelta(days=2)).isoformat()
            filed = (await post(house, {**body, "channel": channel, "arrived_at": at}, role)).json()
            assert datetime.fromisoformat(filed["arrived_at"]) == datetime.fromisoformat(at)


KNOWN_AND_NOT = (
    # The guardian on record, one who is not, a child nobody knows, one whose guardian is not to be told anything.
    [
        {**FOR_CHILD, "subject": subject, "requester": {**requester, "email": "anybody@example.com"}}
        for subject, requester in (
            (CHILD, MOTHER),
            (CHILD, FATHER),
            (FOUNDLING, NOBODYS_MOTHER),
            (GUARDED, KEPT_AWAY),
        )
    ],
    # A principal who is known, and one who is not.
    [
        {**ON_MANDATE, "subject": subject, "requester": {"name": "도우미", "phone": phone}}
        for subject, phone in ((GILDONG, "010-0000-5511"), (STRANGER, "010-0000-5512"))
    ],
)


@pytest.mark.parametrize("bodies", KNOWN_AND_NOT, ids=["guardians", "delegates"])
async def test_nothing_tells_whether_child_or_principal_is_known(house: House, bodies: list[dict[str, Any]]) -> None:
    """Same status, keys, steps, rows in every table and jobs; also after the code was asked for."""
    seen = []
    for body in bodies:
        before = await tables(house.desk)
        reply = await post(house, body)
        filed = reply.json()
        asked = await house.api.post(
            f"/v1/requests/{filed['id']}/verifications",
            json={"party": "requester", "method": "phone_code", "purpose": "identity"},
            headers={**bearer(filed["requester_token"]), **key()},
        )
        after = await tables(house.desk)
        view = await house.look(filed)
        shape = (
            reply.status_code,
            sorted(filed),
            sorted(reply.headers),
            filed["next_steps"],
            asked.status_code,
            sorted(asked.json()),
            [claim | {"id": "", "due_steps": ""} for claim in view["claims"]],
            sorted(view),
            view["next_steps"],
            view["actions"],
            view["waiting_for"],
        )
        seen.append((shape, {name: after[name] - before[name] for name in after}))
    assert seen == [seen[0]] * len(bodies)
    assert seen[0][1]["procrastinate_jobs"] == 1
    assert (seen[0][1]["request"], seen[0][1]["requester"]) == (1, 1)


async def test_filing_for_another_costs_the_same_for_one_claim_and_for_ten(house: House) -> None:
    counts: dict[str, list[int]] = {}
    for body in (FILING, FOR_CHILD, ON_MANDATE):
        for claims in (TEN[:1], TEN):
            ledger = Ledger(house)
            headers = {**house.auth("website"), **key()}
            await ledger.call("file", "POST", "/v1/requests", headers, json={**body, "claims": list(claims)})
            counts.setdefault(body["capacity"], []).append(len(ledger.found["file"]))
    # Who asks for themselves pays nothing for it: the key, the request, the audit chain, the answer and the log.
    # A delegate is counted by phone and by mail, in two statements each, once a day for one person.
    assert counts == {"self": [5, 5], "guardian": [6, 6], "delegate": [11, 9]}
