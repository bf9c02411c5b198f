"""The environment: made secrets, secrets from files, and production that names what is missing."""

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from uuid import UUID

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from typer.testing import CliRunner

from app.cli import app as cli
from app.settings import ROOT, Settings, SettingsError
from app.settings.vault import Vault

KEY = base64.b64encode(bytes(range(32))).decode()
SYSTEM, OTHER = (f"0193a5b0-7c1e-7000-8000-00000000000{n}" for n in "ab")
SECRETS = {"master_keys", "lookup_key", "token_key", "audit_key"}


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    return {
        "ENV": "production",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": "postgresql://desk:word@db.example.com/desk",
        "PUBLIC_URL": "https://desk.example.com/",
        "MASTER_KEYS": f"k2:{KEY},k1:{base64.b64encode(bytes(32)).decode()}",
        "LOOKUP_KEY": KEY,
        "TOKEN_KEY": Vault.token_key(),
        "AUDIT_KEY": KEY,
        "SMTP_URL": "smtp://mail.example.com:587",
        "MAIL_FROM": "desk@example.com",
        "SMS_URL": "https://sms.example.com/send",
        "SMS_TOKEN": "a-token-of-the-sms-house",
        "CLAMD": "clamd.example.com:3310",
        "LEDGER_DIR": str(tmp_path),
    }


def test_development_makes_its_secrets_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = Settings.load({"DATA_DIR": str(tmp_path)})
    again = Settings.load({"DATA_DIR": str(tmp_path), "PORT": "8123"})
    other = Settings.load({"DATA_DIR": str(tmp_path / "other")})
    for name in (*SECRETS, "issuer"):
        assert getattr(first, name) == getattr(again, name)
        assert getattr(first, name) != getattr(other, name)
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == {*SECRETS, "issuer", "register_secret"}
    assert first.issuer.startswith("urn:rights-desk:")


def test_made_secrets_are_of_the_right_kind(tmp_path: Path) -> None:
    made = Settings.load({"DATA_DIR": str(tmp_path)})
    ((key_id, master),) = made.master_keys
    assert (key_id, len(master), len(made.lookup_key[0]), len(made.audit_key)) == ("dev", 32, 32, 32)
    token_key = load_pem_private_key(made.token_key.encode(), password=None)
    assert isinstance(token_key, EllipticCurvePrivateKey)
    assert isinstance(token_key.curve, SECP256R1)
    Ed25519PrivateKey.from_private_bytes(made.audit_key)


def test_two_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: Settings.load({"DATA_DIR": str(tmp_path)}), range(16)))
    assert len({settings.lookup_key for settings in loaded}) == 1
    assert len({settings.token_key for settings in loaded}) == 1


def test_development_defaults(tmp_path: Path) -> None:
    made = Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": "  "})
    assert made.development
    assert made.database_url is None
    assert (made.host, made.port, made.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert (made.worker, made.examples) == ("inline", False)
    assert (made.register_secret or "").startswith("whsec_")
    assert made.policy_file.parent == ROOT / "policies"
    assert made.policy_file.is_file()
    assert made.outbox_dir == tmp_path / "outbox"
    assert made.ledger_dir == tmp_path / "ledger"


def test_a_register_without_secret_gets_one_in_development(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path), "REGISTER_URL": "http://127.0.0.1:9000/"}
    made = Settings.load(env)
    assert made.register_url == "http://127.0.0.1:9000"
    assert made.register_secret is not None
    assert made.register_secret.startswith("whsec_")
    assert Settings.load(env).register_secret == made.register_secret


@pytest.mark.parametrize("name", sorted(name.upper() for name in SECRETS))
def test_a_secret_may_lie_in_a_file(name: str, production: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "mounted secret"
    file.write_text(production[name] + "\n", encoding="utf-8")
    plain = Settings.load(production)
    mounted = Settings.load({**production, name: "", f"{name}_FILE": str(file)})
    assert getattr(mounted, name.lower()) == getattr(plain, name.lower())


def test_every_other_setting_may_lie_in_a_file_too(tmp_path: Path) -> None:
    for name, value in {"PORT": "8123", "TRUSTED_PROXIES": "10.0.0.0/8", "ENV": "development"}.items():
        (tmp_path / name).write_text(value, encoding="utf-8")
    names = ("PORT", "TRUSTED_PROXIES", "ENV")
    made = Settings.load({"DATA_DIR": str(tmp_path), **{f"{name}_FILE": str(tmp_path / name) for name in names}})
    assert (made.port, made.env) == (8123, "development")
    assert "10.1.2.3" in made.trusted_proxies


def test_a_setting_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("8001", encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        Settings.load({"DATA_DIR": str(tmp_path), "PORT": "8000", "PORT_FILE": str(tmp_path / "port")})
    assert refused.value.names == ("PORT",)


def test_a_secret_file_that_is_not_there_makes_no_new_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({"DATA_DIR": str(tmp_path), "LOOKUP_KEY_FILE": str(tmp_path / "absent")})
    assert refused.value.names == ("LOOKUP_KEY_FILE",)
    assert not (tmp_path / "secrets" / "lookup_key").exists()


def test_production_with_everything(production: dict[str, str]) -> None:
    made = Settings.load(production)
    assert not made.development
    assert [key_id for key_id, _ in made.master_keys] == ["k2", "k1"]
    assert made.issuer == made.public_url == "https://desk.example.com"
    assert made.database_url == made.database_direct_url == "postgresql+psycopg://desk:word@db.example.com/desk"
    assert made.worker == "none"
    assert [len(one) for one in Settings.load({**production, "LOOKUP_KEY": f"{KEY},{KEY}"}).lookup_key] == [32, 32]
    assert not made.docs and Settings.load({**production, "DOCS": "1"}).docs
    assert not Path(production["DATA_DIR"]).exists()


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "PUBLIC_URL",
        "MASTER_KEYS",
        "LOOKUP_KEY",
        "TOKEN_KEY",
        "SMTP_URL",
        "MAIL_FROM",
        "SMS_URL",
        "SMS_TOKEN",
        "CLAMD",
        "LEDGER_DIR",
    ],
)
def test_production_names_what_is_missing(name: str, production: dict[str, str]) -> None:
    del production[name]
    with pytest.raises(SettingsError) as refused:
        Settings.load(production)
    assert refused.value.names == (name,)
    assert name in str(refused.value)
    assert not Path(production["DATA_DIR"]).exists()


def test_production_names_all_that_is_missing_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({"ENV": "production", "DATA_DIR": str(tmp_path), "REGISTER_URL": "https://register.example.com"})
    assert {"DATABASE_URL", "REGISTER_SECRET", "SMS_TOKEN", "TOKEN_KEY"} <= set(refused.value.names)


def test_production_may_be_without_the_key_that_signs_the_chain_but_where_the_queue_is_worked(
    production: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An API need not hold it. A worker does not start without it; where it is lost later, entries go on (F49)."""
    del production["AUDIT_KEY"]
    assert Settings.load(production).audit_key is None
    for name, value in production.items():
        monkeypatch.setenv(name, value)
    for command, inline in (("worker", "none"), ("serve", "inline")):
        monkeypatch.setenv("WORKER", inline)
        started = CliRunner().invoke(cli, [command])
        assert started.exit_code == 1 and "AUDIT_KEY" in started.output
    assert not Path(production["DATA_DIR"]).exists()


def test_production_has_no_examples(production: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({**production, "EXAMPLES": "1"})
    assert refused.value.names == ("EXAMPLES",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("ENV", "staging"),
        ("WORKER", "outside"),
        ("EXAMPLES", "yes"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://db.example.com/desk"),
        ("PUBLIC_URL", "desk.example.com"),
        ("REGISTER_URL", "ftp://register.example.com"),
        ("REGISTER_URL", "https://user@register.example.com"),
        ("SMTP_URL", "mail.example.com:25"),
        ("MASTER_KEYS", KEY),
        ("MASTER_KEYS", "k1:c2hvcnQ="),
        ("LOOKUP_KEY", "not base64 at all!"),
        ("LOOKUP_KEY", ","),
        ("LOOKUP_KEY", f"{KEY},short"),
        ("TOKEN_KEY", "not-a-pem-secret"),
        ("AUDIT_KEY", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        ("REGISTER_SECRET", "hush-hush-hush-hush-hush-hush-hush"),
        ("TRUSTED_ISSUERS", "{not json"),
        ("TRUSTED_ISSUERS", '["https://idp.example.com"]'),
        ("TRUSTED_PROXIES", "the-proxy"),
        ("EGRESS_NETWORKS", "10.0.0.1/8"),
        ("POLICY_FILE", "/nowhere/policy.yaml"),
        ("RULEBOOK_DIR", "/nowhere"),
        ("LEDGER_DIR", "/nowhere"),
        ("CLAMD", "clamd.example.com"),
        ("CLAMD", "clamd.example.com:0"),
        ("CLAMD", "run/clamd.sock"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_not_repeated(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({"DATA_DIR": str(tmp_path), name: value})
    assert refused.value.names == (name,)
    if len(value) > 5:
        assert value not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("clamd:3310", "clamd:3310"),
        ("tcp://127.0.0.1:3310", "127.0.0.1:3310"),
        ("/run/clamd.sock", "/run/clamd.sock"),
        ("unix:/run/clamd.sock", "/run/clamd.sock"),
        ("unix:///run/clamd.sock", "/run/clamd.sock"),
    ],
)
def test_the_scanner_is_named_by_host_and_port_or_by_its_socket(value: str, place: str, tmp_path: Path) -> None:
    assert Settings.load({"DATA_DIR": str(tmp_path), "CLAMD": value}).clamd == place
    assert Settings.load({"DATA_DIR": str(tmp_path)}).clamd is None


def test_the_audit_key_may_be_pem(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for text in (pem, pem.replace("\n", "\\n")):
        made = Settings.load({"DATA_DIR": str(tmp_path), "AUDIT_KEY": text})
        assert made.audit_key == bytes(range(32))


def test_an_ec_key_is_no_audit_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({"DATA_DIR": str(tmp_path), "AUDIT_KEY": Vault.token_key()})
    assert refused.value.names == ("AUDIT_KEY",)


def test_issuers_and_networks(tmp_path: Path) -> None:
    idp = {"https://idp.example.com": {"jwks": "keys.json", "alg": "ES256", "roles": ["officer"]}}
    made = Settings.load(
        {
            "DATA_DIR": str(tmp_path),
            "TRUSTED_ISSUERS": json.dumps(idp),
            "TRUSTED_PROXIES": "192.0.2.7, 2001:db8::/32",
            "EGRESS_NETWORKS": f"{SYSTEM}=10.20.0.0/16,fd00::/8; {OTHER}=100.64.1.0/24;",
            "EGRESS_PROXY": "http://desk:word@proxy.example.com:3128/",
        }
    )
    assert made.trusted_issuers == idp
    named = {SYSTEM: ("10.20.0.0/16", "fd00::/8"), OTHER: ("100.64.1.0/24",)}
    assert made.egress_networks == {UUID(one): tuple(map(ip_network, nets)) for one, nets in named.items()}
    assert made.egress_proxy == "http://desk:word@proxy.example.com:3128"
    assert "word" not in repr(made)
    asked = ("192.0.2.7", "2001:db8::5", "192.0.2.8", "not an address")
    assert [address in made.trusted_proxies for address in asked] == [True, True, False, False]


@pytest.mark.parametrize(
    "text",
    (
        "10.0.0.0/8",  # for everybody
        "an online mall=10.0.0.0/8",  # a name that an admin may give to another
        f"{SYSTEM.upper()}=10.0.0.0/8",
        f"{SYSTEM}=",
        f"{SYSTEM}=10.0.0.0/8;{SYSTEM}=10.0.0.0/8",
        f"{SYSTEM}=10.0.0.1/8",
        f"{SYSTEM}=0.0.0.0/0",
        f"{SYSTEM}=8.8.8.0/24",
        f"{SYSTEM}=169.254.169.254",
        f"{SYSTEM}=fe80::/10",
        f"{SYSTEM}=::/0",
    ),
)
def test_networks_are_private_and_each_for_one_system(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({"DATA_DIR": str(tmp_path), "EGRESS_NETWORKS": text})
    assert refused.value.names == ("EGRESS_NETWORKS",)
    assert "169.254" not in str(refused.value)


@pytest.mark.parametrize("text", ("https://proxy.example.com:3128", "http://proxy.example.com", "socks5://a:1", "a:1"))
def test_a_proxy_is_a_place_with_a_port(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({"DATA_DIR": str(tmp_path), "EGRESS_PROXY": text})
    assert refused.value.names == ("EGRESS_PROXY",)


def test_it_takes_two_to_move_an_endpoint_in_production(production: dict[str, str], tmp_path: Path) -> None:
    assert Settings.load(production).endpoint_confirmation == "two"
    assert Settings.load({"DATA_DIR": str(tmp_path)}).endpoint_confirmation == "one"
    with pytest.raises(SettingsError) as refused:
        Settings.load({**production, "ENDPOINT_CONFIRMATION": "one"})
    assert refused.value.names == ("ENDPOINT_CONFIRMATION",)


def test_certificates_of_systems_are_read_at_start(tmp_path: Path) -> None:
    authority, place = trustme.CA(), tmp_path / "tls" / SYSTEM
    place.mkdir(parents=True)

    def fault() -> str:
        with pytest.raises(SettingsError) as refused:
            Settings.load({"DATA_DIR": str(tmp_path / "data"), "SYSTEM_TLS_DIR": str(tmp_path / "tls")})
        assert refused.value.names == ("SYSTEM_TLS_DIR",)
        return str(refused.value)

    assert "neither" in fault()
    ours = authority.issue_cert("desk.example.com")
    ours.cert_chain_pems[0].write_to_path(place / "client.pem")
    assert "without the other" in fault()
    trustme.CA().issue_cert("desk.example.com").private_key_pem.write_to_path(place / "client.key")
    assert "no usable" in fault(), "another's key"
    key = load_pem_private_key(ours.private_key_pem.bytes(), password=None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    (place / "client.key").write_bytes(locked)
    assert "no usable" in fault(), "a key under a password asks no terminal"
    ours.private_key_pem.write_to_path(place / "client.key")
    (place / "ca.pem").write_text("not a certificate")
    assert "no usable" in fault()
    authority.cert_pem.write_to_path(place / "ca.pem")
    made = Settings.load({"DATA_DIR": str(tmp_path / "data"), "SYSTEM_TLS_DIR": str(tmp_path / "tls")})
    assert list(made.system_tls) == [UUID(SYSTEM)]
    (tmp_path / "tls" / "an online mall").mkdir()
    assert "by the id" in fault()


def test_no_secret_shows_in_the_representation(production: dict[str, str]) -> None:
    shown = repr(Settings.load({**production, "REGISTER_SECRET": "whsec_" + KEY}))
    assert "word@" not in shown
    assert "a-token-of-the-sms-house" not in shown
    assert KEY not in shown
    assert "PRIVATE" not in shown
    assert repr(bytes(range(32))) not in shown


def test_the_access_log_is_kept_for_two_years_at_least(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path)}
    assert Settings.load(env).access_log_months == 24
    assert Settings.load({**env, "ACCESS_LOG_MONTHS": "36"}).access_log_months == 36
    for wrong in ("23", "0", "-1", "121", "two years"):
        with pytest.raises(SettingsError) as caught:
            Settings.load({**env, "ACCESS_LOG_MONTHS": wrong})
        assert caught.value.names == ("ACCESS_LOG_MONTHS",)


def test_sessions_of_staff_may_be_made_shorter_and_never_longer(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path)}
    made = Settings.load(env)
    assert (made.session_idle, made.session_most) == (timedelta(minutes=15), timedelta(hours=8))
    made = Settings.load({**env, "SESSION_IDLE_MINUTES": "5", "SESSION_HOURS": "4"})
    assert (made.session_idle, made.session_most) == (timedelta(minutes=5), timedelta(hours=4))
    for name, wrong in (("SESSION_IDLE_MINUTES", "16"), ("SESSION_IDLE_MINUTES", "0"), ("SESSION_HOURS", "9")):
        with pytest.raises(SettingsError) as caught:
            Settings.load({**env, name: wrong})
        assert caught.value.names == (name,)
