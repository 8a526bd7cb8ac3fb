"""The portal's settings: one file, everything from the environment, grouped by the question it answers.

`.env.example` explains each variable. In production (`DEBUG` and `DEMO` both off) the portal refuses to start
without its secrets; rules that must hold between settings are system checks in `unilogin_portal/checks.py`.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# The demo and the tests name another file, so that a developer's own `.env` does not reach into them.
environ.Env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

# Whatever the portal writes goes here.
VAR_DIR = Path(env.str("VAR_DIR", default="") or BASE_DIR / "var")


# Which kind of installation is this?

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)


def secret(name: str, *, development: str) -> str:
    """Return a secret from the environment; only outside production is there a known stand-in."""
    value: str = env.str(name, default="")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} must be set when DEBUG and DEMO are off")
    return development


SHORTEST_SECRET = 50


SECRET_KEY = secret("SECRET_KEY", development="only-for-development-" + "0" * 40)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# "<key id>:<128 hex digits>", newest first, comma separated: AES-256-SIV takes 64 bytes.
CPR_KEYS = tuple(key.strip() for key in secret("CPR_KEY", development="dev:" + "5a" * 64).split(",") if key.strip())


if PRODUCTION and len(SECRET_KEY) < SHORTEST_SECRET:
    raise ImproperlyConfigured(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters; `new_keys` makes one")
if not all(re.fullmatch(r"[A-Za-z0-9_-]+:[0-9a-fA-F]{128}", key) for key in CPR_KEYS):
    raise ImproperlyConfigured("CPR_KEY must be <key id>:<128 hex digits>")


# Where is it reached?

ORIGIN = env.str("ORIGIN", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = urlsplit(ORIGIN).scheme == "https"
if PRODUCTION and not HTTPS:
    raise ImproperlyConfigured("ORIGIN must begin with https:// when DEBUG and DEMO are off")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(ORIGIN).hostname or "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [ORIGIN]
# How many proxies in front add to X-Forwarded-For: 0 means the peer's own address is the client's.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ROOT_URLCONF = "unilogin_portal.urls"
WSGI_APPLICATION = "unilogin_portal.wsgi.application"
APPEND_SLASH = True


# What is it made of?

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "unilogin_portal.admin_config.OperatorAdminConfig",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "crispy_forms",
    "django_htmx",
    "unilogin_portal",
    "accounts",
    "institutions",
    "dataagreements",
    "reporting",
    "sprogvurdering",
]

MIDDLEWARE = [
    "unilogin_portal.lib.requestlog.RequestLogMiddleware",
    "unilogin_portal.middleware.OneOriginMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "accounts.sessions.SessionMiddleware",
    "accounts.browsers.KnownBrowserMiddleware",
    "unilogin_portal.lib.language.LanguageMiddleware",
    "unilogin_portal.middleware.MethodPageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "unilogin_portal.middleware.PrivateWhenSignedInMiddleware",
    "unilogin_portal.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "institutions.actor.ActorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "unilogin_portal.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "unilogin_portal.templatetags.ui",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("dkfds",)
CRISPY_TEMPLATE_PACK = "dkfds"
CRISPY_FAIL_SILENTLY = False


# Where are things kept?

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

STATIC_URL = "static/"
# File names with a hash need `collectstatic` first; tests do without.
HASHED_STATIC = env.bool("HASHED_STATIC", default=not DEBUG)
STATIC_ROOT = Path(env.str("STATIC_ROOT", default="") or VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static", ("dkfds", BASE_DIR / "node_modules" / "dkfds" / "dist")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if not HASHED_STATIC
        else "unilogin_portal.lib.staticfiles.HashedStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "files"


# Who may come in?

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.UniloginBackend"]
PASSWORD_HASHERS = ["accounts.passwords.PortalArgon2Hasher"]
LOGIN_URL = "login:choose"
LOGIN_REDIRECT_URL = "mitunilogin:overview"
LOGOUT_REDIRECT_URL = "portal:front"

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "__Host-unilogin" if HTTPS else "unilogin"
SESSION_COOKIE_AGE = 30 * 60  # D8.3: a session lasts 30 minutes; each use renews it
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "unilogin_portal.views.csrf_failure"
LANGUAGE_COOKIE_NAME = "__Host-sprog" if HTTPS else "sprog"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

MITID_MINIMUM_AGE = env.int("MITID_MINIMUM_AGE", default=13)  # D3.3: MitID is issued from 13
PASSWORD_LIFETIME_DAYS = 365  # D3.2
PASSWORD_RENEWAL_DAYS = 30  # D3.2: how long a new password may be put off in a new band
PASSWORD_WARNING_DAYS = 14  # before the end of its life a password is warned of at log-in
# D3.5: how long a pupil has to come to a login page after *Giv ny adgangskode*.
RESET_WINDOW_MINUTES = env.int("RESET_WINDOW_MINUTES", default=5)
# How long a pupil who needs an adult's word waits at most, and how long the word then counts, at that service (D3.5).
STEP_UP_WAIT_MINUTES = env.int("STEP_UP_WAIT_MINUTES", default=20)
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", default=60)
# ADR 0007. Wrong tries in a row on one counter of an account → minutes of pause. After the last, each one more.
LOGIN_PAUSES = {5: 15, 8: 30, 11: 60, 14: 120, 17: 240, 20: 480, 23: 720}
LOGIN_FAILURES_BEFORE_PAUSE, LOGIN_PAUSE_MINUTES = next(iter(LOGIN_PAUSES.items()))  # D3.2 [REC]
# (wrong tries from unknown browsers, minutes): the steps of a network address. They count only where they are more
# than the accounts that were let in there, so not at a school.
LOGIN_ADDRESS_PAUSES = [(200, 5), (100, 15), (50, 30), (50, 60), (50, 120), (50, 240)]


# Which national identity provider?  (D8)

MITID_IDP_METADATA = env.str("MITID_IDP_METADATA", default="")
MITID_SP_ENTITY_ID = env.str("MITID_SP_ENTITY_ID", default="") or f"{ORIGIN}/mitid/metadata"
MITID_SP_KEY = env.str("MITID_SP_KEY", default="")
MITID_SP_CERTIFICATE = env.str("MITID_SP_CERTIFICATE", default="")
MITID_CLOCK_SKEW_SECONDS = 300
TEST_IDP = env.bool("TEST_IDP", default=DEBUG or DEMO)


# What does it say, and in which language?

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
AUTHORITY_NAME = env.str("AUTHORITY_NAME", default="Styrelsen for It og Læring")
# Whom people write and ring to; on the accessibility statement, the help pages and in security.txt.
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="support@unilogin.example")
SUPPORT_PHONE = env.str("SUPPORT_PHONE", default="70 00 00 00")
# Whom the portal itself writes to when a night needs somebody of the agency.
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="") or SUPPORT_EMAIL
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="mailto:sikkerhed@unilogin.example")


# What may a page do?

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sundhed/"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000


# Where do deliveries come in, and how large may a file be that an institution or a register sends?

# Who is asked whether a system may deliver people of an institution: a function's path. Only a trial names another one.
IMPORT_CONSENT = env.str("IMPORT_CONSENT", default="") or "dataagreements.consent.may_deliver"
# A folder that all workers share, or that one machine has alone.
IMPORT_INBOX = Path(env.str("IMPORT_INBOX", default="") or VAR_DIR / "inbox")
# A file there may still be being written until nothing has touched it for so long.
IMPORT_INBOX_SECONDS = env.int("IMPORT_INBOX_SECONDS", default=60)
# For how many hours from 02:00 deliveries are loaded as they come; those that come later wait for the next night.
IMPORT_NIGHT_HOURS = env.int("IMPORT_NIGHT_HOURS", default=4)
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=64 * 1024 * 1024)  # some 40,000 persons


# How does it write to people, and who keeps time?

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else f"filemail:///{VAR_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
# Who takes letters with passwords: the path of a class as `institutions.cases.secure_mail` describes. Without one they
# wait; the folder is for trying the portal out.
SECURE_MAIL = env.str("SECURE_MAIL", default="" if PRODUCTION else "institutions.cases.secure_mail.Folder")
SECURE_MAIL_DIR = Path(env.str("SECURE_MAIL_DIR", default="") or VAR_DIR / "secure-mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Unilogin <unilogin@example.dk>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mails come back to that could not be delivered (`lib/bounces.py`), and the Maildir that they are put in.
BOUNCE_EMAIL = env.str("BOUNCE_EMAIL", default="")
BOUNCE_MAILDIR = Path(env.str("BOUNCE_MAILDIR")) if env.str("BOUNCE_MAILDIR", default="") else None

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
# Where several portals share one Redis, each has its own queue.
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="unilogin")
# A task that nobody has acknowledged for so long is given out again: longer than any task may live, or two would do it.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_TASK_TIME_LIMIT + 300}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    # D1.1: the night begins. The sweep does the same for what came later or whose worker died; one that has waited
    # until the next one is due has nothing to add.
    "take up deliveries": {"task": "institutions.take_up_deliveries", "schedule": crontab(hour=2, minute=0)},
    "sweep": {
        "task": "institutions.take_up_deliveries",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "send unfinished requests": {
        "task": "dataagreements.send_unfinished",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "agreements": {"task": "dataagreements.nightly", "schedule": crontab(hour=0, minute=20)},
    "requests that wait for long": {"task": "dataagreements.remind", "schedule": crontab(hour=7, minute=45)},
    "requests that wait": {
        "task": "dataagreements.digest",
        "schedule": crontab(hour=7, minute=50, day_of_week="mon"),
    },
    "keep the time of campaigns": {
        "task": "reporting.keep_time",
        "schedule": crontab(minute="1-59/5"),
        "options": {"expires": 290},
    },
    "mails that came back": {
        "task": "reporting.take_in_bounces",
        "schedule": crontab(minute="3-59/5"),
        "options": {"expires": 290},
    },
    "end old series": {"task": "institutions.end_old_series", "schedule": crontab(hour=7, minute=30)},
    "forget what is old": {"task": "accounts.forget_what_is_old", "schedule": crontab(hour=3, minute=40)},
    "close windows": {
        "task": "accounts.write_down_what_is_over",
        "schedule": crontab(minute="*"),
        "options": {"expires": 55},
    },
    "send letters": {
        "task": "institutions.send_letters",
        "schedule": crontab(minute="2-59/5"),
        "options": {"expires": 290},
    },
    "forget old tokens": {"task": "dataagreements.forget_old", "schedule": crontab(hour=4, minute=20)},
    "forget old cases": {"task": "institutions.forget_old_cases", "schedule": crontab(hour=4, minute=10)},
    "forget old imports": {"task": "institutions.forget_old_imports", "schedule": crontab(hour=4, minute=0)},
    "forget old MitID questions": {"task": "accounts.forget_old_mitid", "schedule": crontab(hour=3, minute=50)},
}


# What does it tell the people who run it?

# Who may read /metrics: addresses or networks, or whoever brings the token. With neither, nobody.
METRICS_ALLOW = env.list("METRICS_ALLOW", default=[])
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "unilogin_portal.lib.requestlog.json_formatter"},
        "plain": {"()": "unilogin_portal.lib.requestlog.plain_formatter"},
    },
    "filters": {"without keys": {"()": "unilogin_portal.lib.requestlog.WithoutKeys"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain" if DEBUG else "json",
            "filters": ["without keys"],
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "unilogin": {"level": LOG_LEVEL},
        # The request log already says it, without the query string.
        "django.server": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},
        # Below, it writes tokens and secrets.
        "oauthlib": {"level": "WARNING"},
    },
}
