"""HTML from values. Every text is escaped; only what `el` built is markup."""

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

VOID = {"input", "meta", "link", "br"}


class Html(str):
    """Markup that is already safe."""

    __slots__ = ()


Child: TypeAlias = "str | Iterable[Child] | None"


def el(tag: str, *children: Child, **attributes: str | int | bool | None) -> Html:
    """Return an element. `class_` and `for_` lose the underscore at the end, others turn theirs into a hyphen."""
    written = "".join(_attribute(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    return Html(f"<{tag}{written}>" if tag in VOID else f"<{tag}{written}>{join(children)}</{tag}>")


def join(children: Child) -> Html:
    """Return the children one after another."""
    if children is None:
        return Html("")
    if isinstance(children, str):
        return children if isinstance(children, Html) else Html(escape(children))
    return Html("".join(join(one) for one in children))


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
