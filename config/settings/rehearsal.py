"""The rehearsal: the demo's settings, and a database of its own."""

from config import postgres

from .demo import *

# Never the database that DATABASE_URL names: each rehearsal empties its own.
DATABASES = {"default": postgres.database("trellis_rehearsal") | {"NAME": "trellis_rehearsal"}}
