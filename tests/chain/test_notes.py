"""Signed notes: what others signed opens, what we sign is what others sign, and nothing bent opens."""

import json

import pytest

from app.chain import notes
from app.chain.notes import Checkpoint, Key, NoteError
from tests.chain import vectors

KNOWN = json.loads(vectors.FILE.read_text(encoding="utf-8"))
OURS = Key.read(KNOWN["key"])
# The example of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAID = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_what_go_signed_opens() -> None:
    assert str(Key.read(NEUMANN)) == NEUMANN
    assert notes.opened(SAID, [Key.read(NEUMANN)]).startswith("If you think")


def test_ours_is_byte_for_byte_what_another_implementation_signs() -> None:
    assert str(Key.of(vectors.ORIGIN, vectors.SEED)) == KNOWN["key"]
    for size, note in KNOWN["notes"].items():
        found = Checkpoint(vectors.ORIGIN, int(size), bytes.fromhex(KNOWN["roots"][size]))
        assert notes.sign(found.text(), vectors.ORIGIN, vectors.SEED) == note
        assert notes.checkpoint(note, [OURS]) == found


def test_lines_of_other_keys_count_for_nothing() -> None:
    note = KNOWN["notes"]["7"]
    witnessed = note + SAID.rpartition("\n\n")[2]
    assert notes.checkpoint(witnessed, [OURS]).size == 7
    with pytest.raises(NoteError, match="none of the given keys"):
        notes.opened(note, [Key.read(NEUMANN)])
    with pytest.raises(NoteError, match="another log"):
        notes.checkpoint(notes.sign("else\n1\n" + "A" * 43 + "=\n", vectors.ORIGIN, vectors.SEED), [OURS])
    # Whoever holds one of several keys that were given speaks for its own log alone.
    other = Key.of("other.example/audit", bytes(32))
    posing = notes.sign(f"{vectors.ORIGIN}\n1\n" + "A" * 43 + "=\n", other.name, bytes(32))
    with pytest.raises(NoteError, match="another log"):
        notes.checkpoint(posing, [OURS, other])


def test_a_bent_note_does_not_open() -> None:
    note = KNOWN["notes"]["700"]
    for at in range(len(note)):
        for bent in (note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :], note[:at] + note[at + 1 :]):
            with pytest.raises(NoteError):
                notes.checkpoint(bent, [OURS])


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", NEUMANN.replace("c74f", "c74e"), "a b+c74f20a3+" + NEUMANN[-44:]]
)
def test_what_is_no_key_is_none(text: str) -> None:
    with pytest.raises(NoteError):
        Key.read(text)


def test_what_is_no_checkpoint_is_none() -> None:
    for text in (
        "",
        "a\n1\n",
        "a\n01\nAAAA\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n1\nAAAA\n",
        "\n1\n" + "A" * 43 + "=\n",
    ):
        with pytest.raises(NoteError):
            Checkpoint.read(text)
