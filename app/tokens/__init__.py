"""Who is calling: JSON Web Tokens behind one strict wrapper (RFC 8725).

`jose`, which only `signing` imports, checks the signature and nothing else. Header and claims are read by a strict
parser of our own, against the caller's `now`, because the library takes tokens without `exp` or `aud`, ignores `crit`
and fails on odd numbers.
"""

from app.tokens.issuer import Issuer
from app.tokens.key_set import Loader, load_key_set
from app.tokens.principal import LIFETIME, Assertion, Principal, Role
from app.tokens.signing import TrustError
from app.tokens.verifier import Verifier

__all__ = [
    "LIFETIME",
    "Assertion",
    "Issuer",
    "Loader",
    "Principal",
    "Role",
    "TrustError",
    "Verifier",
    "load_key_set",
]
