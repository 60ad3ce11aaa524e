"""Settings: all from the environment (see ``.env.example``), checked when the program starts."""

from datetime import timedelta

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from samsam import environment, logs
from samsam.environment import ROOT, WrongEnvironment

DEBUG = environment.flag("DEBUG")
VAR = environment.var()
HOST = environment.text("SAMSAM_HOST", default="127.0.0.1")
PORT = environment.number("PORT", default=8000, low=1, high=65535)
SITE_URL = environment.site(environment.text("SITE_URL", default=f"http://127.0.0.1:{PORT}"))
SECRET_KEY = environment.text("SECRET_KEY", default="only-for-development-" * 3 if DEBUG else "")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", default=0, low=0, high=10)
HEALTH_KEY = environment.text("SAMSAM_HEALTH_KEY")  # who shows it reads the figures of /readyz
ALLOW_NOW = environment.flag("SAMSAM_ALLOW_NOW")
# Who to call where no village is known: on the first page, and when the database does not answer.
PHONE = environment.text("SAMSAM_PHONE")
SERVES_HTTPS = SITE_URL.startswith("https://")

if len(SECRET_KEY) < 50:
    raise WrongEnvironment("SECRET_KEY must be set, to at least 50 random characters.")
if not ALLOWED_HOSTS:
    raise WrongEnvironment("ALLOWED_HOSTS must name the host of this site.")

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
    "django.contrib.admin",
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
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "samsam.pages.errors.AnswerInWords",
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
CELERY_TASK_ROUTES = {"notifications.*": {"queue": "deliver"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_MAX_LOOP_INTERVAL = 15  # seconds
CELERY_BEAT_SCHEDULE = {
    # Each expires when the next is due: after a pause one look is enough.
    "sweep": {
        "task": "requests_app.sweep",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "deliver": {
        "task": "notifications.deliver",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "nobody_forgotten": {
        "task": "requests_app.check_nobody_forgotten",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}

# -- People ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = int(timedelta(days=90).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVES_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# -- Safety ------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = SERVES_HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SERVES_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [
    r"^healthz$",
    r"^readyz$",
]  # asked by machines inside, without TLS
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
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # forms only: no uploads
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# -- Files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
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
if MAIL is None and not DEBUG:
    raise WrongEnvironment("EMAIL_URL must name the mail server, like smtp://user:password@host:25.")
MAIL_DOMAIN = SITE_URL.split("://")[-1].split("/")[0].split(":")[0]
DEFAULT_FROM_EMAIL = environment.text("SAMSAM_FROM", default=f"SamSam <samsam@{MAIL_DOMAIN}>")
if MAIL:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.tls, MAIL.ssl
    EMAIL_TIMEOUT = 15  # seconds; well under the lease of a claimed message
