"""Django settings. Everything an operator may change comes from the environment (docs/settings.md)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from estime.kernel.configuration import BadConfiguration, configuration
from estime.kernel.home import home

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = home()

DEBUG = os.environ.get("ESTIME_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("ESTIME_HOSTS", "127.0.0.1,localhost").split(",")


def _secret_key() -> str:
    """Derived from the installation's secret; commands that need no installation (init, --help) run without one."""
    try:
        return "django:" + (HOME / "secret").read_text().strip()
    except OSError:
        return "no-installation-yet"


SECRET_KEY = _secret_key()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "estime.people",
    "estime.ledger",
    "estime.channels",
    "estime.engagement",
    "estime.readouts",
    "estime.web",
]
AUTH_USER_MODEL = "people.User"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "estime.web.zones.PersonZoneMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "estime.config.urls"
WSGI_APPLICATION = "estime.config.wsgi.application"

_FRAME = ["estime.web.frame.frame"]
TEMPLATES = [
    {  # for pages of many rows: five to ten times faster (docs/decisions/0013-pages.md)
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "web" / "jinja2"],
        "OPTIONS": {"environment": "estime.web.jinja.environment", "context_processors": _FRAME},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *_FRAME,
            ]
        },
    },
]


def _database() -> dict[str, Any]:
    url = os.environ.get("ESTIME_DATABASE_URL", "")
    if url:
        return {**_parsed(url), "TEST": {"NAME": os.environ.get("ESTIME_TEST_DATABASE")}}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(HOME / "estime.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # FULL: a committed act survives a power cut. The cache holds the upper levels of the indexes.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
        },
    }


def _parsed(url: str) -> dict[str, Any]:
    scheme = url.partition(":")[0]
    try:
        if scheme not in ("postgresql", "postgres"):
            raise ValueError(scheme)
        return {**dj_database_url.parse(url, conn_max_age=60)}
    except ValueError as error:  # the message leaves the rest of the URL out: a password may stand in it
        raise BadConfiguration(
            f"ESTIME_DATABASE_URL names no database that Estime can use (it begins with “{scheme[:20]}”).",
            todo="Write postgresql://user:password@host:5432/name, or leave it out for SQLite.",
        ) from error


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ESTIME_LAKE_URL = os.environ.get("ESTIME_LAKE_URL", str(HOME / "lake"))
# In a checkout the docs stand beside the source; an installed package carries them (pyproject.toml).
_DOCS = (BASE_DIR.parent.parent / "docs", BASE_DIR / "docs")
ESTIME_DOCS = next((folder for folder in _DOCS if (folder / "measures").is_dir()), None)
ESTIME_ENGINE_URL = os.environ.get("ESTIME_ENGINE_URL", "duckdb://")


def _accent() -> dict[str, str]:
    """The brand's accent for each scheme; pages show it where it can be read."""
    try:
        accent = configuration().brand.accent
    except BadConfiguration:  # said by whatever needs the file; pages show our own accent
        accent = None
    return {} if accent is None else {"light": accent, "dark": accent}


ESTIME_ACCENT = _accent()

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # straight from the package: nothing to collect first
WHITENOISE_MAX_AGE = 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "estime.web.errors.csrf_failed"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
