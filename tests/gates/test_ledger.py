"""The ledger of destruction: what is changed, cut or torn is seen, and nothing is written twice."""

import base64
import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.ledger import GENESIS, NAME, Ledger, LedgerError

KEY = bytes(range(32))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Three lines in a folder of its own."""
    made = Ledger(tmp_path / "ledger", KEY)
    for one in "abc":
        made.append({"kind": "request", "id": one, "destruction": "d", "at": "now"})
    return made


def test_lines_follow_each_other_and_only_their_owner_reads_them(ledger: Ledger) -> None:
    raw = [json.loads(one) for one in ledger.path.read_text().splitlines()]
    assert [one["seq"] for one in raw] == [1, 2, 3]
    assert [one["prev"] for one in raw] == [GENESIS.hex(), raw[0]["hash"], raw[1]["hash"]]
    assert [line.body["id"] for line in ledger.lines()] == ["a", "b", "c"]
    last = ledger.last()
    assert last is not None and (last.seq, last.hash.hex()) == (3, raw[2]["hash"])
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600 and ledger.path.name == NAME


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"id":"', '"id":"x'),
        ('"seq":', '"seq":7'),
        ('"seq":', '"seq":-'),
        ('"seq":', '"seq":1e99'),
        ('"sig":"', '"sig":"A'),
        ('"sig":', '"none":'),
        ('"hash":"', '"hash":"00'),
        ('"prev":"', '"prev":"00'),
        ('"prev":"', '"prev":"x'),
        ('"kind":"request"', '"kind":"x"'),
        ('"at":"now"', '"at":99999999999999999999'),
        ('"at":"now"', '"at":' + "[" * 5_000),
        ('"body":{', '"body":5,"more":{'),
        ('{"body"', ' {"body"'),
        ("{", "["),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_line_is_named_and_nothing_is_written_after_it(
    ledger: Ledger, place: int, old: str, new: str
) -> None:
    lines = ledger.path.read_text().splitlines(keepends=True)
    assert old in lines[place]
    lines[place] = lines[place].replace(old, new, 1)
    ledger.path.write_text("".join(lines))
    with pytest.raises(LedgerError) as caught:
        list(ledger.lines())
    assert str(caught.value) == f"the ledger breaks at line {place + 1}"
    if place == 2:
        for act in (ledger.last, lambda: ledger.append({"kind": "request", "id": "d"})):
            with pytest.raises(LedgerError) as caught:
                act()
            assert str(caught.value) == "the ledger breaks at its last line"
        assert ledger.path.read_text() == "".join(lines)


def test_every_byte_of_a_line_counts(ledger: Ledger) -> None:
    first, second, third = ledger.path.read_bytes().splitlines(keepends=True)
    for at in range(len(second)):
        for bit in (1, 32):
            bent = second[:at] + bytes([second[at] ^ bit]) + second[at + 1 :]
            ledger.path.write_bytes(first + bent + third)
            with pytest.raises(LedgerError, match="breaks at line 2"):
                list(ledger.lines())
            ledger.path.write_bytes(first + bent + b"\n")
            with pytest.raises(LedgerError, match="breaks at its last line"):
                ledger.last()


def test_a_line_that_is_left_out_or_put_elsewhere_is_named(ledger: Ledger) -> None:
    first, second, third = ledger.path.read_text().splitlines(keepends=True)
    for wrong, line in ((first + third, 2), (second + first + third, 1), (first + first + second, 2)):
        ledger.path.write_text(wrong)
        with pytest.raises(LedgerError) as caught:
            list(ledger.lines())
        assert str(caught.value) == f"the ledger breaks at line {line}"


def test_lines_of_another_key_are_not_believed(ledger: Ledger) -> None:
    stranger = Ledger(ledger.path.parent, bytes(32))
    with pytest.raises(LedgerError):
        list(stranger.lines())
    with pytest.raises(LedgerError):
        stranger.append({"kind": "request", "id": "d"})


def test_a_line_that_was_cut_short_was_never_written(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[:-20])
    assert [line.body["id"] for line in ledger.lines()] == ["a", "b"]
    last = ledger.last()
    assert last is not None and last.seq == 2 and ledger.path.read_bytes() == whole[:-20], "reading takes nothing away"
    ledger.append({"kind": "request", "id": "d", "destruction": "d"})
    assert [line.body["id"] for line in ledger.lines()] == ["a", "b", "d"]


def test_a_first_line_that_was_cut_short_is_none(ledger: Ledger) -> None:
    ledger.path.write_bytes(ledger.path.read_bytes()[:20])
    assert ledger.last() is None and list(ledger.lines()) == []
    assert ledger.append({"kind": "request", "id": "d"}).seq == 1
    assert [line.body["id"] for line in ledger.lines()] == ["d"]


def test_a_file_that_ends_in_no_line_is_left_as_it_is(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes() + b"x" * 2**20
    ledger.path.write_bytes(whole)
    for act in (ledger.last, lambda: ledger.append({"kind": "request", "id": "d"})):
        with pytest.raises(LedgerError) as caught:
            act()
        assert str(caught.value) == "the ledger ends in no line"
    assert ledger.path.read_bytes() == whole


def test_the_last_line_is_found_behind_many(ledger: Ledger) -> None:
    for place in range(3):
        ledger.append({"kind": "record", "id": f"long {place}", "record": "x" * 2**19})
    last = ledger.last()
    assert last is not None and (last.seq, last.body["id"]) == (6, "long 2")
    assert len(list(ledger.lines())) == 6


def test_the_same_destruction_takes_its_line_again(ledger: Ledger) -> None:
    again = ledger.append({"kind": "request", "id": "c", "destruction": "d", "at": "later"})
    assert again.seq == 3 and len(list(ledger.lines())) == 3


@pytest.mark.parametrize("other", ["kind", "what", "id", "destruction"])
def test_another_destruction_has_a_line_of_its_own(ledger: Ledger, other: str) -> None:
    one = {"kind": "part", "what": "evidence", "id": "c", "destruction": "d"}
    assert [ledger.append(one).seq, ledger.append(one).seq, ledger.append(one | {other: "x"}).seq] == [4, 4, 5]
    del one[other]
    assert ledger.append(one).seq == 6


def test_a_line_is_what_the_format_says(ledger: Ledger) -> None:
    """Written from the head of `app/ledger.py`, for whoever checks the file with another program."""
    first = json.loads(ledger.path.read_bytes().splitlines()[0])
    body = b'{"at":"now","destruction":"d","id":"a","kind":"request"}'
    digest = hashlib.sha256(b"\x00" + bytes([0, 0, 0, 0, 0, 0, 0, 1]) + GENESIS + body).digest()
    assert first == {
        "seq": 1,
        "prev": hashlib.sha256(b"rights-desk ledger of destruction").hexdigest(),
        "hash": digest.hex(),
        "sig": first["sig"],
        "body": json.loads(body),
    }
    key = Ed25519PublicKey.from_public_bytes(ledger.public_key() or b"")
    key.verify(base64.b64decode(first["sig"]), b"rights-desk destruction line\x00" + digest)


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    made = Ledger(tmp_path / "some" / "where", KEY)
    assert made.last() is None and list(made.lines()) == []
    made.append({"kind": "request", "id": "a"})
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700


def test_lines_that_the_database_knows_of_and_the_file_lacks_stop_everything(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="ends before line 4"):
        ledger.append({"kind": "request", "id": "e"}, least=4)
    assert ledger.append({"kind": "request", "id": "e"}, least=3).seq == 4
    ledger.path.unlink()
    with pytest.raises(LedgerError, match="LEDGER_DIR"):
        ledger.append({"kind": "request", "id": "f"}, least=1)


def test_many_who_write_at_once_make_one_chain(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(lambda n: ledger.append({"kind": "request", "id": f"many {n}"}).seq, range(40)))
    assert sorted(seqs) == list(range(4, 44)) and len(list(ledger.lines())) == 43


def test_a_record_is_checked_with_the_public_key_alone(ledger: Ledger) -> None:
    signature = ledger.sign(b"{}")
    key = Ed25519PublicKey.from_public_bytes(ledger.public_key() or b"")
    key.verify(signature, b"rights-desk destruction record\x00{}")


def test_a_process_without_the_key_neither_writes_nor_believes(ledger: Ledger) -> None:
    keyless = Ledger(ledger.path.parent, None)
    assert keyless.public_key() is None
    for act in (keyless.last, lambda: list(keyless.lines()), lambda: keyless.append({"kind": "x"})):
        with pytest.raises(LedgerError, match="AUDIT_KEY"):
            act()
