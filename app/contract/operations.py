"""What follows for an operation from its parameters: who may call, which headers count, which problems it may answer.

The routers name what is theirs alone; whatever a dependency brings along is read from the dependency, so that the
contract cannot forget it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, get_args

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from pydantic_core import PydanticCustomError
from starlette.routing import BaseRoute

from app.http.auth import Roles
from app.http.body import IdOr
from app.http.catalogue import catalogue
from app.http.conditional import IfMatch
from app.http.idempotency import keyed
from app.http.unit import unit

TAGS: Final = [
    {"name": "requests", "description": "File, look, search, withdraw, track."},
    {"name": "verifications", "description": "Reach, then identity: codes, assertions, documents seen."},
    {"name": "claims", "description": "The queue, the assessment, the decision and the second person's word."},
    {"name": "objections", "description": "Objections to a decision or a postponement, and the rulings on them."},
    {"name": "evidence", "description": "Papers: handed in, looked at, reviewed, called for."},
    {"name": "results", "description": "Notices, documents and access packages."},
    {"name": "incidents", "description": "An answer to the wrong person: called back, told, reported, closed."},
    {"name": "ledgers", "description": "What an inspector asks for: requests, footage, destruction."},
    {
        "name": "audit",
        "description": "The audit chain: entries, signed checkpoints, export, and the proof of one entry.",
    },
    {"name": "destruction", "description": "What is destroyed because its time is over: listed, confirmed, proved."},
    {"name": "oversight", "description": "Who looked at what, read each month by somebody independent."},
    {"name": "systems", "description": "Everyone who holds the data."},
    {"name": "tasks", "description": "What holders fetch, acknowledge and report; the question before every use."},
    {"name": "footage", "description": "The ledger of footage: who saw, copied or destroyed what."},
    {"name": "tokens", "description": "Tokens for machines and the keys that check them."},
    {"name": "clients", "description": "Machines that may ask for tokens."},
    {"name": "public", "description": "Policy, rulebook, health and metrics."},
    {"name": "problems", "description": "What every problem code means."},
]
MEANS: Final = {
    400: "Malformed, or a header that is required is missing.",
    401: "No token, or none that is believed.",
    403: "The caller may not do this.",
    404: "Unknown; a foreign id answers the same.",
    408: "The body did not arrive in time.",
    409: "The state does not allow it.",
    410: "What was known before is kept no more; begin anew.",
    412: "Another version than the present one is named in If-Match.",
    413: "The body is larger than this address takes.",
    414: "The address is too long.",
    415: "Another media type than the one this operation reads.",
    422: "Readable, but not what the contract asks for.",
    428: "If-Match is missing.",
    429: "Too many calls; Retry-After says when to come again.",
    431: "The headers are too large.",
    500: "An error of ours.",
    503: "Unavailable for a moment; Retry-After says when to come again.",
}
_DOOR: Final = (
    "request.malformed",
    "request.duplicate_param",
    "request.target_too_long",
    "request.headers_too_large",
    "internal.error",
)
_BODY: Final = (
    "request.body_required",
    "request.encoding",
    "request.malformed_json",
    "request.too_deep",
    "request.timeout",
    "request.too_large",
    "request.media_type",
    "field.required",
    "field.type",
    "field.format",
    "field.length",
    "field.unknown",
    "field.value",
    "field.forbidden_character",
)
_KEY: Final = (
    "idempotency.key_required",
    "idempotency.key_malformed",
    "idempotency.key_reused",
    "idempotency.in_progress",
)
_LATER: Final = (429, 503)
_SHARED: Final = {
    401: "Unauthenticated",
    408: "TooSlow",
    412: "Stale",
    413: "TooLarge",
    414: "TargetTooLong",
    415: "MediaType",
    428: "Unconditional",
    429: "Limited",
    431: "HeadersTooLarge",
    500: "OurError",
    503: "Unavailable",
}
"""Problems that are the same for all operations that may give them."""
_IF_MATCH: Final = get_args(IfMatch)[1].dependency
_PROBLEM: Final = {"$ref": "#/components/schemas/ProblemOut"}
_ACCEPT_LANGUAGE: Final = {"$ref": "#/components/parameters/AcceptLanguage"}
_PARAMETERS: Final = {
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language of problems: Korean, unless English stands first.",
        "schema": {"type": "string"},
        "example": "en",
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "One key for one act, quoted or bare: sent again, the first answer comes again for 30 days.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~]+$"},
        "example": "0f3b6a52-6d0e-4c3e-9a57-0f0c4f1d2a11",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of the version this was decided on.",
        "schema": {"type": "string", "pattern": '^"v(0|[1-9][0-9]{0,8})"$'},
        "example": '"v3"',
    },
}
_HEADERS: Final = {
    "RequestId": {
        "description": "The id of this call, which a problem repeats as `instance`.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "RetryAfter": {"description": "Seconds until it is worth trying again.", "schema": {"type": "integer"}},
    "WWWAuthenticate": {"description": "How to authenticate (RFC 9110).", "schema": {"type": "string"}},
    "IdempotencyReplayed": {
        "description": "`true` where this is the first answer again.",
        "schema": {"type": "string", "const": "true"},
    },
}
_SECURITY: Final = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of the role an operation names in `x-roles`: from `POST /v1/oauth/token` for machines,"
        " from the issuer of the house for staff, from a filing or `POST /v1/tracking` for the person.",
    },
    "client": {"type": "http", "scheme": "basic", "description": "Client id and secret, each form-encoded first."},
}


def complete(contract: dict[str, Any], routes: Sequence[BaseRoute]) -> None:
    """Complete every operation, and the components they point to."""
    components = contract["components"]
    for gone in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(gone, None)
    components |= {"parameters": _PARAMETERS, "headers": _HEADERS, "securitySchemes": _SECURITY}
    shared: dict[str, Any] = {}
    for route in iter_route_contexts(routes):
        if getattr(route, "include_in_schema", False) and route.path in contract["paths"]:
            for method in route.methods or ():
                _operation(contract["paths"][route.path][method.lower()], route.dependant, shared)
    components["responses"] = shared
    for schema in components["schemas"].values():
        _untitle(schema)
    for path in contract["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                if "schema" in parameter:
                    parameter["schema"] = _never_null(parameter["schema"])
                    _untitle(parameter["schema"])


def dependencies(dependant: Dependant) -> Iterator[Dependant]:
    """A dependency and all that it needs itself."""
    yield dependant
    for inner in dependant.dependencies:
        yield from dependencies(inner)


def roles(dependant: Dependant) -> tuple[str, ...]:
    """The roles that an operation lets in; none if it is open."""
    return next((one.call.roles for one in dependencies(dependant) if isinstance(one.call, Roles)), ())


def _operation(operation: dict[str, Any], dependant: Dependant, shared: dict[str, Any]) -> None:
    calls = [one.call for one in dependencies(dependant)]
    parameters = [one for one in operation.get("parameters", ()) if one["name"].lower() != "if-match"]
    codes = [*_DOOR, *_declared(operation), *_unfitting(dependant, parameters)]
    if let_in := roles(dependant):
        operation |= {"security": [{"bearer": []}], "x-roles": list(let_in)}
        operation["description"] += f"\n\nFor: {', '.join(let_in)}."
        codes += ["auth.missing", "auth.invalid", "auth.forbidden"]
    else:
        operation.setdefault("security", [])
    if keyed in calls:
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
        codes += _KEY
    if _IF_MATCH in calls:
        parameters.append({"$ref": "#/components/parameters/IfMatch"})
        codes += ["precondition.required", "precondition.failed"]
    if unit in calls:
        codes.append("service.unavailable")
    for parameter in parameters:
        if parameter.get("in") == "header":
            # One spelling of a header in the whole contract; on the wire it makes no difference.
            parameter["name"] = parameter["name"].title()
    operation["parameters"] = [*parameters, _ACCEPT_LANGUAGE]
    _answers(operation, codes, shared, replays=keyed in calls)


def _declared(operation: dict[str, Any]) -> Iterator[str]:
    for answer in operation["responses"].values():
        yield from answer.get("x-codes", ())


def _unfitting(dependant: Dependant, parameters: list[dict[str, Any]]) -> Iterator[str]:
    """What may be answered to a body, a path or a query that does not fit."""
    if any(one.body_params for one in dependencies(dependant)):
        yield from _BODY
    for one in dependencies(dependant):
        if one.path_params:
            yield "request.path_not_found"
        for field in one.path_params:
            yield from (_code(part) for part in field.field_info.metadata if isinstance(part, IdOr))
    if any(one["in"] == "query" for one in parameters):
        yield from ("field.type", "field.format", "field.value", "field.length")
    if any(one["in"] == "query" and one.get("required") for one in parameters):
        yield "field.required"
    if any(one["in"] == "header" and "maxLength" in str(one["schema"]) for one in parameters):
        yield "field.length"


def _code(refusal: IdOr) -> str:
    """The code with which this path id is refused."""
    try:
        refusal.func(None)  # type: ignore[call-arg]
    except PydanticCustomError as error:
        return str((error.context or {})["code"])
    raise AssertionError("a path id that takes nothing for an id")


def _answers(operation: dict[str, Any], codes: list[str], shared: dict[str, Any], *, replays: bool) -> None:
    answers = {status: one for status, one in operation["responses"].items() if int(status) < 400}
    for status, answer in answers.items():
        bears = answer.setdefault("headers", {})
        bears["Request-Id"] = {"$ref": "#/components/headers/RequestId"}
        if answer["description"] == "Successful Response":
            answer["description"] = {"201": "Made.", "202": "Taken; it goes on."}.get(status, "The answer.")
        if replays:
            bears["Idempotency-Replayed"] = {"$ref": "#/components/headers/IdempotencyReplayed"}
    by_status: dict[int, list[str]] = {}
    for code in sorted(set(codes)):
        by_status.setdefault(catalogue()[code].status, []).append(code)
    for status in sorted(by_status):
        problem = _problem(status, by_status[status])
        # Where a client authenticates itself, 401 means another thing.
        name = None if "auth.client_failed" in by_status[status] else _SHARED.get(status)
        if name is not None and shared.setdefault(name, problem) == problem:
            problem = {"$ref": f"#/components/responses/{name}"}
        answers[str(status)] = problem
    operation["responses"] = answers


def _problem(status: int, codes: list[str]) -> dict[str, Any]:
    bears: dict[str, Any] = {"Request-Id": {"$ref": "#/components/headers/RequestId"}}
    if status == 401:
        bears["WWW-Authenticate"] = {"$ref": "#/components/headers/WWWAuthenticate"}
    if status in _LATER:
        bears["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    return {
        "description": f"{MEANS[status]} Codes: {', '.join(f'`{code}`' for code in codes)}.",
        "headers": bears,
        "content": {"application/problem+json": {"schema": _PROBLEM}},
        "x-codes": codes,
    }


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out, not null."""
    branches = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return branches[0] if len(branches) == 1 else schema


def _untitle(schema: Any) -> None:
    """Take away the titles that only repeat the name of a field; a generated client would name types after them."""
    if isinstance(schema, list):
        for one in schema:
            _untitle(one)
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("title"), str):
        del schema["title"]
    for name, inner in schema.items():
        if name in ("properties", "patternProperties", "$defs"):
            for one in inner.values():
                _untitle(one)
        elif name not in ("default", "const", "enum", "examples", "example"):
            _untitle(inner)
