"""The bench: the demo's settings, a database of its own, bare floors beside the site, and statements counted."""

from config import postgres

from .demo import *

# Never the database that DATABASE_URL names: the bench empties its own.
DATABASES = {"default": postgres.database("trellis_bench") | {"NAME": "trellis_bench"}}
ROOT_URLCONF = "config.urls_bench"
MIDDLEWARE = ["config.floors.CountStatements", *MIDDLEWARE]
