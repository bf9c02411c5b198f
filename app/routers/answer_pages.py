"""The page of a holder without a machine (F6): for people, so no part of the JSON contract (ADR 0040).

Nothing is changed by looking: who fetches an address to see whether it is harmful uses nothing up. The number opens a
visit of half an hour; each look at the task in it is a row of the access log.
"""

from http import HTTPStatus
from typing import Annotated, BinaryIO
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app import db, numbers
from app.desk import Desk
from app.documents import answer_page, korean
from app.documents.answer_page import Wrong
from app.documents.wording import answering as words
from app.errors import Invalid, Problem
from app.http import multipart
from app.http.problems import PAGES
from app.http.unit import TheDesk, Unit, contact_of, first
from app.routers import cleaning
from app.routers.answer_forms import Form, told
from app.services import answer_links, answer_sheet, answering, fulfilment
from app.services.answering import Proof

router = APIRouter(prefix=PAGES.rstrip("/"), include_in_schema=False)
Token = Annotated[str, Path(max_length=64)]
VISIT = "answer"
_FORM = "application/x-www-form-urlencoded"
_UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY
_SEE = HTTPStatus.SEE_OTHER


@router.api_route("/{token}", methods=["GET", "HEAD"], operation_id="open_answer_page")
async def open_answer_page(session: Unit, desk: TheDesk, request: Request, token: Token) -> Response:
    """The number is asked for; in a visit the task, or the word that its answer was taken."""
    now = db.now()
    opened = await answer_links.look(session, token, request.cookies.get(VISIT), now=now)
    if not opened.proved:
        return _page(_ask(desk, token))
    contact_of(request).by = answer_links.holder(opened.system.id)
    if opened.link.used_at is not None:
        receipt_no, at = await answering.receipt_no(session, opened), korean.hour(opened.link.used_at)
        done = {"controller": desk.policy.controller.ko, "desk_phone": desk.policy.desk_phone}
        return _page(answer_page.done(at, receipt_no=receipt_no, **done))
    if opened.task.status in fulfilment.OVER:
        return _page(answer_page.over(cancelled=opened.task.status == "cancelled", desk_phone=desk.policy.desk_phone))
    whole = await answering.read(session, opened, now=now)
    asked = await answer_sheet.asked(session, opened, whole)
    return _page(answer_page.task(_path(token), asked, said={}))


@router.post("/{token}/pin", operation_id="enter_answer_page")
async def enter_answer_page(session: Unit, desk: TheDesk, request: Request, token: Token) -> Response:
    """Take the number: a right one opens a visit."""
    now = db.now()
    async with desk.database.transaction() as looking:
        await answer_links.look(looking, token, None, now=now)
    pin = numbers.code_written(await _typed(request))
    if pin is None:
        return _page(_ask(desk, token, words.PIN_EMPTY), _UNFIT)
    secret = await answer_links.prove(desk, token, pin, contact_of(request), now=now)
    if secret is None:
        return _page(_ask(desk, token, words.PIN_WRONG), _UNFIT)
    answer = RedirectResponse(_path(token), _SEE)
    answer.set_cookie(
        VISIT,
        secret,
        max_age=int(answer_links.SESSION.total_seconds()),
        path=_path(token),
        secure=desk.settings.public_url.startswith("https:"),
        httponly=True,
        samesite="strict",
    )
    return answer


@router.post("/{token}/answer", operation_id="send_answer_page")
async def send_answer_page(session: Unit, desk: TheDesk, request: Request, token: Token) -> Response:
    """Take the answer; what has to be changed is said on the page, with all that was written."""
    now, contact = db.now(), contact_of(request)
    async with desk.database.transaction() as looking:
        looking.info["contact"] = contact
        opened = await answer_links.look(looking, token, request.cookies.get(VISIT), now=now)
        if not opened.proved:
            return _page(_ask(desk, token, words.PIN_AGAIN), _UNFIT)
        contact.by = answer_links.holder(opened.system.id)
        if opened.link.used_at is not None or opened.task.status in fulfilment.OVER:
            return RedirectResponse(_path(token), _SEE)
        whole = await answering.read(looking, opened, now=now)
        asked = await answer_sheet.asked(looking, opened, whole)
    names = ("result", *(one.name for one in asked.fields if one.kind != "photo"))
    async with multipart.filled(request, texts=names, file="photo") as filled:
        form = Form(asked, whole, filled.texts)
        report = form.report()
        wrong = [*form.wrong, *(_unread(filled.fault) if filled.fault else ())]
        with multipart.unnamed() as copy:
            proof = None
            try:
                if not wrong:
                    proof = await _proof(desk, filled.file, copy) if filled.file else None
                    async with first(request) as writing:
                        await answering.give(writing, opened, report, proof, now=now)
                    return RedirectResponse(_path(token), _SEE)
            except Invalid as problem:
                wrong = told(problem)
        contact.result = "answer.unfit"
        if filled.file is not None and not any(one.name == "photo" for one in wrong):
            wrong.append(Wrong("photo", words.PHOTO_AGAIN))
        return _page(answer_page.task(_path(token), asked, said=filled.texts, wrong=wrong), _UNFIT)


async def _proof(desk: Desk, file: multipart.Upload, copy: BinaryIO) -> Proof:
    """The cleaned copy. While the scanner is silent none is taken: nobody could be let see it."""
    verdict = await cleaning.scanned(desk, file.content)
    if verdict == "infected":
        raise Invalid("upload.malware", pointer="/photo")
    if verdict == "pending":
        raise Invalid("upload.scanner_silent", pointer="/photo")
    return Proof(await cleaning.cleaned(file, copy, name="photo"), copy, verdict)


def _unread(fault: Problem) -> list[Wrong]:
    """What kept the form from being read to its end, at the picture where it was that."""
    return told(Invalid(fault.code, pointer="/photo") if fault.code == "upload.too_large" else fault)


async def _typed(request: Request) -> str:
    """The number as it stands in the form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return ""
    try:
        sent = parse_qs((await request.body()).decode(), max_num_fields=4)
    except ValueError:
        return ""
    return sent.get("pin", [""])[0]


def _ask(desk: Desk, token: str, wrong: str | None = None) -> str:
    policy = desk.policy
    return answer_page.pin(_path(token), controller=policy.controller.ko, desk_phone=policy.desk_phone, wrong=wrong)


def _page(content: str, status: int = HTTPStatus.OK) -> Response:
    return HTMLResponse(content, status, headers={"Content-Security-Policy": answer_page.policy()})


def _path(token: str) -> str:
    return f"{PAGES}{token}"
