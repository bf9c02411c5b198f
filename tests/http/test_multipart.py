"""Forms with a file: read as they come, bounded while they come, and named as a person may see it."""

import asyncio
import hashlib
import os
import resource
import unicodedata
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Request
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.http import multipart
from app.http.limits import Door
from app.http.multipart import FILE_BYTES_MAX, NAME_CHARS_MAX, OPEN_MAX, display_name
from app.http.problems import install
from app.http.route import DeskRoute
from app.text import find_rrn

B = "----a-boundary-7391"
PATH = "/v1/requests/x/evidence"
CANARY = "카나리아7391"
router = APIRouter(route_class=DeskRoute)


@router.post("/v1/requests/{request_id}/evidence")
async def take(request: Request) -> dict[str, object]:
    """Say what was understood."""
    async with multipart.form(request, texts=("kind", "party"), file="file") as form:
        read = await asyncio.to_thread(form.file.content.read)
        return {
            **form.texts,
            "name": form.file.name,
            "size": form.file.size,
            "same": hashlib.sha256(read).digest() == form.file.sha256 and len(read) == form.file.size,
        }


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(router)
    install(app)
    app.add_middleware(Door)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as found:
        yield found


def part(name: str, value: bytes, more: str = "", head: bytes | None = None) -> bytes:
    said = head if head is not None else f'Content-Disposition: form-data; name="{name}"{more}'.encode()
    return b"--" + B.encode() + b"\r\n" + said + b"\r\n\r\n" + value + b"\r\n"


KIND, PARTY = part("kind", b"power_of_attorney"), part("party", b"requester")
FILE = part("file", b"%PDF-1.7 not really", '; filename="a.pdf"')
END = b"--" + B.encode() + b"--\r\n"
WHOLE = KIND + PARTY + FILE + END


async def send(
    client: httpx.AsyncClient, body: bytes | Iterable[bytes], content_type: str = f"multipart/form-data; boundary={B}"
) -> httpx.Response:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in body:
            assert isinstance(piece, bytes)
            yield piece

    content = body if isinstance(body, bytes) else pieces()
    return await client.post(PATH, content=content, headers={"content-type": content_type})


def said(reply: httpx.Response) -> tuple[int, str, list[str]]:
    problem = reply.json()
    assert reply.headers["content-type"] == "application/problem+json" and CANARY not in reply.text
    return reply.status_code, problem["code"], [one["pointer"] for one in problem["errors"]]


async def test_a_form_is_read_whole_however_it_comes_in_pieces(client: httpx.AsyncClient) -> None:
    told = {"kind": "power_of_attorney", "party": "requester", "name": "a.pdf", "size": 19, "same": True}
    assert (await send(client, WHOLE)).json() == told
    for size in (1, 2, 3, 7, 64):
        assert (await send(client, [WHOLE[n : n + size] for n in range(0, len(WHOLE), size)])).json() == told, size
    # The order of the parts, a preamble and an epilogue say nothing (RFC 2046).
    assert (await send(client, b"\r\n" + FILE + PARTY + KIND + END + b"the end")).json() == told


async def test_a_file_that_looks_like_its_boundary_is_a_file(client: httpx.AsyncClient) -> None:
    for trap in (f"\r\n--{B}x\r\n", f"--{B}", f"\r\n--{B[:-1]}\r\n", "\r\n\r\n--", "\r\n-", f"\r\n--{B}-x"):
        content = f"before{trap}after".encode()
        reply = await send(client, KIND + PARTY + part("file", content, '; filename="a.pdf"') + END)
        assert reply.json()["size"] == len(content) and reply.json()["same"], trap


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary=""',
        f"multipart/form-data; boundary={'b' * 71}",
        "multipart/form-data; boundary=a b ",
        'multipart/form-data; boundary="a\\"b"',
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary*=utf-8''x",
    ],
)
async def test_no_boundary_or_a_wrong_one_is_malformed(client: httpx.AsyncClient, content_type: str) -> None:
    assert said(await send(client, WHOLE, content_type))[:2] == (400, "upload.multipart_malformed")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/mixed; boundary=a", "", "file"])
async def test_what_is_no_form_is_another_media_type(client: httpx.AsyncClient, content_type: str) -> None:
    assert said(await send(client, WHOLE, content_type))[:2] == (415, "request.media_type")


MALFORMED = {
    "nothing": b"",
    "no final boundary": KIND + PARTY + FILE,
    "half a final boundary": KIND + PARTY + FILE + END[:-3],
    "cut in the file": WHOLE[: WHOLE.index(b"not really")],
    "cut in a header": WHOLE[:30],
    "JSON": b'{"kind": "a"}',
    "no boundary between": KIND.replace(b"\r\n\r\n", b"\r\n") + PARTY + FILE + END,
    "a header without a name": part("", b"x", head=b": x") + END,
    "a header with a space": part("", b"x", head=b"Content Disposition: form-data") + END,
    "no disposition": part("", b"x", head=b"Content-Type: text/plain") + END,
    "no name": part("", b"x", head=b"Content-Disposition: form-data") + END,
    "an attachment": part("", b"x", head=b'Content-Disposition: attachment; name="kind"') + END,
    "two names": part("", b"x", head=b'Content-Disposition: form-data; name="kind"; name="file"') + END,
    "two dispositions": part(
        "", b"x", head=b'Content-Disposition: form-data; name="kind"\r\nContent-Disposition: form-data; name="party"'
    )
    + END,
    "an open quote": part("", b"x", head=b'Content-Disposition: form-data; name="kind') + END,
    "base64": part(
        "", b"eA==", head=b'Content-Disposition: form-data; name="kind"\r\nContent-Transfer-Encoding: base64'
    )
    + END,
    "many headers": part("", b"x", head=b"\r\n".join(b"X-%d: y" % n for n in range(9))) + END,
    "a long header": part("", b"x", head=b"X: " + b"y" * 9_000) + END,
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_broken_form_is_malformed(client: httpx.AsyncClient, name: str) -> None:
    assert said(await send(client, MALFORMED[name]))[:2] == (400, "upload.multipart_malformed")


async def test_every_cut_of_a_form_is_malformed_and_nothing_worse(client: httpx.AsyncClient) -> None:
    for length in range(len(WHOLE) - 3):
        assert said(await send(client, WHOLE[:length]))[:2] == (400, "upload.multipart_malformed"), length


async def test_a_part_given_twice_is_refused(client: httpx.AsyncClient) -> None:
    for twice in (KIND, PARTY, FILE):
        reply = await send(client, KIND + PARTY + FILE + twice + END)
        assert said(reply)[:2] == (400, "request.duplicate_param")


async def test_a_part_nobody_asked_for_is_refused_without_repeating_it(client: httpx.AsyncClient) -> None:
    assert said(await send(client, KIND + part("status", b"accepted") + END)) == (422, "field.unknown", ["/status"])
    assert said(await send(client, KIND + part(CANARY, b"x") + END)) == (422, "field.unknown", [""])


async def test_missing_parts_are_all_named(client: httpx.AsyncClient) -> None:
    assert said(await send(client, END)) == (422, "field.required", ["/kind", "/party", "/file"])
    assert said(await send(client, FILE + END)) == (422, "field.required", ["/kind", "/party"])
    assert said(await send(client, KIND + PARTY + END)) == (422, "field.required", ["/file"])
    assert said(await send(client, part("kind", b"") + PARTY + FILE + END)) == (422, "field.required", ["/kind"])
    # What a browser sends where no file was chosen.
    unchosen = part("file", b"", '; filename=""\r\nContent-Type: application/octet-stream')
    assert said(await send(client, KIND + PARTY + unchosen + END)) == (422, "field.required", ["/file"])


async def test_words_in_place_of_a_file_and_a_file_in_place_of_words(client: httpx.AsyncClient) -> None:
    assert said(await send(client, part("file", b"x") + END)) == (422, "field.type", ["/file"])
    assert said(await send(client, part("kind", b"x", '; filename="k"') + END)) == (422, "field.type", ["/kind"])
    empty = part("file", b"", '; filename="a.pdf"')
    assert said(await send(client, KIND + PARTY + empty + END)) == (422, "upload.empty", ["/file"])


async def test_words_are_bounded_and_utf8(client: httpx.AsyncClient) -> None:
    long = part("kind", b"k" * 1_025)
    assert said(await send(client, long + PARTY + FILE + END))[:2] == (413, "request.too_large")
    assert said(await send(client, part("kind", b"k" * 2_000_000) + END))[:2] == (413, "request.too_large")
    assert (await send(client, part("kind", b"k" * 1_024) + PARTY + FILE + END)).status_code == 200
    korean = part("kind", "위임장".encode("euc-kr"))
    assert said(await send(client, korean + PARTY + FILE + END))[:2] == (400, "request.encoding")


def padded(size: int) -> Iterable[bytes]:
    yield KIND + PARTY + FILE[: FILE.index(b"%PDF")]
    for _ in range(size // 65_536):
        yield b"p" * 65_536
    yield b"p" * (size % 65_536) + b"\r\n" + END


async def test_a_file_is_bounded_to_the_byte_declared_or_not(client: httpx.AsyncClient) -> None:
    whole = b"".join(padded(FILE_BYTES_MAX))
    most = await send(client, whole)
    assert most.json()["size"] == FILE_BYTES_MAX and most.json()["same"]
    for body in (b"".join(padded(FILE_BYTES_MAX + 1)), padded(FILE_BYTES_MAX + 1), padded(50_000_000)):
        assert said(await send(client, body))[:2] == (413, "upload.too_large")


async def test_a_file_that_does_not_end_is_cut_off_while_it_comes(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield KIND + PARTY + FILE[:-2]
        while True:
            sent += 65_536
            yield b"p" * 65_536

    reply = await client.post(PATH, content=endless(), headers={"content-type": f"multipart/form-data; boundary={B}"})
    assert said(reply)[:2] == (413, "upload.too_large") and sent < FILE_BYTES_MAX + 1_000_000


NAMES = {
    '; filename="가족관계증명서.pdf"': "가족관계증명서.pdf",
    f"; filename*=UTF-8''{quote('가족관계증명서.pdf')}": "가족관계증명서.pdf",
    f"; filename=\"x.pdf\"; filename*=utf-8'ko'{quote('위임장.pdf')}": "위임장.pdf",
    f"; filename*=EUC-KR''{quote('위임장.pdf'.encode('cp949'))}": "위임장.pdf",
    "; filename*=UTF-8''%ff%fe; filename=\"b.pdf\"": "b.pdf",
    "; filename*=klingon''x; filename=\"b.pdf\"": "b.pdf",
    "; filename*=UTF-8''%ff": "file",
    "; filename*=nonsense": "file",
    "; filename=plain.pdf": "plain.pdf",
    '; filename="../../etc/passwd"': "passwd",
    '; filename="C:\\\\Users\\\\me\\\\scan.pdf"': "scan.pdf",
    '; filename="C:\\Users\\me\\scan.pdf"': "scan.pdf",
    '; filename="a\x00.pdf"': "a.pdf",
    '; filename="a\x1b[31m\u200b\u202efdp.exe"': "a[31mfdp.exe",
    '; filename="\u202egpj.exe"': "gpj.exe",
    '; filename="CON"': "_CON",
    '; filename="nul.pdf"': "_nul.pdf",
    '; filename="a<b>:c|d?e*.pdf"': "a_b__c_d_e_.pdf",
    '; filename="   .pdf"': "pdf",
    '; filename="..."': "file",
    '; filename="a &quot; b.pdf"': "a &quot; b.pdf",
    '; filename="say \\"hi\\".pdf"': "say _hi_.pdf",
    f'; filename="{unicodedata.normalize("NFD", "위임장")}.pdf"': "위임장.pdf",
}


@pytest.mark.parametrize("more", NAMES)
async def test_a_name_is_shown_without_what_could_mislead(client: httpx.AsyncClient, more: str) -> None:
    reply = await send(client, KIND + PARTY + part("file", b"x", more) + END)
    assert reply.status_code == 200, reply.text
    assert reply.json()["name"] == NAMES[more]


async def test_an_old_browsers_korean_name_is_read(client: httpx.AsyncClient) -> None:
    head = b'Content-Disposition: form-data; name="file"; filename="' + "위임장.pdf".encode("euc-kr") + b'"'
    reply = await send(client, KIND + PARTY + part("file", b"x", head=head) + END)
    assert reply.json()["name"] == "위임장.pdf"
    nobody = b'Content-Disposition: form-data; name="file"; filename="\xff\xfe\x80.pdf"'
    assert (await send(client, KIND + PARTY + part("file", b"x", head=nobody) + END)).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["900101-1234567.pdf", "홍길동_9001011234567.pdf", "９００１０１-１２３４５６７.jpg", "9\u200b00101-1234567.pdf"],
)
async def test_a_resident_number_in_a_name_is_refused(client: httpx.AsyncClient, name: str) -> None:
    reply = await send(client, KIND + PARTY + part("file", b"x", f'; filename="{name}"') + END)
    assert said(reply) == (422, "identifier.rrn_not_allowed", ["/file"]) and "900101" not in reply.text


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_shown(name: str) -> None:
    try:
        shown = display_name(name, pointer="/file")
    except Invalid:
        assert find_rrn(name) or not name.isascii()
        return
    assert 1 <= len(shown) <= NAME_CHARS_MAX
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in shown)
    assert not set(shown) & set('/\\<>:"|?*') and shown not in (".", "..")


def test_a_long_name_keeps_its_ending() -> None:
    assert display_name("위" * 300 + ".pdf", pointer="") == "위" * 96 + ".pdf"
    assert display_name("a." + "b" * 300, pointer="") == "a." + "b" * 98


def temporary_files() -> list[str]:
    """Files this process has open that have no name."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(descriptor.readlink()))
        except OSError:
            continue
    return [one for one in found if one.endswith(" (deleted)") and "/tmp" in one]


async def test_the_file_has_no_name_and_is_gone_after(client: httpx.AsyncClient, tmp_path: Path) -> None:
    seen: list[list[str]] = []
    before = len(temporary_files())

    async def watched() -> AsyncIterator[bytes]:
        for piece in padded(300_000):
            yield piece
            seen.append(temporary_files())

    headers = {"content-type": f"multipart/form-data; boundary={B}"}
    assert (await client.post(PATH, content=watched(), headers=headers)).status_code == 200
    assert max(len(one) for one in seen) == before + 1
    assert (await send(client, KIND + PARTY + FILE)).status_code == 400
    assert len(temporary_files()) == before


async def test_a_full_disk_is_said_to_be_full_for_now(client: httpx.AsyncClient) -> None:
    before = len(temporary_files())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        full = await send(client, padded(3_000_000))
        small = await send(client, padded(300_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert said(full)[:2] == (503, "storage.unavailable") and int(full.headers["retry-after"]) > 0
    assert small.status_code == 200 and len(temporary_files()) == before


def test_room_is_asked_for_and_given_back() -> None:
    with multipart.unnamed() as file:
        assert multipart.has_room(file, 1_000_000) and os.fstat(file.fileno()).st_size == 0
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            assert not multipart.has_room(file, 1_000_000) and multipart.has_room(file, 99_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert os.fstat(file.fileno()).st_size == 0


async def test_no_more_are_read_at_once_than_there_is_room_for(client: httpx.AsyncClient) -> None:
    going = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield KIND
        await going.wait()
        yield PARTY + FILE + END

    headers = {"content-type": f"multipart/form-data; boundary={B}"}
    held = [asyncio.create_task(client.post(PATH, content=slow(), headers=headers)) for _ in range(OPEN_MAX)]
    await asyncio.sleep(0.3)
    one_more = await send(client, WHOLE)
    going.set()
    assert {reply.status_code for reply in await asyncio.gather(*held)} == {200}
    assert said(one_more)[:2] == (503, "service.unavailable") and "retry-after" in one_more.headers
    assert (await send(client, WHOLE)).status_code == 200
