"""Django settings. Everything an operator may change comes from the environment (docs/settings.md)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from estime.config.logs import logging_config
from estime.config.posture import Posture, from_file
from estime.kernel.configuration import BadConfiguration
from estime.kernel.home import home
from estime.people.mail_url import mail_settings
from estime.people.oidc import Provider, provider_checked, provider_settings

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = home()

DEBUG = os.environ.get("ESTIME_DEBUG", "") == "1"
POSTURE = Posture(os.environ)  # local, demo or production: config/posture.py
ALLOWED_HOSTS = POSTURE.hosts
ESTIME_PROXIES = POSTURE.proxies
ESTIME_SAFETY = "estime.config.production"  # what stands against running it for everybody


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
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "estime.people",
    "estime.ledger",
    "estime.jobs",
    "estime.contact",
    "estime.cocreation",
    "estime.listening",
    "estime.channels",
    "estime.engagement",
    "estime.readouts",
    "estime.web",
    "estime.rest",
]
AUTH_USER_MODEL = "people.User"

MIDDLEWARE = [
    "estime.config.middleware.RequestMiddleware",
    "estime.web.proxy.ProxyMiddleware",
    # These three outside of whatever answers by itself: every answer carries their headers.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "estime.config.middleware.ProbeMiddleware",
    "estime.rest.middleware.RestMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "estime.web.private.PrivateMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "estime.web.zones.PersonZoneMiddleware",
    "estime.web.second_step.SecondStepMiddleware",
    "estime.web.forms_only.FormsOnlyMiddleware",
    "estime.web.too_much.TooMuchMiddleware",
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
        "DIRS": [BASE_DIR / "web" / "templates"],  # before those of allauth
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


_POOLER = os.environ.get("ESTIME_POOLER", "")
if _POOLER not in ("", "transactions", "named"):
    raise BadConfiguration(
        f"ESTIME_POOLER is “{_POOLER[:20]}”, which Estime does not know.",
        todo="Leave it out, or write transactions or named (docs/running.md).",
    )
ESTIME_NAMED_STATEMENTS = _POOLER != "transactions"


def _database() -> dict[str, Any]:
    url = from_file(os.environ, "ESTIME_DATABASE_URL")
    if url:
        return {**_parsed(url), "TEST": {"NAME": os.environ.get("ESTIME_TEST_DATABASE")}}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(HOME / "estime.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # FULL: a committed act survives a power cut. The cache holds the upper levels of the indexes. What is
            # deleted is overwritten, as Debian's SQLite does by itself: else keys of sessions and texts of erased
            # people stay in free pages of the file, and of its backups.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
            " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=268435456;",
        },
    }


def _parsed(url: str) -> dict[str, Any]:
    scheme = url.partition(":")[0]
    try:
        if scheme not in ("postgresql", "postgres"):
            raise ValueError(scheme)
        # What a pooler may take away between two statements: a cursor that the server keeps (docs/running.md).
        return {**dj_database_url.parse(url, conn_max_age=60, disable_server_side_cursors=bool(_POOLER))}
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

# Who does a kind of job (imported where the job runs), and which kinds come round by themselves: every so many
# seconds, or when a function says that there is something to do (docs/jobs.md).
ESTIME_JOBS = {
    "refresh": "estime.readouts.jobs.refresh_job",
    "validate": "estime.readouts.jobs.validate_job",
    "search": "estime.ledger.jobs.search_job",
    "persons": "estime.engagement.jobs.persons_job",
    "questions": "estime.contact.jobs.watch_job",
    "listen": "estime.listening.jobs.listen_job",
    "ask": "estime.listening.asking_jobs.ask_job",
    "searches": "estime.listening.search_jobs.searches_job",
    "targets": "estime.listening.search_jobs.targets_job",
    "topics": "estime.listening.topic_jobs.topics_job",
    "import": "estime.channels.api.import_job",
    "challenge-import": "estime.channels.challenges.api.challenge_import_job",
    "mend": "estime.channels.api.mend_job",
    "preview": "estime.channels.api.preview_job",
    "tidy": "estime.channels.api.tidy_job",
    "expired": "estime.people.api.tidy_job",
    "digests": "estime.cocreation.jobs.digests_job",
    "votes": "estime.cocreation.vote_jobs.votes_job",
    "titles": "estime.cocreation.title_jobs.titles_job",
    "sweep": "estime.cocreation.sweep_jobs.sweep_job",
    "hints": "estime.cocreation.moderation_jobs.hints_job",
    "proposals": "estime.cocreation.merge_jobs.proposals_job",
    "leave": "estime.people.api.leave_job",
}
ESTIME_SCHEDULE: dict[str, float | str] = {
    "tidy": "estime.channels.api.uploads_stale",
    "expired": "estime.people.api.tidy_due",
    "refresh": "estime.engagement.api.refresh_due",
    "validate": "estime.engagement.api.validity_due",
    "search": "estime.ledger.api.index_due",
    "persons": "estime.engagement.api.digests_due",
    "questions": "estime.contact.api.watch_due",
    "listen": "estime.listening.api.listen_due",
    "ask": "estime.listening.api.ask_due",
    "searches": "estime.listening.api.searches_due",
    "targets": "estime.listening.api.targets_due",
    "topics": "estime.listening.api.topics_due",
    "digests": "estime.cocreation.api.digests_due",
    "votes": "estime.cocreation.api.votes_due",
    "titles": 86400.0,
    "sweep": 86400.0,
    "hints": 86400.0,
    "proposals": 3600.0,
    "leave": "estime.people.api.leave_due",
}
ESTIME_LOGIN_CLOSED = ("estime.cocreation.api.login_closed",)  # told which login, once it is shut out
# Told in this order which login is to be erased for good; each may be told again (people/jobs.py).
ESTIME_LOGIN_ERASED = ("estime.channels.api.rejects_erase_login", "estime.engagement.api.erase_login")
ESTIME_DIGESTS = "estime.cocreation.delivery.to_files"  # who delivers them (cocreation/ports.py)
# Asking people how they are treated (listening/ports.py). Nobody is written to: the questions stand on the site alone.
ESTIME_ASKING_CONCERNED = "estime.cocreation.api.concerned_by"
ESTIME_ASKING_ANSWERED = "estime.cocreation.api.given_answered"
ESTIME_ASKING_DELIVERY = ""
# What the brand owes, for the page "To keep": objects that fit kernel.debts.Debts (docs/to-keep.md).
ESTIME_DEBTS = (
    "estime.contact.api.question_debts",
    "estime.cocreation.api.interpellation_debts",
    "estime.cocreation.api.answers_debts",
    "estime.cocreation.api.pledge_debts",
    "estime.cocreation.api.again_debts",
    "estime.cocreation.api.vote_debts",
    "estime.cocreation.api.outcome_debts",
    "estime.cocreation.api.merge_debts",
    "estime.cocreation.api.contest_debts",
    "estime.cocreation.api.report_debts",
    "estime.cocreation.api.appeal_debts",
    "estime.cocreation.api.objection_debts",
    "estime.channels.api.reject_debts",
    "estime.jobs.api.failed_debts",
)

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = POSTURE.language
LANGUAGES = POSTURE.languages
LOCALE_PATHS = [BASE_DIR / "locale"]

# A file is taken in by the pages that ask for one and nowhere else: no other address writes what strangers send.
FILE_UPLOAD_HANDLERS = ["estime.web.uploading.NoFiles"]
ESTIME_UPLOAD_MB = int(os.environ.get("ESTIME_UPLOAD_MB", "200"))

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # straight from the package: nothing to collect first
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = POSTURE.production
SECURE_SSL_HOST = POSTURE.place or None
SECURE_REDIRECT_EXEMPT = [r"^(health|ready|metrics)/?$"]  # asked by machines, on the inside
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if POSTURE.production else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ESTIME_PROXIES else None  # web/proxy.py
CSRF_TRUSTED_ORIGINS = [POSTURE.address] if POSTURE.address else []
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if POSTURE.production else "http"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = POSTURE.production
SESSION_COOKIE_NAME = POSTURE.cookie("sessionid")
CSRF_COOKIE_NAME = POSTURE.cookie("csrftoken")
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Notices name people: they wait in the session, not in a cookie that is bound to no host.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "estime.web.errors.csrf_failed"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "estime.people.adapters.AccountAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "estime.people.resets.ResetTokens"  # noqa: S105  a class
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A code, no link: who signs up on a phone stays in the browser that knows where they were going.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {
    "login": "estime.people.forms.LoginForm",
    "signup": "estime.people.forms.SignupForm",
    "add_email": "estime.people.forms.AddEmailForm",
    "change_password": "estime.people.forms.ChangePasswordForm",
    "set_password": "estime.people.forms.SetPasswordForm",
    "reset_password": "estime.people.forms.ResetPasswordForm",
    "reset_password_from_key": "estime.people.forms.ResetPasswordKeyForm",
    "reauthenticate": "estime.people.forms.ReauthenticateForm",
    "request_login_code": "estime.people.forms.RequestLoginCodeForm",
    "confirm_login_code": "estime.people.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "estime.people.forms.ConfirmAddressForm",
}
MFA_ADAPTER = "estime.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # clocks of phones are seldom more than half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not POSTURE.production  # http://localhost
MFA_FORMS = {
    "authenticate": "estime.people.forms.SecondStepForm",
    "reauthenticate": "estime.people.forms.SecondStepAgainForm",
    "activate_totp": "estime.people.forms.ActivateAppForm",
    "add_webauthn": "estime.people.forms.AddPasskeyForm",
    "edit_webauthn": "estime.people.forms.RenamePasskeyForm",
}
ESTIME_OIDC = provider_checked(
    Provider(
        server=os.environ.get("ESTIME_OIDC_SERVER", ""),
        name=os.environ.get("ESTIME_OIDC_NAME", ""),
        client_id=os.environ.get("ESTIME_OIDC_CLIENT_ID", ""),
        secret=from_file(os.environ, "ESTIME_OIDC_SECRET"),
        auto_role=os.environ.get("ESTIME_OIDC_ROLE", ""),
    )
)
SOCIALACCOUNT_ADAPTER = "estime.people.provider_adapter.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = provider_settings(ESTIME_OIDC)
CACHES = {  # in the database, so that all processes and machines count the same attempts
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "estime_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
vars().update(mail_settings(from_file(os.environ, "ESTIME_MAIL_URL"), HOME / "mail"))
EMAIL_TIMEOUT = 10
_MAILS_FROM = POSTURE.place.partition(":")[0] or "localhost"
DEFAULT_FROM_EMAIL = os.environ.get("ESTIME_MAIL_FROM", f"Estime <estime@{_MAILS_FROM}>")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Structured, and without personal data (config/logs.py, docs/monitoring.md).
LOGGING = logging_config(os.environ.get("ESTIME_LOG", ""), debug=DEBUG)
ESTIME_METRICS_TOKEN = from_file(os.environ, "ESTIME_METRICS_TOKEN")
