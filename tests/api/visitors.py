"""Somebody at a store or a post office with a telephone: opens the mail's address, types the number, fills in the page.

A form is sent as a browser without script sends it: every field that has a name, the button that was pressed, an empty
file where none was chosen.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.house import House

ADDRESS = re.compile(r"https?://\S+/h/([A-Za-z]+)")
CHROME = {"Accept": "text/html", "User-Agent": "a telephone"}
BOUNDARY = "----somebrowser"


@dataclass
class Control:
    """One field of the form, as the page has it."""

    name: str
    kind: str
    id: str | None
    value: str = ""
    checked: bool = False
    described: str | None = None


@dataclass
class Page(HTMLParser):
    """What a browser makes of a page."""

    html: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str | None, str | None]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    action: str = ""
    encoding: str = ""
    language: str | None = None
    shown: str = ""
    tags: list[str] = field(default_factory=list)
    _area: Control | None = None
    _label: str | None = None
    _mute: bool = False

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [one] if (one := given.get("id")) else []
        match tag:
            case "html":
                self.language = given.get("lang")
            case "form":
                self.action, self.encoding = given["action"] or "", given.get("enctype") or ""
            case "label":
                self._label = given["for"] or ""
            case "input" | "textarea":
                control = Control(
                    given["name"] or "",
                    given.get("type") or tag,
                    given.get("id"),
                    given.get("value") or "",
                    "checked" in given,
                    given.get("aria-describedby"),
                )
                self.controls.append(control)
                self._area = control if tag == "textarea" else None
            case "button":
                self.buttons.append((given.get("name"), given.get("value")))
            case "style" | "title":
                self._mute = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label = None
        if tag == "textarea" and self._area is not None:
            self._area.value, self._area = self._area.value.replace("\r\n", "\n").removeprefix("\n"), None
        if tag in ("style", "title"):
            self._mute = False

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        elif not self._mute:
            self.shown += data
        if self._label is not None:
            self.labels[self._label] = self.labels.get(self._label, "") + data.strip()

    def filled(self) -> dict[str, str]:
        """What stands in the form."""
        return {
            one.name: one.value
            for one in self.controls
            if one.kind != "file" and (one.checked or one.kind not in ("radio", "checkbox"))
        }


class Visitor:
    """One telephone, with its own cookies."""

    def __init__(self, house: House, token: str) -> None:
        transport: Any = house.api._transport
        self.client = httpx.AsyncClient(transport=transport, base_url="http://desk.example.com", headers=CHROME)
        self.path = f"/h/{token}"
        self.page: Page

    async def open(self) -> httpx.Response:
        """Open the address of the mail."""
        return self._seen(await self.client.get(self.path))

    async def enter(self, pin: str) -> httpx.Response:
        """Type the number and go where the answer leads."""
        return await self._led(await self.client.post(f"{self.path}/pin", data={"pin": pin}))

    async def send(self, *, photo: bytes = b"", name: str = "KakaoTalk_1.jpg", **filled: str) -> httpx.Response:
        """Fill in the page as it stands, press, and go where the answer leads."""
        words = {**self.page.filled(), **filled}
        chosen = (name, photo) if photo else ("", b"")
        assert self.page.encoding == "multipart/form-data"
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return await self._led(await self.client.post(self.page.action, content=body(words, chosen), headers=headers))

    async def _led(self, reply: httpx.Response) -> httpx.Response:
        if reply.status_code == 303:
            reply = await self.client.get(reply.headers["location"])
        return self._seen(reply)

    def _seen(self, reply: httpx.Response) -> httpx.Response:
        assert reply.headers["content-type"] == "text/html; charset=utf-8", reply.text
        self.page = Page(reply.text)
        return reply


def body(words: dict[str, str], chosen: tuple[str, bytes]) -> bytes:
    """A form on its way, byte for byte as browsers write it."""
    parts = []
    for name, value in words.items():
        typed = value.replace("\r\n", "\n").replace("\n", "\r\n")
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{typed}\r\n'.encode())
    head = f'Content-Disposition: form-data; name="photo"; filename="{chosen[0]}"\r\nContent-Type: image/jpeg'
    parts += [f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(), chosen[1], b"\r\n", f"--{BOUNDARY}--\r\n".encode()]
    return b"".join(parts)


def mailed(house: House, to: str) -> tuple[dict[str, Any], str]:
    """The last mail with an address in it that went to this holder, and the secret part of the address."""
    mails = [(one, found) for one in house.sent("mail") if one["to"] == to and (found := ADDRESS.search(one["text"]))]
    assert mails, "no address was mailed"
    mail, found = mails[-1]
    assert urlsplit(found[0]).query == ""
    return mail, found[1]


async def opened(house: House, to: str, pin: str | None = None) -> Visitor:
    """A visitor who has typed the number, that of the last text message unless another is given."""
    visitor = Visitor(house, mailed(house, to)[1])
    reply = await visitor.enter(pin or house.last_code("sms"))
    assert reply.status_code == 200, reply.text
    return visitor
