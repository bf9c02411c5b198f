"""Nothing of any company stands in the code: names, numbers and ids are in policy files (I7)."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
POLICIES = [*(ROOT / "policies").glob("*.yaml"), *(ROOT / "examples" / "companies").glob("*/policy.yaml")]
NAMES = re.compile(r"\bkt(?!y\b)[-_ ]?\w*|ktmns|케이티|최규철|정상열", re.IGNORECASE)
SPOKEN = {
    "access",
    "correction",
    "deletion",
    "name",
    "phone",
    "email",
    "address",
    "content",
    "items",
    "result",
    "notes",
}
"""Ids that are words of the law or of any form."""


def _code() -> dict[Path, str]:
    kinds = (".py", ".yaml", ".typ", ".html", ".json")
    return {
        path: path.read_text(encoding="utf-8")
        for path in (ROOT / "app").rglob("*")
        if path.suffix in kinds and "sectors" not in path.parts
    }


def _said_by_a_company() -> set[str]:
    """Telephone numbers, mailboxes and ids of categories, purposes, parties and sources of every policy here."""
    said: set[str] = set()
    for path in POLICIES:
        whole = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "categories" not in whole:
            continue
        said |= {whole["id"], whole["website"].removeprefix("https://www."), whole["controller"]["ko"]}
        contacts = whole["contacts"]
        said |= {contacts["phone"], contacts["email"], contacts["desk"]["ko"]}
        said |= {entry["contact"] for entry in whole["lines"] if "-" in str(entry["contact"])}
        for name in ("categories", "purposes", "processors", "third_parties", "controllers", "sources"):
            said |= {entry["id"] for entry in whole.get(name, []) if "_" in entry["id"]}
    return said - SPOKEN


def test_no_name_number_or_id_of_a_company_is_in_the_code() -> None:
    said = _said_by_a_company()
    assert {"online_mall", "02-560-3146", "privacy@ktmns.com", "treatment_record"} <= said
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path, text in _code().items()
        for word in {
            *NAMES.findall(text),
            *(one for one in said if re.search(rf"(?<![\w.]){re.escape(one)}(?!\w)", text)),
        }
    }
    assert found == set()
