"""A claim that falls due while people of ours have not acted is put before an officer, once."""

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from app import db
from app.models import Claim, Message, ReviewItem
from app.services import watch
from tests.house import ADDRESS, House


async def test_an_undecided_claim_is_put_before_an_officer_once(house: House) -> None:
    await house.system()
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    later = db.now() + timedelta(days=12)
    for _ in range(2):
        async with house.desk.database.transaction() as session:
            due = await watch.unsettled(session, now=later)
        for claim_id in due:
            async with house.desk.database.transaction() as session:
                await watch.remind(session, claim_id, now=later)
        await house.workshop.run()
    async with house.desk.database.transaction() as session:
        items = list((await session.execute(select(col(ReviewItem.kind)))).scalars())
        told = list((await session.execute(select(col(Message.kind)))).scalars())
        [claim] = (await session.execute(select(Claim))).scalars()
    assert items == ["claim.falls_due"]
    assert told.count("officer_todo") == 1
    assert claim.status == "verified"
    assert "홍길동" not in house.sent("mail")[-1]["text"]


async def test_before_its_internal_day_nobody_is_told(house: House) -> None:
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    async with house.desk.database.transaction() as session:
        assert await watch.unsettled(session, now=db.now()) == []
