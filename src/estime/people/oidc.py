"""One OpenID Connect provider, by the environment. Nothing of Django is loaded here: settings are being made."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from estime.kernel.configuration import BadConfiguration
from estime.people.roles import Role

PROVIDER: Final = "sso"
"""Its name in addresses: /account/oidc/sso/login/callback/ is what the provider is told."""
GRANTED: Final = (Role.REPRESENTATIVE, Role.LEAD, Role.MODERATOR, Role.ANALYST)
"""Roles that may be given to whoever the provider signs in; administrators are made by people."""


class Provider(NamedTuple):
    """Empty `server`: there is none."""

    server: str = ""
    name: str = ""
    client_id: str = ""
    secret: str = ""
    auto_role: str = ""


def provider_checked(provider: Provider) -> Provider:
    """The provider as it is told, or none. Raises `BadConfiguration`."""
    if not any(provider):
        return provider
    found = provider._replace(server=provider.server.rstrip("/"), name=provider.name or "OpenID Connect")
    _check(found)
    return found


def _check(provider: Provider) -> None:
    todo = "Set ESTIME_OIDC_SERVER, ESTIME_OIDC_CLIENT_ID and ESTIME_OIDC_SECRET together (docs/sign-in.md)."
    if not (provider.server and provider.client_id and provider.secret):
        raise BadConfiguration("The OpenID Connect provider is told only in part.", todo=todo)
    address = urlsplit(provider.server)
    local = address.hostname in ("127.0.0.1", "localhost", "::1")
    if address.scheme != "https" and not (address.scheme == "http" and local):
        raise BadConfiguration(
            "ESTIME_OIDC_SERVER has to begin with https://.", todo="Write the issuer's address with https://."
        )
    if provider.auto_role and provider.auto_role not in GRANTED:
        raise BadConfiguration(
            "ESTIME_OIDC_ROLE names no role that can be given without an invitation.",
            todo=f"Choose one of {', '.join(GRANTED)}, or leave it out: then only invited people enter.",
        )


def provider_settings(provider: Provider) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS. PKCE is on; the secret stands nowhere else."""
    if not provider.server:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": provider.name,
        "client_id": provider.client_id,
        "secret": provider.secret,
        "settings": {"server_url": provider.server},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
