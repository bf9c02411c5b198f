"""What is refused, each with the code that its sender is told."""

from collections.abc import Callable

from tests.files import acting, bombs, broken, twofold

Make = Callable[[], bytes]

HOSTILE: dict[str, tuple[str, Make, str]] = {
    **acting.ACTING,
    **bombs.BOMBS,
    **broken.BROKEN,
    **twofold.TWOFOLD,
}
"""By class: name of the file, maker, code of the refusal."""
