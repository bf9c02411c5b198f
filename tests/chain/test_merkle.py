"""The tree against a naive one written from RFC 6962, and against what another hand's implementation made."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chain import merkle
from app.chain.merkle import WIDE, Growing, Tiled
from tests.chain import vectors

KNOWN = json.loads(vectors.FILE.read_text(encoding="utf-8"))


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


LEAVES = [leaf(one) for one in vectors.leaves(700)]


def naive(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


def tiled(size: int, *places: int) -> Tiled:
    """The tree as the desk reads it: full tiles by their hash, leaves only where they are needed."""
    tiles = [merkle.root(LEAVES[at : at + WIDE]) for at in range(0, size - size % WIDE, WIDE)]
    wanted = {place // WIDE for place in (*places, size) if place < size or place % WIDE}
    return Tiled(tiles, {tile: LEAVES[tile * WIDE : min(size, (tile + 1) * WIDE)] for tile in wanted})


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 700), data=st.data())
def test_every_path_and_every_proof_of_growth_is_what_the_rfc_says(size: int, data: st.DataObject) -> None:
    place, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = naive(LEAVES[:size])
    assert merkle.root(LEAVES[:size]) == tiled(size)(0, size) == root
    path = merkle.inclusion(place, size, tiled(size, place))
    assert merkle.includes(LEAVES[place], place, size, path, root)
    grown = merkle.consistency(old, size, tiled(size, old))
    before = naive(LEAVES[:old])
    assert merkle.extends(old, before, size, root, grown)

    bent = data.draw(st.integers(0, max(len(path) - 1, 0)))
    wrong = [bytes(32) if at == bent else one for at, one in enumerate(path)]
    assert not path or not merkle.includes(LEAVES[place], place, size, wrong, root)
    assert not merkle.includes(LEAVES[place], place, size, [*path, bytes(32)], root)
    assert not merkle.includes(LEAVES[place], place + 1, size, path, root)
    assert not merkle.includes(bytes(32), place, size, path, root)
    assert not merkle.extends(old, bytes(32), size, root, grown)
    assert not merkle.extends(old, before, size, bytes(32), grown)
    assert not merkle.extends(old, before, size, root, [*grown, bytes(32)])
    assert not grown or not merkle.extends(old, before, size, root, grown[:-1])


@pytest.mark.parametrize("size", range(1, 34))
def test_in_a_small_tree_each_leaf_and_each_older_tree_is_proved_by_its_own_path_alone(size: int) -> None:
    roots = {old: naive(LEAVES[:old]) for old in range(1, size + 1)}
    root, span, other = roots[size], tiled(size, *range(size)), bytes(32)
    for place in range(size):
        path = merkle.inclusion(place, size, span)
        assert [at for at in range(-1, size + 2) if merkle.includes(LEAVES[place], at, size, path, root)] == [place]
        for wrong in (path[:-1], [*path, other], path[1:], [other, *path], path[::-1]):
            assert wrong == path or not merkle.includes(LEAVES[place], place, size, wrong, root)
    for old, before in roots.items():
        path = merkle.consistency(old, size, span)
        assert merkle.extends(old, before, size, root, path)
        assert not merkle.extends(old, before, size, other, path) and not merkle.extends(old, other, size, root, path)
        for wrong in (path[:-1], [*path, other], path[1:], [other, *path], path[::-1]):
            assert wrong == path or not merkle.extends(old, before, size, root, wrong)
        for stranger in roots.keys() - {old}:
            assert not merkle.extends(stranger, roots[stranger], size, root, path), "the proof of another growth"


def test_what_another_implementation_made_is_what_ours_makes() -> None:
    assert KNOWN["made_by"] == "aics-tlog 0.2.1"
    roots = {int(size): bytes.fromhex(root) for size, root in KNOWN["roots"].items()}
    for size, root in roots.items():
        assert tiled(size)(0, size) == root
    for place, size, told in KNOWN["paths"]:
        path = [bytes.fromhex(one) for one in told]
        assert merkle.inclusion(place, size, tiled(size, place)) == path
        assert merkle.includes(LEAVES[place], place, size, path, roots[size])
    for old, size, told in KNOWN["growth"]:
        path = [bytes.fromhex(one) for one in told]
        assert merkle.consistency(old, size, tiled(size, old)) == path
        assert merkle.extends(old, roots[old], size, roots[size], path)


def test_the_roots_that_certificate_transparency_publishes() -> None:
    """Of its reference test: eight leaves, from the empty one on."""
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    tree = Growing()
    assert tree.root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for one in data:
        tree.add(leaf(bytes.fromhex(one)))
    assert tree.size == 8
    assert tree.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize(("old", "size"), [(0, 4), (5, 4), (-1, 4)])
def test_nothing_grows_from_nothing_or_backwards(old: int, size: int) -> None:
    assert not merkle.extends(old, bytes(32), size, bytes(32), [bytes(32)])
