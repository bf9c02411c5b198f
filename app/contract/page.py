"""The contract as one page that needs nothing from outside: no script, no font, no other host."""

import json
from html import escape
from typing import Any, Final

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STYLE: Final = (
    "body{font:16px/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "details{border-top:1px solid #ccc;padding:.4rem 0}summary{cursor:pointer}"
    "pre{background:#f4f4f4;padding:.6rem;overflow:auto;max-height:24rem}"
    "td{padding:.2rem .8rem;vertical-align:top;border-top:1px solid #eee}code.m{display:inline-block;min-width:4.5em}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}pre{background:#222}a{color:#8bf}}"
)


def page(contract: dict[str, Any]) -> str:
    """The whole contract, by tag."""
    info = contract["info"]
    by_tag: dict[str, list[str]] = {}
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(method, path, operation, contract))
    parts = [_section(one["name"], one["description"], by_tag.get(one["name"], [])) for one in contract["tags"]]
    sent = [_operation("post", kind, one["post"], contract) for kind, one in contract["webhooks"].items()]
    parts.append(_section("webhooks", "What we send to registered endpoints.", sent))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['summary'])}</p>{_paragraphs(info['description'])}"
        '<p><a href="/openapi.json">openapi.json</a> · <a href="/problems">problems</a></p>'
        f"{''.join(parts)}</main></body></html>"
    )


def _section(name: str, description: str, operations: list[str]) -> str:
    return f"<section><h2>{escape(name)}</h2><p>{escape(description)}</p>{''.join(operations)}</section>"


def _operation(method: str, path: str, operation: dict[str, Any], contract: dict[str, Any]) -> str:
    body: dict[str, Any] = next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})
    success: dict[str, Any] = next(
        (one for status, one in operation["responses"].items() if status.startswith("2")), {}
    )
    answer: dict[str, Any] = next(iter(success.get("content", {}).values()), {})
    rows = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{escape(_told(one, contract)['description'])}</td></tr>"
        for status, one in operation["responses"].items()
    )
    return (
        f'<details id="{escape(operation["operationId"])}"><summary><code class="m">{method.upper()}</code> '
        f"<code>{escape(path)}</code> {escape(operation['summary'])}</summary>"
        f"{_paragraphs(operation['description'])}{_example('Send', body)}{_example('Get', answer)}"
        f"<table>{rows}</table></details>"
    )


def _told(answer: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
    name = answer.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = contract["components"]["responses"][name] if name else answer
    return found


def _example(word: str, content: dict[str, Any]) -> str:
    if "example" not in content:
        return ""
    return f"<h4>{word}</h4><pre>{escape(json.dumps(content['example'], ensure_ascii=False, indent=2))}</pre>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.strip().split("\n\n"))
