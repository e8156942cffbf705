"""What the environment may say of an OpenID Connect provider."""

import pytest

from estime.kernel.configuration import BadConfiguration
from estime.people.oidc import Provider, provider_checked, provider_settings

WHOLE = Provider("https://login.example.org/", "", "estime", "s3cret", "")


def test_none_and_one() -> None:
    assert provider_settings(provider_checked(Provider())) == {}
    (app,) = provider_settings(provider_checked(WHOLE))["openid_connect"]["APPS"]
    assert app["settings"] == {"server_url": "https://login.example.org"}
    assert app["name"] == "OpenID Connect"


@pytest.mark.parametrize(
    "told",
    [
        WHOLE._replace(secret=""),
        WHOLE._replace(client_id=""),
        WHOLE._replace(server=""),
        Provider(auto_role="lead"),
        WHOLE._replace(server="http://login.example.org"),
        WHOLE._replace(server="http://127.0.0.1.example.org"),
        WHOLE._replace(auto_role="administrator"),
        WHOLE._replace(auto_role="member"),
        WHOLE._replace(auto_role="king"),
    ],
)
def test_what_is_half_or_unsafe_is_refused_without_the_secret(told: Provider) -> None:
    with pytest.raises(BadConfiguration) as refused:
        provider_checked(told)
    assert "s3cret" not in f"{refused.value.message} {refused.value.todo}"


def test_a_provider_on_this_machine_may_do_without_tls() -> None:
    assert provider_checked(WHOLE._replace(server="http://127.0.0.1:9400")).server
