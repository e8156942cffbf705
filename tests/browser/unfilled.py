"""What pages of an empty installation answer, and of one that is out of order, as a program of its own; told as JSON.

Nothing can be served beside the filled one that costs so little: the answers are shown in the browser as if sent.
"""

import base64
import json
from typing import Any

from django.test import Client

from estime.kernel.home import home
from estime.people import api as people

EMPTY = {
    "first": ("", ""),
    "first for who may import": ("overview/", "administrator"),
    "first for a colleague": ("overview/", "analyst"),
    "desk": ("to-keep/", "administrator"),
    "channels": ("channels/", "administrator"),
    "acts": ("acts/", "administrator"),
    "jobs": ("jobs/", "administrator"),
    "tokens": ("tokens/", "administrator"),
    "settings": ("settings/", "administrator"),
    "staff": ("staff/", "administrator"),
    "settled": ("to-keep/settled/", "administrator"),
    "archives": ("to-keep/archives/", "administrator"),
}


def told(path: str, answer: Any) -> dict[str, Any]:
    body = b"".join(answer) if answer.streaming else answer.content
    headers = [list(each) for each in answer.items()]
    return {
        "path": path,
        "status": answer.status_code,
        "headers": headers,
        "body": base64.b64encode(body).decode(),
    }


def main() -> None:
    for role in ("administrator", "analyst"):
        people.login_make(f"{role}@example.org", role)
    found = {}
    for name, (path, role) in EMPTY.items():
        client = Client(HTTP_HOST="localhost")
        if role:
            user = people.person_find(f"{role}@example.org")
            assert user is not None
            client.force_login(user)
        for lang in ("fr", "en"):
            there = f"/{lang}/{path}"
            found[f"{name}|{lang}"] = told(there, client.get(there))
    (home() / "mail").write_text("not a folder: no mail can be kept")
    for lang in ("fr", "en"):
        there = f"/{lang}/account/login/code/"
        sent = Client(HTTP_HOST="localhost").post(there, {"email": "analyst@example.org"})
        found[f"503|{lang}"] = told(there, sent)
    (home() / "estime.toml").write_text("[brand\n")
    for lang in ("fr", "en"):
        client = Client(HTTP_HOST="localhost", raise_request_exception=False)
        found[f"500|{lang}"] = told(f"/{lang}/overview/", client.get(f"/{lang}/overview/"))
    print(json.dumps(found))
