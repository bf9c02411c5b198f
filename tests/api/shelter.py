"""What every answer says to a browser, and what no page of ours has: scripts, and anything from elsewhere."""

from html.parser import HTMLParser

import httpx

OPEN = "/v1/policy"
"""The one answer that pages of other origins may read."""
_NEVER = {"script", "iframe", "object", "embed", "base", "link", "video", "audio"}
_FETCHED = {"src", "srcset", "data", "poster", "background", "action", "formaction", "href"}


def sheltered(reply: httpx.Response) -> None:
    """Fail unless this answer is guarded as every answer is."""
    said = reply.headers
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "no-referrer"
    assert said["strict-transport-security"].startswith("max-age=")
    assert said["cache-control"] == "no-store" or "authorization" not in reply.request.headers
    assert ("access-control-allow-origin" in said) is (reply.request.url.path == OPEN)
    assert "access-control-allow-credentials" not in said and "server" not in said
    policy = dict(part.strip().partition(" ")[::2] for part in said["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] in ("'none'", "'self'")
    assert not {"script-src", "connect-src", "object-src", "img-src", "frame-src"} & policy.keys()
    if said["content-type"].startswith("text/html"):
        _Page().feed(reply.text)


class _Page(HTMLParser):
    """Reads a page and fails where it could act or fetch."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in _NEVER
        for name, value in attrs:
            assert not name.startswith("on"), name
            address = (value or "").strip().lower()
            assert name not in _FETCHED or not address.startswith(("http:", "https:", "//", "javascript:")), address
