"""What the pages of sign-in ask for: the provider, whether anybody may make a login, a picture to scan."""

from io import BytesIO

import qrcode
from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from estime.kernel.configuration import configuration

register = template.Library()


@register.simple_tag
def provider_name() -> str:
    """What the OpenID Connect provider is called; empty where there is none."""
    return str(settings.ESTIME_OIDC.name) if settings.ESTIME_OIDC.server else ""


@register.simple_tag
def sign_up_open() -> bool:
    return configuration().site.sign_up == "open"


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code as SVG in the page: the policy of our pages loads no picture out of a text. White below it, so that
    phones read it on dark paper too."""
    out = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage).save(out)
    drawn = out.getvalue().decode()
    name = escape(_("The key as a picture to scan"))
    head = f'<svg role="img" aria-label="{name}"'
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    svg = drawn[drawn.index("<svg") :].replace("<svg", head, 1).replace("><path", f">{paper}<path", 1)
    return mark_safe(svg)  # noqa: S308  drawn by qrcode from modules, not from text
