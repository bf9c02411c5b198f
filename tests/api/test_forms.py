"""The blank forms for anybody: PDF or page, kept by caches, the same until the policy changes."""

import httpx
import pytest

from tests.documents.reading import html_text, pdf, pdf_text

PATH = "/v1/forms/power-of-attorney"
SENTENCE = (
    "「개인정보보호법」제38조제1항에따라위와같이개인정보의(□열람□정정·삭제□처리정지)의요구를위의자에게위임합니다."
)


async def test_as_pdf_for_anybody(api: httpx.AsyncClient) -> None:
    """Without a token; one page, shown in the browser, open to caches."""
    reply = await api.get(PATH)
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/pdf"
    assert reply.headers["cache-control"] == "public, max-age=300" and reply.headers["vary"] == "Accept"
    assert reply.headers["content-disposition"] == 'inline; filename="power-of-attorney.pdf"'
    assert len(pdf(reply.content).pages) == 1 and SENTENCE in pdf_text(reply.content)


async def test_as_page_where_it_is_asked_for(api: httpx.AsyncClient) -> None:
    """The same words; a page that may load nothing."""
    page = await api.get(PATH, headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert SENTENCE in html_text(page.text)
    both = await api.get(PATH, headers={"Accept": "text/html, application/pdf"})
    assert both.headers["content-type"] == "application/pdf"


async def test_unchanged_is_not_sent_again(api: httpx.AsyncClient) -> None:
    """Each of the two has a validator of its own."""
    tags = set()
    for accept in ("application/pdf", "text/html"):
        first = await api.get(PATH, headers={"Accept": accept})
        tags.add(first.headers["etag"])
        again = await api.get(PATH, headers={"Accept": accept, "If-None-Match": first.headers["etag"]})
        assert again.status_code == 304 and again.content == b"" and again.headers["vary"] == "Accept"
        assert (await api.get(PATH, headers={"Accept": accept, "If-None-Match": '"x"'})).status_code == 200
    assert len(tags) == 2


async def test_the_blank_request_too(api: httpx.AsyncClient) -> None:
    """Form 8 beside it, by the same rules."""
    reply = await api.get("/v1/forms/request")
    assert reply.headers["content-type"] == "application/pdf" and "개인정보(□열람" in pdf_text(reply.content)
    assert reply.headers["content-disposition"] == 'inline; filename="request.pdf"'
    page = await api.get("/v1/forms/request", headers={"Accept": "text/html"})
    assert "개인정보(□열람" in html_text(page.text) and page.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize("path", [PATH, "/v1/forms/request"])
async def test_in_english_and_in_large_print(api: httpx.AsyncClient, path: str) -> None:
    """Each of the four is a document of its own; another word than these is refused."""
    found = {
        (print_, language): await api.get(path, params={"print": print_, "language": language})
        for print_ in ("normal", "large")
        for language in ("ko", "en")
    }
    assert len({one.headers["etag"] for one in found.values()}) == 4
    assert len(pdf(found["large", "ko"].content).pages) > len(pdf(found["normal", "ko"].content).pages)
    assert "KTM&SCo.,Ltd." in pdf_text(found["normal", "en"].content)
    for odd in ({"print": "small"}, {"language": "fr"}):
        reply = await api.get(path, params=odd)
        assert reply.status_code == 422 and reply.json()["code"] == "field.value"
