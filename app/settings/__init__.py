"""The environment, read once: every setting of this service, checked before anything starts.

Each setting `NAME` may instead be given as `NAME_FILE`, a file holding the value (as secrets are mounted). In
development missing secrets are made once under `DATA_DIR/secrets`; in production a missing one stops the start.
All faults are told together, by name, never with the value.
"""

import os
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from app.settings import parse, tls
from app.settings.parse import Network
from app.settings.vault import Vault

ROOT: Final = Path(__file__).resolve().parents[2]

Env = Literal["development", "production"]
Worker = Literal["inline", "none"]
Confirmation = Literal["one", "two"]
T = TypeVar("T")

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_POLICY = re.compile(r"(?P<controller>.+)-\d{4}-\d{2}-\d{2}\.yaml")


class SettingsError(ValueError):
    """The environment cannot be used; names every setting at fault, never a value."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in sorted(faults.items())))
        self.names: tuple[str, ...] = tuple(sorted(faults))


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses and networks that may be asked `address in addresses`."""

    networks: tuple[Network, ...] = ()

    def __contains__(self, address: object) -> bool:
        """Whether the text is an address in one of the networks; what is no address is in none."""
        if not self.networks:
            return False
        try:
            parsed = ip_address(str(address))
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment decided. Secrets are left out of the representation."""

    env: Env
    data_dir: Path
    database_url: str | None = field(repr=False)
    database_direct_url: str | None = field(repr=False)
    host: str
    port: int
    public_url: str
    policy_file: Path
    rulebook_dir: Path | None
    examples: bool
    docs: bool
    """Whether the contract is served, as a page and as a file."""
    master_keys: tuple[tuple[str, bytes], ...] = field(repr=False)
    lookup_key: tuple[bytes, ...] = field(repr=False)
    """Newest first; the last made the hashes of random secrets."""
    token_key: str = field(repr=False)
    """PEM of the ES256 key that signs the service's own tokens."""
    audit_key: bytes | None = field(repr=False)
    """The 32 bytes of the Ed25519 key that signs checkpoints of the audit chain; without it entries go on unsigned."""
    issuer: str
    trusted_issuers: Mapping[str, Mapping[str, Any]]
    register_url: str | None
    register_secret: str | None = field(repr=False)
    smtp_url: str | None = field(repr=False)
    mail_from: str
    sms_url: str | None
    sms_token: str | None = field(repr=False)
    clamd: str | None
    """Where the malware scanner listens, as host:port or the path of its socket."""
    ledger_dir: Path
    """Where the ledger of destruction and signed heads of the audit chain lie, apart from the database's backups."""
    worker: Worker
    trusted_proxies: Addresses
    endpoint_confirmation: Confirmation
    """How many people it takes to have a system's events sent to a new address."""
    egress_networks: Mapping[UUID, tuple[Network, ...]]
    """Private networks, each open to one system only."""
    egress_proxy: str | None = field(repr=False)
    system_tls: Mapping[UUID, ssl.SSLContext] = field(repr=False)
    """How to speak TLS with systems that have certificates of their own."""
    access_log_months: int
    """For how many months the access log is kept: two years are the duty, more may be wanted."""
    session_idle: timedelta
    """After so long without a call a session of staff is over (안전성 확보조치 기준 6(4))."""
    session_most: timedelta
    """However busy, no session of staff is longer than this."""
    log_level: str

    @property
    def development(self) -> bool:
        """Whether loopback endpoints, file outboxes and home-made secrets are allowed."""
        return self.env == "development"

    @property
    def outbox_dir(self) -> Path:
        """Where mail and SMS lie as files when no sender is set."""
        return self.data_dir / "outbox"

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment (the process's own unless given), or raise SettingsError naming every fault."""
        return _Reading(os.environ if env is None else env).settings()


class _Reading:
    """One pass over the environment that gathers the faults."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._faults: dict[str, str] = {}
        self._production = self.choice("ENV", ("development", "production"), "development") == "production"
        self._data_dir = Path(self.text("DATA_DIR") or "var").expanduser().absolute()
        self._vault = Vault(self._data_dir / "secrets")

    def settings(self) -> Settings:
        """Everything, or SettingsError."""
        database_url = self.vital("DATABASE_URL", parse.database_url)
        port = self.read("PORT", parse.port) or 8000
        host = self.text("HOST") or "127.0.0.1"
        public_url = self.vital("PUBLIC_URL", parse.origin) or f"http://{parse.bracketed(host)}:{port}"
        register_url = self.read("REGISTER_URL", parse.http_url)
        values: dict[str, Any] = {
            "env": "production" if self._production else "development",
            "data_dir": self._data_dir,
            "database_url": database_url,
            "database_direct_url": self.read("DATABASE_DIRECT_URL", parse.database_url) or database_url,
            "host": host,
            "port": port,
            "public_url": public_url,
            "policy_file": self.policy_file(),
            "rulebook_dir": self.read("RULEBOOK_DIR", parse.folder),
            "examples": self.choice("EXAMPLES", ("0", "1"), "0") == "1",
            "docs": self.choice("DOCS", ("0", "1"), "0" if self._production else "1") == "1",
            "master_keys": self.secret("MASTER_KEYS", parse.master_keys, self._vault.master_keys),
            "lookup_key": self.secret("LOOKUP_KEY", parse.keys, self._vault.key),
            "token_key": self.secret("TOKEN_KEY", parse.pem, self._vault.token_key),
            "audit_key": self.made_here("AUDIT_KEY", parse.audit_key, self._vault.key),
            "trusted_issuers": self.read("TRUSTED_ISSUERS", parse.issuers) or {},
            "register_url": register_url,
            "register_secret": self.beside(
                register_url, "REGISTER_SECRET", parse.webhook_secret, self._vault.webhook_secret
            ),
            "smtp_url": self.vital("SMTP_URL", parse.smtp_url),
            "mail_from": self.vital("MAIL_FROM", str) or "rights-desk@example.com",
            "sms_url": self.vital("SMS_URL", parse.http_url),
            "sms_token": self.vital("SMS_TOKEN", str),
            "clamd": self.vital("CLAMD", parse.clamd),
            "ledger_dir": self.vital("LEDGER_DIR", parse.folder) or self._data_dir / "ledger",
            "worker": self.choice("WORKER", ("inline", "none"), "none" if self._production else "inline"),
            "trusted_proxies": Addresses(self.read("TRUSTED_PROXIES", parse.networks) or ()),
            "endpoint_confirmation": self.choice(
                "ENDPOINT_CONFIRMATION", ("one", "two"), "two" if self._production else "one"
            ),
            "egress_networks": self.read("EGRESS_NETWORKS", parse.networks_by_system) or {},
            "egress_proxy": self.read("EGRESS_PROXY", parse.proxy_url),
            "system_tls": self.read("SYSTEM_TLS_DIR", tls.by_system) or {},
            "access_log_months": self.read("ACCESS_LOG_MONTHS", parse.log_months) or parse.LOG_MONTHS_MIN,
            "session_idle": self.read("SESSION_IDLE_MINUTES", parse.idle) or parse.IDLE,
            "session_most": self.read("SESSION_HOURS", parse.session) or parse.SESSION,
            "log_level": self.choice("LOG_LEVEL", _LEVELS, "INFO"),
        }
        if self._production and values["examples"]:
            self._faults["EXAMPLES"] = "not in production"
        if self._production and values["endpoint_confirmation"] == "one":
            self._faults["ENDPOINT_CONFIRMATION"] = "must be two in production"
        values["issuer"] = public_url if self._production else self.made("ISSUER", self._vault.issuer)
        if self._faults:
            raise SettingsError(self._faults)
        return Settings(**values)

    def text(self, name: str) -> str | None:
        """The value of NAME or of the file NAME_FILE names; an empty one counts as absent."""
        value, file = self._env.get(name, "").strip(), self._env.get(f"{name}_FILE", "").strip()
        if not file:
            return value or None
        if value:
            self._faults[name] = f"given twice, as {name} and as {name}_FILE"
            return None
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            self._faults[f"{name}_FILE"] = "cannot be read"
            return None

    def read(self, name: str, parsed: Callable[[str], T]) -> T | None:
        """The parsed value of a setting that may be absent."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return parsed(text)
        except (ValueError, TypeError, OSError) as error:
            # Only sentences of this module are repeated: a library's message may quote the value.
            self._faults[name] = str(error) if type(error) is parse.FaultError else "cannot be read"
            return None

    def vital(self, name: str, parsed: Callable[[str], T]) -> T | None:
        """A setting that production cannot do without."""
        value = self.read(name, parsed)
        if value is None and self._production:
            self._faults.setdefault(name, "is required in production")
        return value

    def secret(self, name: str, parsed: Callable[[str], T], make: Callable[[], str]) -> T | None:
        """A secret: demanded in production, made once in development."""
        value = self.vital(name, parsed)
        if value is None and not self._production and name not in self._faults and f"{name}_FILE" not in self._faults:
            made = self.made(name, make)
            return parsed(made) if made else None
        return value

    def made_here(self, name: str, parsed: Callable[[str], T], make: Callable[[], str]) -> T | None:
        """A secret that production may be without for a while; made once in development."""
        return self.read(name, parsed) if self._production else self.secret(name, parsed, make)

    def beside(self, url: str | None, name: str, parsed: Callable[[str], str], make: Callable[[], str]) -> str | None:
        """A secret that production wants only where its URL is set; a development folder has one for its examples."""
        return self.secret(name, parsed, make) if url or not self._production else self.read(name, parsed)

    def made(self, name: str, make: Callable[[], str]) -> str:
        """What was made once for this DATA_DIR."""
        try:
            return self._vault.once(name.lower(), make)
        except OSError:
            self._faults["DATA_DIR"] = "its folder secrets cannot be written"
            return ""

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self.text(name) or default
        if value not in allowed:
            self._faults[name] = "must be one of " + ", ".join(allowed)
            return default
        return value

    def policy_file(self) -> Path:
        """POLICY_FILE, else the newest file of the one controller under policies/."""
        named = self.read("POLICY_FILE", parse.file)
        if named is not None or "POLICY_FILE" in self._faults:
            return named or Path()
        dated = [(found["controller"], path) for path in sorted((ROOT / "policies").glob("*.yaml"))
                 if (found := _POLICY.fullmatch(path.name))]  # fmt: skip
        if len({controller for controller, _ in dated}) != 1:
            self._faults["POLICY_FILE"] = "must name the controller's policy"
            return Path()
        return dated[-1][1]
