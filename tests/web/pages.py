"""Pages as somebody of a role sees them, for the tests."""

import re
from html import unescape

from channels.uploading import person
from django.test import Client


def client_of(role: str, **options: object) -> Client:
    client = Client(**options)  # type: ignore[arg-type]
    client.force_login(person(f"{role}@example.org", role))
    return client


def page(client: Client, path: str) -> str:
    """The words of a page, on one line."""
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return words(response.content.decode())


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))
