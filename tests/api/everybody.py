"""Everybody who may look at a request, each at one of their own: what they see belongs to tests/visible.csv."""

from tests.api.papers import hand_in
from tests.api.walk import Walk
from tests.house import ONLINE_MALL, bearer

CHULSOO = {"name": "이철수", "phone": "010-0000-2001"}
OF_A_REQUEST = ("get_request", "get_timeline", "list_evidence", "list_supplements")
"""Whoever filed it sees these, and they with whom it is about."""


async def look_at_their_own(tour: Walk) -> None:
    """The person, a delegate, a call center, a clerk's desk, and a holder."""
    house = tour.house
    mall = await house.system("a mall that looks", endpoint_url="http://127.0.0.1:9/", scheme="v1")
    mine = await house.file(ONLINE_MALL, subject=CHULSOO)
    await house.prove(mine)
    await hand_in(house, mine, "correction_proof", party="subject")
    person = bearer(mine["requester_token"])
    for operation_id in (*OF_A_REQUEST, "list_notices", "get_sources"):
        await tour.look(operation_id, person, {"request_id": mine["id"]})
    theirs = await house.file_as_delegate()
    await hand_in(house, theirs, "power_of_attorney")
    for operation_id in (*OF_A_REQUEST, "list_notices"):
        await tour.look(operation_id, bearer(theirs["requester_token"]), {"request_id": theirs["id"]})
    for role, claims in (("call_center", {"agent": "a17"}), ("clerk", {})):
        filed = await house.file(role=role)
        await hand_in(house, filed, "correction_proof", party="subject", headers=house.auth(role, **claims))
        for operation_id in OF_A_REQUEST:
            await tour.look(operation_id, house.auth(role, **claims), {"request_id": filed["id"]})
    await tour.look("list_letters", house.auth("clerk"), {})
    for operation_id in ("list_deliveries", "list_system_keys"):
        await tour.look(operation_id, mall.headers, {"system_id": mall.id})
