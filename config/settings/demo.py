"""The demo: everything a real site has, on this machine only, with people to sign in as."""

from config import postgres

from .production import *

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = []
ROOT_URLCONF = "config.urls_demo"
DATABASES = {"default": postgres.database("trellis_demo")}
# The demo is served over plain HTTP on the loopback address.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# People of the story sign in with one button.
SECOND_FACTOR = False
