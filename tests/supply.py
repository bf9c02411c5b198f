"""What the service is built from: `python -m tests.supply sbom` writes it down, `audit` asks what has known holes.

Both read the lock files and nothing else. The bill is CycloneDX 1.5. The audit asks a service of the OSV format
(`AUDIT_URL`, a mirror where there is one); every hole that it names must stand in docs/advisories.yaml, with the reason
why it is none here. Where the service does not answer, the command says so and fails: silence is no clean bill.
"""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import httpx
import yaml

from app import __version__
from app.settings import ROOT

SERVICE: Final = "https://api.osv.dev"
KNOWN: Final = ROOT / "docs" / "advisories.yaml"
BILL: Final = ROOT / "build" / "sbom.json"
_PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Part:
    """One pinned package and the hashes of the files it may come as."""

    name: str
    version: str
    hashes: tuple[str, ...]
    shipped: bool
    """Whether it is part of the service, or only of what builds and tests it."""

    @property
    def purl(self) -> str:
        """Its name in every bill of materials."""
        return f"pkg:pypi/{self.name}@{self.version}"


def parts() -> list[Part]:
    """Every package of the lock files, once, by name."""
    shipped = {part.purl for part in _read("requirements.txt", shipped=True)}
    every = [
        Part(part.name, part.version, part.hashes, part.purl in shipped)
        for name in ("requirements.txt", "requirements-dev.txt", "requirements-tools.txt")
        for part in _read(name, shipped=False)
    ]
    return sorted({part.purl: part for part in every}.values(), key=lambda part: part.purl)


def _read(name: str, *, shipped: bool) -> list[Part]:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8"))
    return [
        Part(pin[1], pin[2], tuple(_HASH.findall(entry)), shipped) for entry in entries if (pin := _PIN.search(entry))
    ]


def bill(of: Sequence[Part]) -> dict[str, Any]:
    """The bill of materials; the same lock files give the same bytes."""
    components = [
        {
            "type": "library",
            "bom-ref": part.purl,
            "name": part.name,
            "version": part.version,
            "purl": part.purl,
            "scope": "required" if part.shipped else "excluded",
            "properties": [{"name": "rights-desk:may-come-as", "value": one} for one in part.hashes],
        }
        for part in of
    ]
    serial = uuid5(NAMESPACE_URL, json.dumps([__version__, components]))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "rights-desk", "version": __version__}},
        "components": components,
    }


def known() -> dict[str, Mapping[str, Any]]:
    """The holes that we know of and why they are none here, by each id."""
    entries: list[dict[str, Any]] = yaml.safe_load(KNOWN.read_text("utf-8"))["advisories"]
    return {name: entry for entry in entries for name in entry["ids"]}


def audit(of: Sequence[Part], service: str) -> list[str]:
    """What a service of the OSV format says against these packages that we have no answer to."""
    answered, found = known(), []
    with httpx.Client(base_url=service, timeout=30) as osv:
        asked = {"queries": [{"package": {"purl": part.purl}} for part in of]}
        told = osv.post("/v1/querybatch", json=asked).raise_for_status().json()["results"]
        for part, result in zip(of, told, strict=True):
            for one in result.get("vulns", []):
                hole = osv.get(f"/v1/vulns/{one['id']}").raise_for_status().json()
                names = [one["id"], *hole.get("aliases", [])]
                ours = [answered[name] for name in names if name in answered]
                if not any(entry["package"] == part.name and part.version in entry["versions"] for entry in ours):
                    found.append(f"{part.name} {part.version}: {', '.join(names)} {hole.get('summary', '')}".strip())
    return found


def main(arguments: Sequence[str]) -> int:
    """One command and its exit code."""
    if arguments == ["sbom"]:
        BILL.parent.mkdir(exist_ok=True)
        BILL.write_text(json.dumps(bill(parts()), indent=1) + "\n", "utf-8")
        print(f"{BILL.relative_to(Path.cwd()) if BILL.is_relative_to(Path.cwd()) else BILL}: {len(parts())} packages")
        return 0
    if arguments != ["audit"]:
        print("usage: python -m tests.supply sbom|audit", file=sys.stderr)
        return 2
    service = os.environ.get("AUDIT_URL") or SERVICE
    try:
        found = audit(parts(), service)
    except (httpx.HTTPError, ValueError, KeyError) as error:
        print(f"{service} gave no answer ({type(error).__name__}): nothing was checked", file=sys.stderr)
        return 3
    print("\n".join(found) or f"{len(parts())} packages: nothing known that docs/advisories.yaml does not answer")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
