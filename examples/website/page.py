"""The frame of every page and the parts that forms are made of."""

from collections.abc import Iterable, Mapping, Sequence

from examples.website.choices import Asked, Choice
from examples.website.form import Typed
from examples.website.markup import Child, Html, el

INPUTS = {"tel": "tel", "email": "email", "date": "date"}


def page(title: str, *children: Child) -> str:
    """Return a whole page."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title, " - 개인정보 권리 행사"),
        el("link", rel="stylesheet", href="/style.css"),
    )
    body = el(
        "body",
        el("a", "본문으로 건너뛰기", class_="skip", href="#main"),
        el("header", el("p", el("a", "개인정보 권리 행사", href="/"))),
        el("main", el("h1", title), *children, id="main", tabindex="-1"),
    )
    return "<!doctype html>" + el("html", head, body, lang="ko")


def form(
    action: str, csrf: str, *children: Child, button: str, plain: bool = False, encoding: str | None = None
) -> Html:
    """Return a form that carries the proof that it is ours; the proof comes first, before any file."""
    send = el("button", button, type="submit", class_="plain" if plain else None)
    return el(
        "form",
        hidden("csrf", csrf),
        *children,
        send,
        method="post",
        action=action,
        accept_charset="utf-8",
        enctype=encoding,
    )


def hidden(name: str, value: str) -> Html:
    """Return a value that goes along with a form."""
    return el("input", type="hidden", name=name, value=value)


def text(
    name: str,
    label: str,
    typed: Typed,
    errors: Mapping[str, str],
    *,
    hint: str | None = None,
    **attributes: str | int | None,
) -> Html:
    """Return a labelled text box with its hint and its error."""
    told = [f"{name}-hint" if hint else "", f"{name}-error" if name in errors else ""]
    box = el(
        "input",
        id=name,
        name=name,
        value=(typed.get(name) or [""])[0],
        aria_describedby=" ".join(filter(None, told)) or None,
        aria_invalid="true" if name in errors else None,
        **({"type": "text"} | attributes),
    )
    said = el("p", hint, class_="hint", id=f"{name}-hint") if hint else None
    return el("div", el("label", label, for_=name), said, wrong(name, errors), box)


def ask(
    asked: Asked,
    typed: Typed,
    errors: Mapping[str, str],
    *,
    before: str = "",
    required: bool | None = None,
    hint: str | None = None,
    autocomplete: str | None = None,
) -> Html:
    """Return the box of a field that the policy asks for, or the options among which one chooses."""
    name, must = before + asked.id, asked.required if required is None else required
    label = f"{asked.label} (필수)" if must else asked.label
    if asked.options:
        kind = "checkbox" if asked.input == "choices" else "radio"
        return ticks(name, label, asked.options, typed, errors, kind=kind, hint=hint)
    return text(
        name,
        label,
        typed,
        errors,
        hint=hint,
        type=INPUTS.get(asked.input, "text"),
        required="required" if must else None,
        maxlength=None if asked.input == "date" else asked.longest,
        autocomplete=autocomplete,
    )


def ticks(
    name: str,
    legend: str,
    offered: Iterable[Choice],
    typed: Typed,
    errors: Mapping[str, str],
    *,
    kind: str = "checkbox",
    hint: str | None = None,
) -> Html:
    """Return a group of boxes or radio buttons."""
    ticked: Sequence[str] = typed.get(name) or ()
    boxes = [
        el("label", el("input", type=kind, name=name, value=one.id, checked=one.id in ticked), one.label, class_="tick")
        for one in offered
    ]
    said = el("p", hint, class_="hint") if hint else None
    return el("fieldset", el("legend", legend), said, wrong(name, errors), *boxes, id=name, tabindex="-1")


def wrong(name: str, errors: Mapping[str, str]) -> Html | None:
    """Return the error of one part of the form."""
    return el("p", errors[name], class_="error", id=f"{name}-error") if name in errors else None


def summary(errors: Mapping[str, str]) -> Html | None:
    """Return all errors on top, each a way to its place."""
    if not errors:
        return None
    places = [el("li", el("a", said, href=f"#{name}")) for name, said in errors.items()]
    title = el("h2", "다시 확인해 주십시오", id="errors")
    return el("div", title, el("ul", places), class_="errors", role="alert", tabindex="-1")


def said(sentence: str | None) -> Html | None:
    """Return a sentence to the visitor, if there is one."""
    return el("p", sentence, class_="say", role="status") if sentence else None


def ways(*links: tuple[str, str]) -> Html:
    """Return a list of ways to go on."""
    return el("ul", [el("li", el("a", label, href=href)) for label, href in links])
