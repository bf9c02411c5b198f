"""Proofs of one entry and of growth: what they say, of which entry, and that nothing like them holds."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.chain import proofs
from app.chain.merkle import Tiled, consistency, inclusion
from app.chain.notes import Key
from app.cli import app as cli
from tests.chain.test_exports import CHAIN, KEY, LINES, NOTES, part
from tests.chain.vectors import ORIGIN

TREE = Tiled([], {place: [one[2] for one in CHAIN[place * 256 : place * 256 + 256]] for place in range(4)})
GROWN = proofs.growth(NOTES[100], NOTES[1_000], consistency(100, 1_000, TREE), str(KEY))


def test_one_entry_alone_is_proved_and_nothing_like_it() -> None:
    path = json.loads(part(1, 77)[-1])["path"]
    good = proofs.proof(77, CHAIN[76][2], 1_000, [bytes.fromhex(one) for one in path], NOTES[1_000], str(KEY))
    assert proofs.fault(good, [KEY]) is None
    assert proofs.fault(good | {"seq": 78}, [KEY]) == proofs.fault(good | {"hash": "00" * 32}, [KEY])
    assert proofs.fault(good | {"hash": "00" * 32}, [KEY]) == "the path does not lead to the root"
    assert proofs.fault(good, [Key.of(ORIGIN, bytes(32))]) == "signed by none of the given keys"
    assert proofs.fault({}, [KEY]) == "no proof"
    assert proofs.fault(good | {"seq": "77"}, [KEY]) == proofs.fault(good | {"seq": 77.0}, [KEY]) == "no proof"


def test_a_proof_says_of_which_entry_it_is_and_is_held_against_an_anchor(tmp_path: Path) -> None:
    """Whoever is handed a good proof of something else finds out: by the hash that is said, or by the anchor."""
    good = proofs.proof(77, CHAIN[76][2], 1_000, inclusion(76, 1_000, TREE), NOTES[1_000], str(KEY))
    mine, other = f"77.{CHAIN[76][2].hex()}", f"77.{CHAIN[75][2].hex()}"
    boasting = good | {"size": 10**9, "hash": good["hash"].upper()}
    assert proofs.said(boasting) == f"entry {mine} stands in the signed chain of 1000 entries"
    file = tmp_path / "proof.json"

    def verified(content: str, *more: str) -> tuple[int, str]:
        file.write_text(content, encoding="utf-8")
        done = CliRunner().invoke(cli, ["audit", "verify", str(file), "--key", str(KEY), *more])
        return done.exit_code, done.stdout + done.stderr

    told = json.dumps(boasting)
    assert verified(told, "--anchor", mine) == (0, proofs.said(good) + "\n")
    for anchor in (other, f"78.{CHAIN[77][2].hex()}", "77", ""):
        assert verified(told, "--anchor", anchor) == (1, "the proof is not of that anchor\n"), anchor
    grown = proofs.growth(NOTES[100], NOTES[100], [], str(KEY))
    assert verified(json.dumps(grown))[0] == 0
    assert verified(json.dumps(grown), "--anchor", mine)[0] == verified("".join(LINES), "--anchor", mine)[0] == 1


def test_a_proof_is_written_as_its_format_says() -> None:
    path = ["01", "ff"]
    assert proofs.proof(77, b"\x02", 1_000, [b"\x01", b"\xff"], "note", "key") == {
        "format": "rights-desk.proof/1",
        "seq": 77,
        "hash": "02",
        "size": 1_000,
        "path": path,
        "checkpoint": "note",
        "key": "key",
    }
    assert proofs.growth("old", "new", [b"\x01", b"\xff"], "key") == {
        "format": "rights-desk.growth/1",
        "older": "old",
        "newer": "new",
        "path": path,
        "key": "key",
    }


def test_a_chain_that_grew_is_proved_to_have_only_grown() -> None:
    assert proofs.fault(GROWN, [KEY]) is None
    assert proofs.said(GROWN) == "the signed chain of 1000 entries begins with that of 100, unchanged"
    only = "the chain did not only grow"
    for wrong in ({"path": []}, {"path": ["00" * 32]}, {"older": NOTES[640]}, {"newer": NOTES[100]}):
        assert proofs.fault(GROWN | wrong, [KEY]) == only, wrong
    assert proofs.fault(GROWN | {"older": NOTES[1_000], "newer": NOTES[100]}, [KEY]) == only, "nor does it shrink"
    assert proofs.fault(GROWN, [Key.of(ORIGIN, bytes(32))]) == "signed by none of the given keys"
    for missing in ("older", "newer", "path"):
        assert proofs.fault({name: value for name, value in GROWN.items() if name != missing}, [KEY]) == "no proof"


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "5", "{}", '{"format":"rights-desk.audit/1"}'])
def test_what_is_no_proof_is_read_as_something_else(text: str) -> None:
    assert proofs.read(text) is None


def test_a_proof_is_read_from_its_file() -> None:
    good = proofs.proof(77, CHAIN[76][2], 1_000, inclusion(76, 1_000, TREE), NOTES[1_000], str(KEY))
    assert (proofs.read(json.dumps(good)), proofs.read(json.dumps(GROWN))) == (good, GROWN)


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        (f"77.{'0f' * 32}", (77, b"\x0f" * 32)),
        (f"{10**17}.{'0f' * 32}", (10**17, b"\x0f" * 32)),
        (f"{10**18}.{'0f' * 32}", None),
        (f"0.{'0f' * 32}", None),
        (f"07.{'0f' * 32}", None),
        (f"77.{'0F' * 32}", None),
        (f"77.{'0f' * 31}", None),
        (f"77.{'0f' * 33}", None),
        (f"77.{'0f' * 32}\n", None),
        ("77", None),
        ("", None),
    ],
)
def test_an_anchor_is_a_number_and_a_hash(text: str, anchor: tuple[int, bytes] | None) -> None:
    assert proofs.anchored(text) == anchor
