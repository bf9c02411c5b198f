"""`python -m app.rulebook`: write docs/rulebook.md from the editions of this release."""

from pathlib import Path

from app import rulebook
from app.rulebook.page import page

FILE = Path(__file__).parents[2] / "docs" / "rulebook.md"


def main() -> None:
    """Write the page."""
    FILE.write_text(page(rulebook.load().editions), encoding="utf-8")


if __name__ == "__main__":
    main()
