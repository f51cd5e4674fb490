from __future__ import annotations

import datetime as dt

from django.db import connection, models
from django.utils import timezone


class Attempts(models.Model):
    """How often something was tried from one place in one stretch of time; not who tried.

    Kept in the database, for guesses go to whichever process answers. Sign-in, presence and access records are no
    domain data, so no door. `place` is a keyed hash or a word, never an address.
    """

    place = models.CharField(max_length=80)
    begins = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "begins"], name="attempts_once_a_stretch")]

    def __str__(self) -> str:
        return f"{self.place}: {self.number}"

    @classmethod
    def so_far(cls, place: str, seconds: int) -> int:
        """How often in the stretch of `seconds` that is running now."""
        found = cls.objects.filter(place=place, begins=_stretch(seconds)).values_list("number", flat=True).first()
        return found or 0

    @classmethod
    def add(cls, place: str, seconds: int) -> int:
        """One more; answers how many that makes in this stretch."""
        table = connection.ops.quote_name(cls._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} AS a (place, begins, number) VALUES (%s, %s, 1) "  # noqa: S608
                "ON CONFLICT (place, begins) DO UPDATE SET number = a.number + 1 RETURNING number",
                [place, _stretch(seconds)],
            )
            return int(cursor.fetchone()[0])

    @classmethod
    def forget(cls) -> None:
        """Yesterday's tries are of no use to anybody."""
        cls.objects.filter(begins__lt=timezone.now() - dt.timedelta(days=1)).delete()


def _stretch(seconds: int) -> dt.datetime:
    now = int(timezone.now().timestamp())
    return dt.datetime.fromtimestamp(now - now % seconds, dt.UTC)
