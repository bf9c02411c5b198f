"""What lies outside the database is read back as it was written, also where the last write broke off."""

import json
from pathlib import Path

import pytest

from app.chain import apart
from tests.chain.test_exports import LINES, NOTES

OLD, NEW = NOTES[100], NOTES[640]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("no note\n", []),
        (OLD, [OLD]),
        (OLD + NEW, [OLD, NEW]),
        (OLD + "\n" + NEW, [OLD, NEW]),
        (OLD + NEW[:-1], [OLD, NEW]),
        (OLD + NEW[:-5], [OLD, NEW[:-5] + "\n"]),
        (OLD + NEW[: NEW.index("—")], [OLD]),
        (f"보관해 주세요.\n\n{OLD}\n[공개키]\n".replace("\n", "\r\n"), [OLD]),
        (f"{OLD}— other.example/audit AAAA\n", [f"{OLD}— other.example/audit AAAA\n"]),
        ("".join(LINES), [NOTES[100], NOTES[640], NOTES[1_000]]),
        ("".join(LINES).replace("\n", "\r\n"), [NOTES[100], NOTES[640], NOTES[1_000]]),
    ],
)
def test_notes_are_found_in_whatever_they_were_kept_in(text: str, found: list[str]) -> None:
    assert list(apart.notes_in(text)) == found


@pytest.mark.parametrize("torn", ['{"checkpo', "{}", '{"seq":1}', '{"path":' + "[" * 100_000])
def test_a_line_that_broke_off_hides_none_of_the_others(torn: str) -> None:
    whole = json.dumps({"checkpoint": OLD})
    assert list(apart.notes_in(f"{whole}\n{torn}\n{whole}\n{torn}")) == [OLD, OLD]


@pytest.mark.parametrize(
    ("content", "reach"),
    [
        (None, None),
        (b"", None),
        (b"x" * 31, None),
        (b"a" * 32, (1, b"a" * 32)),
        (b"a" * 32 + b"b" * 31, (1, b"a" * 32)),
        (b"a" * 32 + b"b" * 32, (2, b"b" * 32)),
        (b"a" * 32 + b"b" * 32 + b"c", (2, b"b" * 32)),
    ],
)
def test_hashes_are_told_as_far_as_they_are_whole(
    tmp_path: Path, content: bytes | None, reach: tuple[int, bytes] | None
) -> None:
    path = tmp_path / "leaves"
    if content is not None:
        path.write_bytes(content)
    assert apart.reach(path) == reach
    leaves = apart.leaves(path)
    assert (leaves is None) == (reach is None)
    if leaves is not None and reach is not None:
        assert (leaves(1), leaves(reach[0]), leaves(reach[0] + 1)) == (b"a" * 32, reach[1], None)
