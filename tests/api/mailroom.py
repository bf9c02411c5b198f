"""The part of the walk that passes the mail room: what carriers say of a message, and what people bring instead."""

from typing import TYPE_CHECKING

from app import db
from app.law.deadline import seoul_date
from tests.api.acts import YOUNGHEE
from tests.house import ADDRESS, STRANGER, Holder

if TYPE_CHECKING:
    from tests.api.walk import Walk

HOME = {"postal_code": "06236", "road_address": "서울특별시 강남구 가상로 12", "detail": "301호"}


async def bring_by_hand(tour: "Walk", carrier: Holder) -> None:
    """What carriers say of a message, and what people bring instead."""
    house, officer = tour.house, tour.house.auth("officer")
    await tour.send("report_receipt", carrier.headers, change={"ref": house.sent("sms")[-1]["ref"]})
    waits = await house.file(subject={**STRANGER, "address": HOME}, notify_by="post")
    await house.prove(waits)
    listed = (await tour.send("list_letters", officer)).json()["items"]
    brought = {"letter_id": listed[-1]["id"]}
    await tour.send("print_word", officer, path=brought)
    await tour.send("read_script", officer, path=brought)
    today = seoul_date(db.now()).isoformat()
    await tour.send("tell_by_hand", officer, path=brought, change={"told_on": today})
    await tour.send("tell_return", officer, path=brought, change={"returned_on": today})
    given = await house.system("given to", kind="third_party", actions=["inform"])
    wrong = await house.file(ADDRESS, subject=YOUNGHEE, notify_by="sms")
    await house.prove(wrong)
    await house.decide(wrong["claims"][0]["id"], outcome="approve")
    await carrier.work()
    [inform] = await given.tasks()
    await tour.send("print_task_letter", officer, path={"task_id": inform["id"]})
