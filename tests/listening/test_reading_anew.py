"""How far texts were read again once the list of targets is another one."""

import pytest

from estime.listening.models import Followed
from estime.listening.queries.reading_anew import reading_anew
from estime.listening.version import reader_version


@pytest.mark.django_db
def test_it_is_told_from_the_change_on_until_all_are_read():
    assert reading_anew() is None, "nothing was ever read"
    followed = Followed(pk=1, reader=reader_version(), erased=0)
    followed.position = (40, 40)
    followed.save()
    assert reading_anew() is None
    followed.reader = "another list"
    followed.save()
    assert reading_anew() == 0
    followed.reader, followed.again, followed.until = reader_version(), (10, 10), (40, 40)
    followed.save()
    assert reading_anew() == pytest.approx(1 / 4)
    followed.again = followed.until
    followed.save()
    assert reading_anew() is None
