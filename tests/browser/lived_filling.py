"""Who lives a challenge: four members and two of the brand's people for each run, with a space of their own.

A program of its own, as `filling.py`; tells as JSON the sessions that signing in would have made.
"""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings

from browser.filling import signed_in
from browser.lived_words import PEOPLE, WORDS
from estime.cocreation import api
from estime.cocreation.models import Member
from estime.kernel import clock
from estime.people import api as people
from estime.people.models import User

BEFORE = timedelta(days=200)


def main() -> None:
    told: dict[str, Any] = {
        "cookie": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
        "visitors": {},
        "members": {},
    }
    for lang, words in WORDS.items():
        for key, (name, role) in PEOPLE.items():
            user = people.login_make(f"{key}-{lang}@example.org", role, people.Profile(name, language=lang))
            User.objects.filter(pk=user.pk).update(date_joined=clock.now() - BEFORE)
            member = api.member_of(user)
            Member.objects.filter(pk=member.pk).update(joined=clock.now() - BEFORE)
            told["members"][f"{key}-{lang}"] = str(member.pk)
            told["visitors"][f"{key}-{lang}"] = signed_in(user)
            if key == "lea":
                about = api.SpaceWords(words["space"], words["about"], language=lang, threshold=3)
                api.space_make(member, about, slug=f"lived-{lang}", when=clock.now() - BEFORE)
    print(json.dumps(told))
