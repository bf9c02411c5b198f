"""The blank power of attorney for anybody: PDF or page, kept by caches, the same until the policy changes."""

import httpx

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
