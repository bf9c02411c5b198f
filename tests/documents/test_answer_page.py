"""The page on which a holder answers: each field has its label, every word is plain, nothing that is told is markup."""

import base64
import hashlib
import re

import pytest

from app.documents import answer_page
from app.documents.answer_page import Asked, Choice, Field, Wrong
from app.documents.wording import answering as words
from app.models import ACTIONS
from tests.api.visitors import Page
from tests.documents import plain

HOSTILE = '"><script>alert(1)</script><a href="javascript:x">&amp;'
FIELDS = (
    Field("statute-0", "어느 법 때문인가요?", hint="예: 상법"),
    Field("until-0", "언제까지 남기나요?", "date"),
    Field("opens", "몇 시부터", "time"),
    Field("masked", "가렸습니다", "check"),
    Field("note", "덧붙이실 말씀", "area"),
    Field("photo", "사진", "photo", "10MB까지"),
)


def asked(said: str = "말", *, at_once: bool = False) -> Asked:
    """A task with everything that may stand in one."""
    return Asked(
        title=said,
        controller=said,
        receipt_no=said,
        due=said,
        desk_phone=said,
        whom=((said, (said, f"{said}\n{said}")),),
        what=((said, (said,)),),
        choices=(Choice("done", said), Choice("failed", said)),
        fields=FIELDS,
        at_once=at_once,
    )


PAGES = {
    "pin": answer_page.pin("/h/a", controller="가", desk_phone="02-000-0000"),
    "wrong pin": answer_page.pin("/h/a", controller="가", desk_phone="02-000-0000", wrong=words.PIN_WRONG),
    "task": answer_page.task("/h/a", asked(), said={}),
    "at once": answer_page.task("/h/a", asked(at_once=True), said={}),
    "wrong task": answer_page.task(
        "/h/a",
        asked(),
        said={"result": "failed", "masked": "yes"},
        wrong=[Wrong("result", words.CHOOSE), Wrong("until-0", words.UNTIL), Wrong("", "말")],
    ),
    "done": answer_page.done("때", controller="가", receipt_no="1", desk_phone="02-000-0000"),
    "over": answer_page.over(cancelled=True, desk_phone="02-000-0000"),
    "ended": answer_page.over(cancelled=False, desk_phone="02-000-0000"),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_used_by_everybody(name: str) -> None:
    """Language, one heading, a label for each field, names that are unique, no script, nothing from outside."""
    page = Page(PAGES[name])
    assert page.language == "ko" and page.tags.count("h1") == 1 and page.tags.count("main") == 1
    assert len(page.ids) == len(set(page.ids))
    for control in page.controls:
        assert control.id and page.labels.get(control.id), control
        assert control.described is None or control.described in page.ids, control
    assert not {"script", "img", "link", "iframe", "object", "base"} & set(page.tags)
    assert not re.search(r"\son[a-z]+=|javascript:|style=", PAGES[name])
    anchors = re.findall(r'<a href="#([^"]*)"', PAGES[name])
    assert set(anchors) <= set(page.ids)
    [style] = re.findall(r"<style>(.*?)</style>", PAGES[name], re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer_page.policy()


def test_the_first_button_is_the_usual_answer() -> None:
    """A form is sent by its first button where somebody presses return."""
    assert Page(PAGES["at once"]).buttons == [("result", "done"), ("result", "failed")]
    assert Page(PAGES["task"]).buttons == [(None, None)]
    assert Page(PAGES["wrong task"]).filled()["result"] == "failed"


def test_nothing_that_is_told_is_markup() -> None:
    """Names, notes and labels are shown as they are."""
    said = {one.name: HOSTILE for one in FIELDS} | {"result": HOSTILE}
    page = answer_page.task(HOSTILE, asked(HOSTILE), said=said, wrong=[Wrong(HOSTILE, HOSTILE)])
    for one in (
        page,
        answer_page.problem(HOSTILE, HOSTILE),
        answer_page.pin("/h/a", controller=HOSTILE, desk_phone=""),
    ):
        read = Page(one)
        assert "<script>" not in one and not {"script"} & set(read.tags)
        assert HOSTILE in read.shown + "".join(read.filled().values())
    assert Page(page).filled()["note"] == HOSTILE


def test_every_action_has_its_words() -> None:
    """What to do, and that it was done."""
    assert set(words.TITLE) == set(words.DONE) == set(ACTIONS)
    assert set(words.FILMED_TITLE) == set(words.FILMED_DONE)


def test_the_words_are_short_and_plain() -> None:
    """No sentence over sixty syllables, none of the words that only offices use."""
    said = [one for one in vars(words).values() if isinstance(one, str) and re.search("[가-힣]", one)]
    said += [one for table in vars(words).values() if isinstance(table, dict) for one in table.values()]
    said = [one for one in said if isinstance(one, str) and one != words.__doc__]
    assert len(said) > 40
    for text in [*said, *(Page(one).shown for one in PAGES.values())]:
        assert plain.longest(text) <= plain.SYLLABLES_MAX, text
        assert plain.found(text, plain.BUREAUCRATESE) == [], text
