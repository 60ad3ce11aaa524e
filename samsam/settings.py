"""Settings: all from the environment (see ``.env.example``), checked when the program starts."""

from datetime import timedelta

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from samsam import environment, logs
from samsam.environment import ROOT

DEBUG = environment.flag("DEBUG")
VAR = environment.var()
HOST = environment.text("SAMSAM_HOST", default="127.0.0.1")
PORT = environment.number("PORT", default=8000, low=1, high=65535)
SITE_URL = environment.site(environment.text("SITE_URL", default=f"http://127.0.0.1:{PORT}"))
SECRET_KEY = environment.text("SECRET_KEY", default="only-for-development-" * 3 if DEBUG else "")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", default=0, low=0, high=10)
HEALTH_KEY = environment.text("SAMSAM_HEALTH_KEY")  # who shows it reads the figures of /readyz
DEMO = environment.flag("SAMSAM_DEMO", default=DEBUG)  # people and requests to look around with, on the first start
ALLOW_NOW = environment.flag("SAMSAM_ALLOW_NOW")
# Who to call where no village is known: on the first page, and when the database does not answer.
PHONE = environment.phone("SAMSAM_PHONE")
# Every page says that we are at work, without asking the database; probes are answered as always.
MAINTENANCE = environment.flag("SAMSAM_MAINTENANCE")
SERVES_HTTPS = SITE_URL.startswith("https://")

if not DEBUG:
    environment.refuse_unsafe(secret_key=SECRET_KEY, hosts=ALLOWED_HOSTS)

LOGGING = logs.configured(readable=DEBUG)

INSTALLED_APPS = [
    "samsam.apps.SamsamConfig",
    "requests_app",
    "referrals",
    "volunteers",
    "villages",
    "moderation",
    "notifications",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "samsam.apps.SamsamAdminConfig",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "phonenumber_field",
]

MIDDLEWARE = [
    "samsam.health.answered_first",
    "samsam.proxies.remote_address",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # with its random padding, against guessing of secrets by length
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "samsam.pages.expired.login_again",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "samsam.pages.maintenance.closed_for_a_while",
    "samsam.pages.errors.AnswerInWords",
    "samsam.pages.errors.read_first",
]

FORM_RENDERER = "samsam.rendering.Renderer"
ROOT_URLCONF = "samsam.urls"
WSGI_APPLICATION = "samsam.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samsam.context.page",
            ],
        },
    }
]

# -- Words and time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "NL"
PHONENUMBER_DB_FORMAT = "E164"

# -- Processes ---------------------------------------------------------------------------------------------
WEB_PROCESSES = environment.number("SAMSAM_WEB_PROCESSES", default=1, low=1, high=64)
WEB_THREADS = environment.number("SAMSAM_WEB_THREADS", default=8, low=1, high=200)  # each with a connection
WORKER_PROCESSES = environment.number("SAMSAM_WORKER_PROCESSES", default=2, low=1, high=64)

# -- Data --------------------------------------------------------------------------------------------------
DATABASES = {"default": environment.database(environment.text("DATABASE_URL", default="postgresql:///samsam"))}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,  # the pool keeps the connections
    "CONN_HEALTH_CHECKS": True,  # after a restart of the database no page meets a dead connection
    "OPTIONS": {"pool": {"min_size": 1, "max_size": WEB_THREADS, "timeout": 5}},
}
# Not in Redis, which may be away or emptied at any moment: sessions, and what login counts to slow guessing down.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "samsam_cache",  # made by a migration
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = environment.text("REDIS_URL", default="redis://127.0.0.1:6379/0")

# -- Work in the background --------------------------------------------------------------------------------
CELERY_BROKER_URL = environment.broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker that is away for long is waited for
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 1,  # seconds: a page that rings the doorbell does not wait for a broker that is away
    "socket_connect_timeout": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False  # the next beat rings anyway
CELERY_TASK_DEFAULT_QUEUE = "sweep"
CELERY_TASK_ROUTES = {"notifications.*": {"queue": "deliver"}, "requests_app.try_policies": {"queue": "lab"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_MAX_LOOP_INTERVAL = 15  # seconds
SWEEP_SECONDS = environment.number("SAMSAM_SWEEP_SECONDS", default=15, low=1, high=60)
CELERY_BEAT_SCHEDULE = {
    # Each expires when the next is due: after a pause one look is enough.
    "sweep": {
        "task": "requests_app.sweep",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expires": SWEEP_SECONDS},
    },
    "deliver": {
        "task": "notifications.deliver",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expires": SWEEP_SECONDS},
    },
    "remind": {"task": "requests_app.remind", "schedule": 300.0, "options": {"expires": 300}},
    "care": {"task": "volunteers.care", "schedule": 900.0, "options": {"expires": 900}},
    "digests": {"task": "notifications.tell_digests", "schedule": 300.0, "options": {"expires": 300}},
    "lab": {"task": "requests_app.try_policies", "schedule": 15.0, "options": {"expires": 15}},
    "ask_whether_needed": {"task": "requests_app.ask_whether_needed", "schedule": 300.0, "options": {"expires": 300}},
    "stand_in": {"task": "requests_app.stand_in", "schedule": 300.0, "options": {"expires": 300}},
    "owner_words": {"task": "requests_app.owner_words", "schedule": 300.0, "options": {"expires": 300}},
    "nobody_forgotten": {
        "task": "requests_app.check_nobody_forgotten",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "switching_off": {"task": "requests_app.finish_switching_off", "schedule": 900.0, "options": {"expires": 900}},
    "erase_circle": {"task": "requests_app.erase_circle", "schedule": 900.0, "options": {"expires": 900}},
    # Counts each municipality once a day, some at a time.
    "figures": {"task": "requests_app.count_figures", "schedule": 300.0, "options": {"expires": 300}},
}

# -- People ------------------------------------------------------------------------------------------------
CODE_SECONDS = int(timedelta(minutes=15).total_seconds())
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_LOGIN_METHODS = {"email"}  # by a mailed code only: nobody has a password
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2  # times
ACCOUNT_LOGIN_TIMEOUT = 4 * CODE_SECONDS  # a code sent again counts from then
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "notifications.mail_adapter.AccountAdapter"  # mail goes through the outbox
ACCOUNT_FORMS = {
    "request_login_code": "accounts.forms.EmailForm",
    "confirm_login_code": "accounts.forms.CodeForm",
}
# At most 100 guesses a day at the million codes of one address.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,5/10m/key,20/d/key"}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SERVES_HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]  # the second factor of staff
MFA_TOTP_ISSUER = "SamSam"
MFA_TOTP_TOLERANCE = 1  # a code of half a minute ago is still good: clocks of phones differ
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = int(timedelta(days=90).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVES_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "samsam.pages.expired.too_old"

# -- Safety ------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = SERVES_HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SERVES_HTTPS else 0
# W005, W021: other names of the municipality's domain are not ours to decide about.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF],
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "worker-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # forms only: no uploads
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# -- Files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = environment.folder("SAMSAM_STATIC", default=VAR / "static")
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "samsam.joined_css.JoinedCss",
]
# While developing files are served as they are on disk; in production collected, hashed and compressed.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# -- Mail --------------------------------------------------------------------------------------------------
MAIL = environment.mail(environment.text("EMAIL_URL"))
MAIL_DOMAIN = SITE_URL.split("://")[-1].split(":")[0]
DEFAULT_FROM_EMAIL = environment.text("SAMSAM_FROM", default=f"SamSam <samsam@{MAIL_DOMAIN}>")
# Trying SamSam out without a mail server: every message can be read at /dev/post/.
DEV_POST = VAR / "post" if DEBUG and MAIL is None else None
if DEV_POST:
    EMAIL_BACKEND = "notifications.dev_post.EmailBackend"
if MAIL:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.tls, MAIL.ssl
    EMAIL_TIMEOUT = 10  # seconds for one step; all of them together end with the run (delivery.STOP_AFTER)

# -- Push messages -----------------------------------------------------------------------------------------
# Without a key they are not offered. `make run` makes one of its own and keeps it.
VAPID_PRIVATE_KEY = environment.push_key(
    environment.text("SAMSAM_VAPID_PRIVATE_KEY"), kept=VAR / "push.key" if DEBUG else None
)
VAPID_SUBJECT = environment.push_subject(
    environment.text("SAMSAM_VAPID_SUBJECT", default=f"mailto:samsam@{MAIL_DOMAIN}")
)
PUSH_LOCALLY = DEBUG  # also to a push service on this machine; elsewhere only to public addresses, by https

environment.refuse_unknown()
