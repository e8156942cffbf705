"""The index of titles (`estime.cocreation.similar`): what similar titles, and the search box, are found by.

It is made from titles alone and can be made again from them; nothing here points at another table. Invariants:

1. An entry's postings are exactly the numbers in its `terms`, and those in its `body` in the table of bodies, under its
   space and challenge. Both change in one transaction, with the entry's row locked.
2. A word of a title is a `TitleWord`, at least once: twice after two transactions brought it at the same time. Nothing
   is unique there, so that no transaction ever waits for another one's words; `titles_settle` takes doubles away.
3. `titles` of a word is how many titles held one of its stems when they were last counted; it only orders what is
   offered first. Nothing counts while titles are written: no row is changed by many.
"""

from typing import ClassVar

from django.db import models


class _Row(models.Model):
    """A row of the index; nobody but a shell or a log names one."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class TitleEntry(_Row):
    """One contribution that can be found. `challenge` is 0 where there is none; `terms`: its words' stems in their
    order, two 64-bit numbers a word (French, English)."""

    contribution = models.BigIntegerField(primary_key=True)
    space = models.BigIntegerField()
    challenge = models.BigIntegerField(default=0)
    title = models.TextField()
    terms = models.BinaryField()
    body = models.BinaryField()

    class Meta:
        db_table = "cocreation_title"


class _Posting(_Row):
    """This stem stands there. Its key is the row: nothing else is known of it."""

    stem = models.BigIntegerField()
    space = models.BigIntegerField()
    challenge = models.BigIntegerField()
    contribution = models.BigIntegerField()

    class Meta:
        abstract = True


class TitlePosting(_Posting):
    """A stem of a title."""

    pk = models.CompositePrimaryKey("stem", "space", "challenge", "contribution")

    class Meta:
        db_table = "cocreation_title_posting"


class TitleBodyPosting(_Posting):
    """A stem of a body, of those that its title does not have."""

    pk = models.CompositePrimaryKey("stem", "space", "challenge", "contribution")

    class Meta:
        db_table = "cocreation_title_body"


class TitleWord(_Row):
    """A word that stands in titles, as UTF-8: bytes have the same order in every database, whatever its language."""

    word = models.BinaryField()
    french = models.BigIntegerField()
    english = models.BigIntegerField()
    titles = models.IntegerField(default=1)

    class Meta:
        db_table = "cocreation_title_word"
        indexes: ClassVar = [models.Index(fields=["word"], name="cocreation_title_word_word")]


class TitleNear(_Row):
    """A word with one letter left out, as a number: words that have one in common are a slip of the finger apart."""

    pk = models.CompositePrimaryKey("key", "word")
    key = models.BigIntegerField()
    word = models.BigIntegerField()

    class Meta:
        db_table = "cocreation_title_near"
