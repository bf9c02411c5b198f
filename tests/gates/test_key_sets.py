"""The key sets of outside issuers: how large, how old, under which names, and from whom they are taken."""

import asyncio
import json
import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest
import trustme

from app.errors import Unauthenticated
from app.tokens import Issuer, Verifier, key_set, load_key_set
from app.tokens.key_set import KEY_SET_BYTES, KEY_SET_KEYS
from tests.gates.conftest import Serve
from tests.gates.test_tokens import AT, IDP, IDP_PEM, NOW, OWN, OWN_PEM, Shelf, claims, fetch, forge, header, pem
from tests.gates.test_tokens import key_set as set_of

RIGHT = {IDP: {"jwks": "idp", "roles": ["officer"]}}


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(idp=set_of(IDP_PEM))


@pytest.fixture
def verifier(shelf: Shelf) -> Verifier:
    return Verifier(Issuer(OWN, OWN_PEM), RIGHT, load=shelf)


def entry(**changes: Any) -> dict[str, Any]:
    """The key of the outside issuer as it stands in a set; None leaves a member out."""
    [key] = json.loads(set_of(IDP_PEM))["keys"]
    return {name: value for name, value in {**key, **changes}.items() if value is not None}


def spaced(length: int) -> bytes:
    """A good key set of exactly so many bytes, of which none may be cut off."""
    return set_of(IDP_PEM).rjust(length)


def test_a_set_of_ten_minutes_and_keys_of_a_day_are_not_too_old_yet(verifier: Verifier, shelf: Shelf) -> None:
    assert fetch(verifier) and fetch(verifier, at=600)
    assert shelf.asked == 1
    del shelf.sets["idp"]
    assert fetch(verifier, at=24 * 3600)
    assert not fetch(verifier, at=24 * 3600 + 1)


async def test_a_known_key_never_waits_for_a_set_that_is_being_fetched(verifier: Verifier, shelf: Shelf) -> None:
    token = Issuer(IDP, IDP_PEM).issue("officer", "o", timedelta(hours=1), now=NOW)
    await verifier.verify(token, NOW)
    shelf.delay = 60
    later = NOW + timedelta(minutes=11)
    waiting = asyncio.create_task(verifier.verify(token, later))
    await asyncio.sleep(0)
    assert shelf.asked == 2
    async with asyncio.timeout(3):
        assert (await verifier.verify(token, later)).sub == "o"
    assert not waiting.done() and shelf.asked == 2
    waiting.cancel()


async def test_an_issuer_that_does_not_answer_is_given_up_on(
    verifier: Verifier, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key_set.FETCH_SECONDS <= 5
    monkeypatch.setattr(key_set, "FETCH_SECONDS", 0.05)
    shelf.delay = 60
    async with asyncio.timeout(3):
        with pytest.raises(Unauthenticated):
            await verifier.verify(forge(header(), claims(iss=IDP), IDP_PEM), NOW)
    assert verifier.failing() == (IDP,)


@pytest.mark.parametrize(
    ("keys", "kid"),
    (
        ([entry(kid="2026-11")], "2026-11"),
        ([entry(kid=None)], Issuer(IDP, IDP_PEM).kid),
        ([entry(kid="")], Issuer(IDP, IDP_PEM).kid),
        ([entry(use=None)], Issuer(IDP, IDP_PEM).kid),
        ([entry(alg=None)], Issuer(IDP, IDP_PEM).kid),
        ([entry(kid=str(number)) for number in range(KEY_SET_KEYS)], str(KEY_SET_KEYS - 1)),
    ),
    ids=("named", "no name", "an empty name", "no use", "no algorithm", "the last of many"),
)
def test_keys_are_known_by_the_name_that_the_set_gives_them_or_by_their_content(
    verifier: Verifier, shelf: Shelf, keys: list[dict[str, Any]], kid: str
) -> None:
    shelf.sets["idp"] = json.dumps({"keys": keys}).encode()
    token = forge(header(kid=kid), claims(iss=IDP, exp=AT + 60), IDP_PEM)
    assert asyncio.run(verifier.verify(token, NOW)).iss == IDP


def test_a_key_that_takes_the_place_of_another_under_its_name_ends_the_tokens_of_that(
    verifier: Verifier, shelf: Shelf
) -> None:
    shelf.sets["idp"] = set_of(IDP_PEM, kid="current")
    token = forge(header(kid="current"), claims(iss=IDP), IDP_PEM)
    assert asyncio.run(verifier.verify(token, NOW)).iss == IDP
    shelf.sets["idp"] = set_of(pem(), kid="current")
    with pytest.raises(Unauthenticated) as caught:
        asyncio.run(verifier.verify(token, NOW + timedelta(minutes=11)))
    assert caught.value.flaw == "signature", "it was remembered under the key of before"


@pytest.mark.parametrize("too_many", (0, 1))
async def test_a_set_is_so_large_and_no_larger(
    serve: Serve, answer: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, too_many: int
) -> None:
    path, large = tmp_path / "keys.json", spaced(KEY_SET_BYTES + too_many)
    path.write_bytes(large)
    receiver = await serve(answer("200 OK", large), authority(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    token = forge(header(kid=Issuer(IDP, IDP_PEM).kid), claims(iss=IDP), IDP_PEM)
    for source in (str(path), f"https://localhost:{receiver.port}/jwks.json"):
        verifier = Verifier(Issuer(OWN, OWN_PEM), {IDP: RIGHT[IDP] | {"jwks": source}})
        if too_many:
            with pytest.raises(Unauthenticated):
                await verifier.verify(token, NOW)
        else:
            assert (await verifier.verify(token, NOW)).iss == IDP
    path.write_bytes(spaced(KEY_SET_BYTES * 2))
    assert len(await load_key_set(str(path))) == KEY_SET_BYTES + 1, "no more of it is read"


def authority(folder: Path) -> ssl.SSLContext:
    """A certificate for localhost, by an authority that nobody knows but by its file."""
    made = trustme.CA()
    made.cert_pem.write_to_path(folder / "authority.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("localhost").configure_cert(tls)
    return tls


async def test_a_set_is_asked_for_uncompressed_and_only_of_whom_the_machine_knows(
    serve: Serve, answer: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = await serve(answer("200 OK", set_of(IDP_PEM)), authority(tmp_path))
    source = f"https://localhost:{receiver.port}/jwks.json"
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "authority.pem"))
    with pytest.raises(httpx.ConnectError):
        await load_key_set(source)
    assert receiver.requests == [], "a bundle of authorities is not the machine's"
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    await load_key_set(source)
    [asked] = receiver.requests
    assert asked.startswith(b"GET /jwks.json HTTP/1.1\r\n") and b"\r\naccept-encoding: identity\r\n" in asked
