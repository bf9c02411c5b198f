"""Endpoint URLs and addresses: every odd way to write "inside"."""

from ipaddress import ip_network

import pytest

from app.endpoint import address_allowed, check_endpoint
from app.errors import Invalid


def verdict(url: str, development: bool = False) -> str:
    """The code of the refusal."""
    with pytest.raises(Invalid) as caught:
        check_endpoint(url, development)
    assert [fault.pointer for fault in caught.value.faults] == ["/endpoint_url"]
    return caught.value.code


@pytest.mark.parametrize(
    ("url", "rebuilt"),
    (
        ("https://hooks.example.com/in", "https://hooks.example.com:443/in"),
        ("https://hooks.example.com", "https://hooks.example.com:443/"),
        ("HTTPS://Hooks.Example.COM:8443/In?x=1", "https://hooks.example.com:8443/In?x=1"),
        ("https://xn--3e0b707e.xn--3e0b707e/%20", "https://xn--3e0b707e.xn--3e0b707e:443/%20"),
    ),
)
def test_ordinary_endpoints(url: str, rebuilt: str) -> None:
    assert check_endpoint(url, False).url == rebuilt
    assert check_endpoint(url, True).url == rebuilt


@pytest.mark.parametrize(
    ("url", "code"),
    (
        ("", "endpoint.url_malformed"),
        ("hooks.example.com", "endpoint.url_malformed"),
        ("javascript:alert(1)", "endpoint.url_malformed"),
        ("https:/hooks.example.com", "endpoint.url_malformed"),
        ("https://", "endpoint.url_malformed"),
        ("https://:443/", "endpoint.url_malformed"),
        ("https://hooks.example.com:/", "endpoint.url_malformed"),
        ("https://hooks.example.com:0443/", "endpoint.url_malformed"),
        ("https://hooks.example.com:65536/", "endpoint.url_malformed"),
        ("https://hooks.example.com:x/", "endpoint.url_malformed"),
        ("https://user@hooks.example.com/", "endpoint.url_malformed"),
        ("https://user:pass@hooks.example.com/", "endpoint.url_malformed"),
        ("https://hooks.example.com/#part", "endpoint.url_malformed"),
        ("https://hooks.example.com/@x#", "endpoint.url_malformed"),
        ("https://hooks.example.com\\@127.0.0.1/", "endpoint.url_malformed"),
        ("https://hooks.example.com/a b", "endpoint.url_malformed"),
        ("https://hooks.example.com/\r\nX: y", "endpoint.url_malformed"),
        ("https://hooks.example.com/\x00", "endpoint.url_malformed"),
        ("https://hooks.example.com/경로", "endpoint.url_malformed"),
        (" https://hooks.example.com/", "endpoint.url_malformed"),
        ("https://hooks.example.com/" + "a" * 2000, "endpoint.url_malformed"),
        ("http://hooks.example.com/", "endpoint.scheme_not_allowed"),
        ("ftp://hooks.example.com/", "endpoint.scheme_not_allowed"),
        ("file:///etc/passwd", "endpoint.url_malformed"),
        ("https://hooks.example.com:80/", "endpoint.port_not_allowed"),
        ("https://hooks.example.com:22/", "endpoint.port_not_allowed"),
        ("https://localhost/", "endpoint.host_not_allowed"),
        ("https://a.localhost/", "endpoint.host_not_allowed"),
        ("https://metadata.google.internal/", "endpoint.host_not_allowed"),
        ("https://printer.local/", "endpoint.host_not_allowed"),
        ("https://intranet/", "endpoint.host_not_allowed"),
        ("https://hooks.example.com./", "endpoint.host_not_allowed"),
        ("https://hooks..example.com/", "endpoint.host_not_allowed"),
        ("https://-a.example.com/", "endpoint.host_not_allowed"),
        ("https://a_b.example.com/", "endpoint.host_not_allowed"),
        ("https://한국.kr/", "endpoint.host_not_allowed"),
        ("https://hooks.example。com/", "endpoint.host_not_allowed"),
        ("https://2130706433/", "endpoint.host_not_allowed"),
        ("https://0x7f000001/", "endpoint.host_not_allowed"),
        ("https://0x7f.1/", "endpoint.host_not_allowed"),
        ("https://127.1/", "endpoint.host_not_allowed"),
        ("https://0177.0.0.1/", "endpoint.host_not_allowed"),
        ("https://127.0.0.1./", "endpoint.host_not_allowed"),
        ("https://①②⑦.0.0.1/", "endpoint.host_not_allowed"),
        ("https://%31%32%37.0.0.1/", "endpoint.host_not_allowed"),
        ("https://8.8.8.8/", "endpoint.host_not_allowed"),
        ("https://[2606:4700::1111]/", "endpoint.host_not_allowed"),
        ("https://127.0.0.1/", "endpoint.address_not_allowed"),
        ("https://10.0.0.1:8443/", "endpoint.address_not_allowed"),
        ("https://169.254.169.254/latest/meta-data", "endpoint.address_not_allowed"),
        ("https://0.0.0.0/", "endpoint.address_not_allowed"),
        ("https://[::1]/", "endpoint.address_not_allowed"),
        ("https://[::]/", "endpoint.address_not_allowed"),
        ("https://[::ffff:127.0.0.1]/", "endpoint.address_not_allowed"),
        ("https://[::ffff:7f00:1]/", "endpoint.address_not_allowed"),
        ("https://[fe80::1%25eth0]/", "endpoint.address_not_allowed"),
    ),
)
def test_what_is_refused_everywhere(url: str, code: str) -> None:
    assert verdict(url) == code
    assert verdict(url, development=True) == code


@pytest.mark.parametrize("url", ("http://127.0.0.1:9000/in", "http://localhost:9000/in", "http://localhost:65535"))
def test_loopback_is_for_development(url: str) -> None:
    assert verdict(url) == "endpoint.scheme_not_allowed"
    assert check_endpoint(url, True).loopback


@pytest.mark.parametrize(
    "url",
    (
        "http://2130706433:9000/",
        "http://0x7f.1:9000/",
        "http://127.1:9000/",
        "http://0177.0.0.1:9000/",
        "http://①②⑦.0.0.1:9000/",
        "http://[::ffff:127.0.0.1]:9000/",
        "http://[::1]:9000/",
        "http://127.0.0.1.:9000/",
        "http://localhost.:9000/",
        "http://LOCALHOST:9000/",
        "http://127.0.0.2:9000/",
        "http://0.0.0.0:9000/",
        "http://a.localhost:9000/",
        "http://127.0.0.1.nip.io:9000/",
    ),
)
def test_odd_spellings_of_loopback_never(url: str) -> None:
    assert verdict(url, development=True) == "endpoint.scheme_not_allowed"


def test_loopback_needs_its_port() -> None:
    assert verdict("http://127.0.0.1/", development=True) == "endpoint.port_not_allowed"
    assert verdict("http://x@127.0.0.1:9000/", development=True) == "endpoint.url_malformed"
    assert verdict("http://127.0.0.1:9000/#x", development=True) == "endpoint.url_malformed"


@pytest.mark.parametrize(
    "address",
    (
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00::1",
        "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "localhost", "", "127.1", "2130706433",
    ),
)  # fmt: skip
def test_addresses_inside_or_nowhere(address: str) -> None:
    assert not address_allowed(address)


@pytest.mark.parametrize(
    "address", ("8.8.8.8", "1.1.1.1", "::ffff:8.8.8.8", "2606:4700::1111", "172.32.0.1", "100.128.0.1")
)
def test_public_addresses(address: str) -> None:
    assert address_allowed(address)


def test_the_operator_may_open_a_private_network() -> None:
    opened = (ip_network("10.20.0.0/16"),)
    assert address_allowed("10.20.1.1", opened)
    assert address_allowed("::ffff:10.20.1.1", opened)
    assert not address_allowed("10.21.1.1", opened)
