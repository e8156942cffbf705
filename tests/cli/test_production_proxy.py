"""Who is believed to speak for others, and which languages, hosts and secrets an installation runs with."""

from ipaddress import ip_network

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from estime.config.posture import Posture, from_file
from estime.kernel.configuration import BadConfiguration
from estime.web.proxy import SAID_BY_PROXIES, ProxyMiddleware, asker, trusted

OURS = (ip_network("127.0.0.0/8"), ip_network("::1/128"), ip_network("10.0.0.0/8"))
addresses = st.ip_addresses().map(str)


@pytest.mark.parametrize(
    ("peer", "said", "believed"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (
            "127.0.0.1",
            "198.51.100.1, 203.0.113.9",
            "203.0.113.9",
        ),  # what stands left was the asker's own word
        ("127.0.0.1", "203.0.113.9, 10.0.0.4", "203.0.113.9"),  # through two proxies of ours
        ("127.0.0.1", "10.0.0.4", "10.0.0.4"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1"),
        ("", "203.0.113.9", "203.0.113.9"),  # a Unix socket
        ("::ffff:127.0.0.1", "[2001:db8::9]:4711", "2001:db8::9"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # none of ours: not believed
    ],
)
def test_who_is_asking(settings, peer, said, believed):
    settings.ESTIME_PROXIES = OURS
    seen = {}

    def respond(request):
        seen.update(request.META)
        return HttpResponse()

    request = RequestFactory().get(
        "/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=said, HTTP_X_FORWARDED_PROTO="https"
    )
    ProxyMiddleware(respond)(request)
    assert seen["REMOTE_ADDR"] == believed
    assert ("HTTP_X_FORWARDED_PROTO" in seen) == trusted(peer, OURS)


def test_without_proxies_nothing_that_is_said_comes_through(settings):
    settings.ESTIME_PROXIES = ()
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", **dict.fromkeys(SAID_BY_PROXIES, "x"))
    ProxyMiddleware(lambda request: HttpResponse())(request)
    assert not set(SAID_BY_PROXIES) & set(request.META)
    assert request.META["estime.forwarded"]


@given(st.lists(addresses, max_size=5), addresses)
def test_nothing_that_the_asker_writes_changes_who_is_believed(made_up, real):
    """The proxy adds the true address at the right end; whatever was there before makes no difference."""
    honest = asker("127.0.0.1", real, OURS)
    told = asker("127.0.0.1", ", ".join([*made_up, real]), OURS)
    if not any(
        ip_network(real).subnet_of(network) for network in OURS if ip_network(real).version == network.version
    ):
        assert told == honest


@pytest.mark.parametrize(
    ("told", "networks"),
    [
        ("", ()),
        ("0", ()),
        ("1", ("127.0.0.0/8", "::1/128")),
        ("10.0.0.4, 172.16.0.0/12", ("10.0.0.4/32", "172.16.0.0/12")),
    ],
)
def test_the_proxies_named(told, networks):
    assert tuple(map(str, Posture({"ESTIME_PROXY": told}).proxies)) == networks


def test_a_proxy_that_is_no_address_is_refused():
    with pytest.raises(BadConfiguration, match="ESTIME_PROXY"):
        _ = Posture({"ESTIME_PROXY": "proxy.example.org"}).proxies


def test_a_secret_comes_from_a_file(tmp_path):
    path = tmp_path / "url"
    path.write_text("postgresql://estime:pa%40ss@db/estime\n")
    assert from_file({"X_FILE": str(path)}, "X") == "postgresql://estime:pa%40ss@db/estime"
    assert from_file({"X": "outright"}, "X") == "outright"
    assert from_file({}, "X") == ""
    with pytest.raises(BadConfiguration, match="both"):
        from_file({"X": "outright", "X_FILE": str(path)}, "X")
    with pytest.raises(BadConfiguration, match="cannot be read") as refused:
        from_file({"X_FILE": str(tmp_path / "gone")}, "X")
    assert "pa%40ss" not in str(refused.value)


@pytest.mark.parametrize(
    ("toml", "first", "offered"),
    [
        ("", "en", ["fr", "en"]),
        ('[site]\nlanguages = ["fr", "en"]', "fr", ["fr", "en"]),
        ('[site]\nlanguages = ["en"]', "en", ["en"]),
    ],
)
def test_languages(tmp_path, toml, first, offered):
    home = tmp_path / "home"  # what every test's ESTIME_HOME is
    home.mkdir()
    (home / "estime.toml").write_text(toml)
    posture = Posture({})
    assert (posture.language, [code for code, _ in posture.languages]) == (first, offered)
