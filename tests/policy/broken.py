"""Wrong policy files, as real files, and what is said of them."""

from pathlib import Path

import pytest

from app import policy

FILE = Path(__file__).parents[2] / "policies" / "ktmns-2024-12-06.yaml"
TEXT = FILE.read_text(encoding="utf-8")


def flaws_of(folder: Path, text: str | bytes) -> list[str]:
    """Everything that is wrong with a policy file of this text."""
    path = folder / "mine.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(policy.PolicyError) as wrong:
        policy.load(path)
    assert str(wrong.value).splitlines() == [str(one) for one in wrong.value.flaws]
    return [str(one) for one in wrong.value.flaws]


def changed(old: str, new: str, *, at: int | str = 0) -> tuple[str, int]:
    """The file with one place changed, and the line meant: so many below the change, or where `at` last stands."""
    assert TEXT.count(old) == 1, f"{TEXT.count(old)} times: {old}"
    text = TEXT.replace(old, new)
    if isinstance(at, str):
        return text, text[: text.rindex(at)].count("\n") + 1
    return text, TEXT[: TEXT.index(old)].count("\n") + 1 + at
