"""Where the forum sample is, which may not be shipped."""

from processes import SHARED
from raw import FORUM, FORUM_SHA256, sha256

FORUM_PATH = SHARED / "data" / FORUM
WHERE = (
    f"the forum sample is missing: put {FORUM} (SHA-256 {FORUM_SHA256[:12]}…) under data/ of the project's"
    " shared folder, and name that folder with ESTIME_SHARED"
)


def forum_there() -> bool:
    return FORUM_PATH.is_file() and sha256(FORUM_PATH) == FORUM_SHA256
