"""Every page for humans, and who opens it. What a new page needs: a line here; test_pages.py says so when it lacks.

`{…}` in a path is filled from what filling.py told. A state is a page in another condition: empty, refused, of another
role. What is at an address but is no page stands in NO_PAGES with what it is instead.
"""

from browser.pages.listening import LISTENING
from browser.pages.loop import LOOP, MODERATION
from browser.pages.no_pages import FILES, NO_PAGES
from browser.pages.page import Page
from browser.pages.reading import COMING_IN, DESK, MAP, READING
from browser.pages.running import RUNNING, SETTINGS
from browser.pages.sign_in import REFUSED, SIGN_IN
from browser.pages.spaces import IDEAS, MERGES, SPACES, VOTES

__all__ = ["FILES", "NO_PAGES", "PAGES", "Page"]

PAGES = (
    *(*READING, *MAP, *DESK, *COMING_IN, *SETTINGS, *RUNNING, *LISTENING),
    *(*SPACES, *MODERATION, *IDEAS, *MERGES, *VOTES, *LOOP),
    *(*SIGN_IN, *REFUSED),
)
