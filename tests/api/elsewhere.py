"""A policy under which data came from elsewhere, belongs to others, or cannot be told whose it is."""

from tests.policy.broken import TEXT


def elsewhere_text() -> str:
    """Separate services came from partners, questions belong to KT, the site's log is pseudonymised; copies cost."""
    text = _with(TEXT, "separate_service", "sources: [partners]")
    text = _with(text, "inquiry", "owner: kt")
    text = _with(text, "site_log", "pseudonymised: true")
    assert text.count("  charged: false") == 1
    return text.replace("  charged: false", "  charged: true")


def _with(text: str, category: str, line: str) -> str:
    """The category with one line more."""
    head = f"  - id: {category}\n"
    assert text.count(head) == 1, category
    return text.replace(head, f"{head}    {line}\n")
