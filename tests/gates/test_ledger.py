"""The ledger of destruction: what is changed, cut or torn is seen, and nothing is written twice."""

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
    [('"id":"b"', '"id":"x"'), ('"seq":2', '"seq":7'), ('"sig":"', '"sig":"A'), ('"kind":"request"', '"kind":"x"')],
)
def test_a_changed_line_is_named(ledger: Ledger, old: str, new: str) -> None:
    lines = ledger.path.read_text().splitlines(keepends=True)
    assert old in lines[1]
    ledger.path.write_text(lines[0] + lines[1].replace(old, new) + lines[2])
    with pytest.raises(LedgerError, match="breaks at line 2"):
        list(ledger.lines())


def test_a_line_that_is_left_out_or_put_elsewhere_is_named(ledger: Ledger) -> None:
    first, second, third = ledger.path.read_text().splitlines(keepends=True)
    for wrong in (first + third, second + first + third, first + first + second):
        ledger.path.write_text(wrong)
        with pytest.raises(LedgerError, match="breaks at line"):
            list(ledger.lines())


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
    ledger.append({"kind": "request", "id": "d", "destruction": "d"})
    assert [line.body["id"] for line in ledger.lines()] == ["a", "b", "d"]


def test_the_same_destruction_takes_its_line_again(ledger: Ledger) -> None:
    again = ledger.append({"kind": "request", "id": "c", "destruction": "d", "at": "later"})
    assert again.seq == 3 and len(list(ledger.lines())) == 3


def test_lines_that_the_database_knows_of_and_the_file_lacks_stop_everything(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="ends before line 4"):
        ledger.append({"kind": "request", "id": "e"}, least=4)
    assert ledger.append({"kind": "request", "id": "e"}, least=3).seq == 4
    ledger.path.unlink()
    with pytest.raises(LedgerError, match="LEDGER_DIR"):
        ledger.append({"kind": "request", "id": "f"}, least=4)


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
