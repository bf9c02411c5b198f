"""A notice cannot be built without what the statute demands."""

from dataclasses import replace
from datetime import datetime

import pytest

from app.documents.forms import (
    AccessNotice,
    Done,
    Fee,
    Granted,
    Item,
    NothingHeld,
    Notice,
    Objection,
    PartlyDone,
    PartlyGranted,
    Recipient,
    Refused,
    ResultNotice,
    Sender,
    StatedGround,
    Withheld,
    dump,
    load,
)
from app.law.terms import ItemOutcome, Right
from tests.documents.examples import CALL, CONTRACT, DELETION, GRANTED, HARM, NAME, NOTICES, PARTIAL, VIEWING, WITHHELD


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_nothing_is_withheld_without_reason_ground_and_route(blank: str) -> None:
    """Act 35(4), 36(4), 37(4), 38(5): reason, article, its words, the way to object."""
    with pytest.raises(ValueError, match="a reason"):
        Withheld(reason=blank, grounds=(HARM,))
    with pytest.raises(ValueError, match="a ground"):
        Withheld(reason="사유", grounds=())
    with pytest.raises(ValueError, match="article"):
        StatedGround(article=blank, text="문언")
    with pytest.raises(ValueError, match="article"):
        StatedGround(article="제35조제4항제2호", text=blank)
    with pytest.raises(ValueError, match="way to object"):
        Objection(how=blank)


def test_what_every_notice_needs() -> None:
    """Sender, recipient, receipt number, what was asked, what was done, other ways to prove."""
    with pytest.raises(ValueError, match="sender"):
        Sender(controller="", desk="IT보안팀", phone="", email="")
    with pytest.raises(ValueError, match="recipient"):
        Recipient(name=" ")
    with pytest.raises(ValueError, match="receipt"):
        replace(GRANTED, receipt_no="")
    with pytest.raises(ValueError, match="what was asked"):
        replace(DELETION, request_summary="")
    with pytest.raises(ValueError, match="what was done"):
        Done(action="")
    with pytest.raises(ValueError, match="what was done"):
        PartlyDone(action="", withheld=WITHHELD)
    with pytest.raises(ValueError, match="another way"):
        NothingHeld(other_ways=())
    with pytest.raises(ValueError, match="label"):
        Item(label="", outcome=ItemOutcome.GRANT)


def test_access_says_when_where_and_how() -> None:
    """Decree 41(5)."""
    with pytest.raises(ValueError, match="place"):
        replace(VIEWING, place="")
    with pytest.raises(ValueError, match="offset"):
        replace(VIEWING, opens=datetime(2026, 11, 30, 14, 0))
    with pytest.raises(ValueError, match="shape"):
        replace(VIEWING, shapes=())
    with pytest.raises(ValueError, match="way"):
        replace(VIEWING, ways=())
    with pytest.raises(ValueError, match="negative"):
        Fee(fee=-1, breakdown="x")
    with pytest.raises(ValueError, match="breakdown"):
        Fee(postage=430)


@pytest.mark.parametrize("outcome", [ItemOutcome.KEEP, ItemOutcome.REFUSE])
def test_an_item_kept_or_refused_names_its_ground(outcome: ItemOutcome) -> None:
    """No item is withheld in silence."""
    with pytest.raises(ValueError, match="ground"):
        Item(label="온라인몰 · 성명", outcome=outcome)


def test_items_say_what_the_answer_says() -> None:
    """A full grant withholds nothing, a partial one names both, a refusal grants nothing."""
    with pytest.raises(ValueError, match="full grant"):
        replace(GRANTED, items=(NAME, CALL))
    for items in ((), (NAME,), (CALL,)):
        with pytest.raises(ValueError, match="partial"):
            replace(PARTIAL, items=items)
    with pytest.raises(ValueError, match="refusal"):
        replace(PARTIAL, answer=Refused(withheld=WITHHELD))
    with pytest.raises(ValueError, match="nothing held"):
        replace(GRANTED, answer=NothingHeld(other_ways=("방문",)))


def test_form_10_of_its_own_rights_and_with_an_end() -> None:
    """Access has form 9; what statute keeps from deletion is kept until a day."""
    with pytest.raises(ValueError, match="form 10"):
        replace(DELETION, right=Right.ACCESS)
    with pytest.raises(ValueError, match="until a day"):
        replace(DELETION, items=(NAME, replace(CONTRACT, until=None)))


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES.keys())
def test_kept_and_loaded_again(notice: Notice) -> None:
    """A sealed notice opens as the same notice."""
    assert load(dump(notice)) == notice


def test_a_kept_notice_meets_the_same_demands() -> None:
    """Loading is no way around the statute."""
    kept = dump(PARTIAL)
    kept["answer"]["withheld"]["reason"] = ""
    with pytest.raises(ValueError, match="a reason"):
        load(kept)


def test_answers_are_told_apart_by_their_kind() -> None:
    """A granted access does not come back as a partial one."""
    granted, partial = load(dump(GRANTED)), load(dump(PARTIAL))
    assert isinstance(granted, AccessNotice) and isinstance(granted.answer, Granted)
    assert isinstance(partial, AccessNotice) and isinstance(partial.answer, PartlyGranted)
    assert isinstance(load(dump(DELETION)), ResultNotice)
