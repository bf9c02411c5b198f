"""The examples of the contract, kept in openapi/examples.json; tests send each of them to the service."""

import json
from pathlib import Path
from typing import Any

FORM = "application/x-www-form-urlencoded"


def put(contract: dict[str, Any], file: Path) -> None:
    """Put every example where its request or answer stands."""
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for path in contract["paths"].values():
        for operation in path.values():
            example = told.get(operation["operationId"], {})
            if "request" in example:
                for content in operation["requestBody"]["content"].values():
                    content["example"] = example["request"]
            if "answer" in example:
                success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
                success["content"]["application/json"]["example"] = example["answer"]
            for parameter in operation["parameters"]:
                if parameter.get("name") in example.get("parameters", {}):
                    parameter["example"] = example["parameters"][parameter["name"]]
