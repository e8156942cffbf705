"""Whether there is something to be read. Asked every minute, so no reader is loaded."""

from estime.ledger import api as ledger
from estime.listening.actions.forget import erased_total
from estime.listening.models import BEGINNING, Followed
from estime.listening.version import model_there, reader_version


def listen_due() -> bool:
    """Whether a run would find something: new acts, another reader, an erasure that was cut off."""
    if not model_there():
        return False
    followed = Followed.objects.first()
    if followed is None:
        return ledger.texts_end(BEGINNING) != BEGINNING
    return (
        followed.reader != reader_version()
        or followed.again != followed.until
        or followed.position[0] > ledger.reading_horizon()
        or ledger.texts_end(followed.position) != followed.position
        or followed.erased != erased_total()
    )
