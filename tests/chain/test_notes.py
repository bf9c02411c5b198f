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
    with pytest.raises(NoteError, match=r"^signed by none of the given keys$"):
        notes.opened(note, [Key.read(NEUMANN)])
    with pytest.raises(NoteError, match=r"^a checkpoint of another log$"):
        notes.checkpoint(notes.sign("else\n1\n" + "A" * 43 + "=\n", vectors.ORIGIN, vectors.SEED), [OURS])
    # Whoever holds one of several keys that were given speaks for its own log alone.
    other = Key.of("other.example/audit", bytes(32))
    posing = notes.sign(f"{vectors.ORIGIN}\n1\n" + "A" * 43 + "=\n", other.name, bytes(32))
    with pytest.raises(NoteError, match=r"^a checkpoint of another log$"):
        notes.checkpoint(posing, [OURS, other])


def test_a_bent_note_does_not_open() -> None:
    note = KNOWN["notes"]["700"]
    for at in range(len(note)):
        for bent in (note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :], note[:at] + note[at + 1 :]):
            with pytest.raises(NoteError):
                notes.checkpoint(bent, [OURS])


@pytest.mark.parametrize(
    ("bent", "because"),
    [
        ("", "no signed note"),
        (SAID.replace("\n\n", "\n"), "no signed note"),
        (SAID.removesuffix("\n"), "no signed note"),
        (SAID + "\n", "no signed note"),
        (SAID + "x\n", "no signed note"),
        (SAID.replace("— ", "- "), "no signed note"),
        (SAID.replace("JnAM=", "JnAM"), "no base64"),
        (SAID.replace("problem,", "problem."), "the signature is wrong"),
        (SAID.replace("JnAM=", "JnAA="), "the signature is wrong"),
        (SAID.replace("x08g", "y08g"), "signed by none of the given keys"),
    ],
)
def test_what_is_wrong_with_a_note_is_said(bent: str, because: str) -> None:
    assert bent != SAID
    with pytest.raises(NoteError) as caught:
        notes.opened(bent, [Key.read(NEUMANN)])
    assert str(caught.value) == because


def test_a_text_may_have_empty_lines_of_its_own() -> None:
    text = "one\n\ntwo\n"
    assert notes.opened(notes.sign(text, vectors.ORIGIN, vectors.SEED), [OURS]) == text


NO_KEY, OTHER = "no Ed25519 key of a signed note", "the key is not the one that its id names"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", NO_KEY),
        ("name", NO_KEY),
        ("name+00000000+AAAA", NO_KEY),
        ("name+00000000+****", "no base64"),
        (NEUMANN.replace("c74f", "c74e"), OTHER),
        (NEUMANN.replace("c74f", "C74F"), OTHER),
        (NEUMANN.replace("Peter", "Petra"), OTHER),
        ("a b+c74f20a3+" + NEUMANN[-44:], NO_KEY),
        ("+c74f20a3+" + NEUMANN[-44:], NO_KEY),
        (NEUMANN.replace("+ARpc", "+AhpP"), NO_KEY),
        (NEUMANN[:-4], NO_KEY),
        (NEUMANN + "AAAA", NO_KEY),
    ],
)
def test_what_is_no_key_is_none(text: str, because: str) -> None:
    with pytest.raises(NoteError) as caught:
        Key.read(text)
    assert str(caught.value) == because


def test_a_key_is_read_from_a_line() -> None:
    assert Key.read(f" {NEUMANN}\n") == Key.read(NEUMANN)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n"])
def test_a_name_that_no_line_could_carry_is_refused(name: str) -> None:
    with pytest.raises(NoteError) as caught:
        Key.of(name, vectors.SEED)
    assert str(caught.value) == "a key's name has neither spaces nor plus signs"


ROOT = "A" * 43 + "=\n"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "no checkpoint"),
        ("a\n1\n", "no checkpoint"),
        ("a\n1\n" + ROOT[:-1], "no checkpoint"),
        ("a\n01\n" + ROOT, "no checkpoint"),
        ("a\n-1\n" + ROOT, "no checkpoint"),
        ("a\n" + "1" * 20 + "\n" + ROOT, "no checkpoint"),
        ("\n1\n" + ROOT, "no checkpoint"),
        ("a\n1\nAAAA\n", "no checkpoint"),
        ("a\n1\n***\n", "no base64"),
    ],
)
def test_what_is_no_checkpoint_is_none(text: str, because: str) -> None:
    with pytest.raises(NoteError) as caught:
        Checkpoint.read(text)
    assert str(caught.value) == because


@pytest.mark.parametrize("size", [0, 1, 10**19 - 1])
def test_a_checkpoint_is_read_as_it_was_signed(size: int) -> None:
    found = Checkpoint("a", size, bytes(32))
    assert Checkpoint.read(found.text()) == Checkpoint.read(found.text() + "more\n") == found
    assert found.text() == f"a\n{size}\n{ROOT}"
