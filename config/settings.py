"""Django's settings, from the environment and a private `.env` file beside manage.py.

docs/settings.md describes each. No default is unsafe: only the `.env` of the demo has unsafe values.
"""

from typing import Any

from config.environment import BASE_DIR, env

DEMO = env.flag("DEMO", default=False)
DEMO_PASSWORD = env.text("DEMO_PASSWORD", default="")
SECRET_KEY = env.secret(
    "SECRET_KEY",
    advice="Set it to 50 or more random characters, in the environment or in a .env file beside manage.py; "
    "`.venv/bin/python -m config.dotenv` writes such a file for a demo.",
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
DEBUG = False

# Host names and addresses
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
HTTPS = env.flag("HTTPS", default=True)
BIND = env.text("BIND", default="")
PORT = env.number("PORT", default=8000, least=1, most=65535)
env.number("WEB_CONCURRENCY", default=2, least=1, most=1000)  # only gunicorn uses it, but a reload checks it here
SITE_URL = env.text(
    "SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}" if HTTPS and ALLOWED_HOSTS else f"http://127.0.0.1:{PORT}"
)
"""The issuer of every LTI token, and the beginning of every URL that LTI tools receive."""
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")
CORS_ALLOWED_ORIGINS = env.words("CORS_ALLOWED_ORIGINS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# Choices of the campus
PUBLIC_API = env.flag("PUBLIC_API", default=False)
ANONYMOUS_RATE = env.number("ANONYMOUS_RATE", default=120, least=1, most=6000)
KEY_IN_QUERY = env.flag("KEY_IN_QUERY", default=False)
LTIK_IN_QUERY = env.flag("LTIK_IN_QUERY", default=False)
TIME_ZONE = env.zone("TIME_ZONE", default="America/New_York")
WIRE_TIME_ZONE = env.zone("WIRE_TIME_ZONE", default="America/New_York")
USE_TZ = True
LANGUAGE_CODE = "en-us"

INSTALLED_APPS = [
    "lti",
    "memberships",
    "organizations",
    "roster",
    "roster.apps.StaffSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "roster.api.client_address.ForwardedHeaders",
    "roster.api.request_log.RequestLog",
    "roster.api.methods.AllowedMethods",
    "roster.api.health.HealthChecks",
    "roster.api.compression.Compression",
    "django.middleware.security.SecurityMiddleware",
    "roster.content_security_policy.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "roster.api.paths.TolerantPaths",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "roster.sign_in.SignInLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Data
DATABASE = env.database("DATABASE_URL", default="sqlite:///roster.sqlite3")
DATABASE_TIMEOUT = env.number("DATABASE_TIMEOUT", default=5, least=3, most=600)
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # Each thread keeps its connection. Otherwise the last one to close would write back the whole journal each time.
    DATABASE |= {"ENGINE": "roster.database.sqlite3", "CONN_MAX_AGE": None}
    options: dict[str, Any] = {
        # Readers and one writer work concurrently; a writer takes its lock at the start of the transaction. Each
        # connection caches 16 MB of the file.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    # Each thread of a worker keeps one connection, which costs less than a pool and keeps prepared statements.
    # It is tested before it is used again, so that a restart of the database causes no error.
    # Statements are prepared at their second run, but not with a pooler that assigns a connection for one transaction
    # only, because other clients would then get the session's settings and cursors.
    is_prepared = env.flag("DATABASE_PREPARED", default=True)
    DATABASE |= {
        "ENGINE": "roster.database.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": not is_prepared,
    }
    # In memory and on SSDs, random reads cost as much as sequential reads. PostgreSQL's default is for hard disks: with
    # it, the planner sorts rows instead of reading them in index order. It is set after connecting, because poolers
    # refuse startup options.
    session = {"random_page_cost": "1.1"} if "options" not in DATABASE.get("OPTIONS", {}) else {}
    options = {"prepare_threshold": 1 if is_prepared else None, "session": session if is_prepared else None}
    # By default, libpq waits for minutes, and for hours if a machine stops without closing its connections.
    timeouts = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    DATABASE["OPTIONS"] = {**timeouts, "tcp_user_timeout": 10_000, **DATABASE.get("OPTIONS", {})}
DATABASES = {"default": {**DATABASE, "OPTIONS": {**DATABASE.get("OPTIONS", {}), **options}}}

DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
"""Ids fit in 32 bits: clients read them as int."""

# Maximum number of requests of a worker that count large lists at the same time: half of its threads, at least one.
COUNTS_AT_ONCE = max(1, env.number("THREADS", default=2, least=1, most=1000) // 2)

# People who sign in
AUTH_USER_MODEL = "roster.User"
AUTHENTICATION_BACKENDS = ["roster.sign_in.Backend"]
PASSWORD_HASHERS = ["roster.passwords.OneAtATimeHasher"]
SIGN_IN_FAILURES_BY_ADDRESS = env.number("SIGN_IN_FAILURES_BY_ADDRESS", default=10, least=1, most=50)
SIGN_IN_FAILURES_BY_ACCOUNT = env.number("SIGN_IN_FAILURES_BY_ACCOUNT", default=30, least=1, most=100)
SILENCED_SYSTEM_CHECKS = [
    "models.W040",  # SQLite ignores the included columns of an index
    "auth.W004",  # usernames are unique by their search key, which is stricter than Django requires
    *("security.W005", "security.W021"),  # HSTS is only for this host name, see below
    *("corsheaders.E013", "corsheaders.E014"),  # roster.E009 reports both
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", default=12, least=1, most=24 * 365) * 3600
SESSION_COOKIE_HTTPONLY = True

# HTTPS, unless the demo serves plain HTTP on the loopback address
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", default=365 * 24 * 3600, least=0, most=10 * 365 * 24 * 3600) * HTTPS
# Only for this host name: subdomains and the preload lists of browsers are for the campus to decide.
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

# Static files of the admin and of the pages of the API
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ROOT = BASE_DIR / "roster" / "root"
"""Files that browsers and crawlers request from the root of every site."""

CORS_URLS_REGEX = r"^/(engage/)?api/"
CORS_ALLOW_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_ALLOW_HEADERS = (
    *("accept", "authorization", "content-type", "if-none-match"),
    *("x-engage-api-key", "x-request-id", "x-requested-with"),
)
CORS_EXPOSE_HEADERS = (
    *("Link", "Retry-After", "X-Request-Id"),
    *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "roster.api.authentication.KeyAuthentication",
        "roster.api.authentication.SessionUserAuthentication",
        "roster.api.authentication.AnonymousAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["roster.api.permissions.HasAudience"],
    "DEFAULT_RENDERER_CLASSES": ["roster.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "roster.api.pagination.EnvelopePagination",
    "DEFAULT_FILTER_BACKENDS": ["roster.api.filters.FilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "roster.api.schema.operations.RosterSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "roster.api.errors.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "UNICODE_JSON": True,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Campus Roster",
    "VERSION": "0.1.0",
    "DESCRIPTION": "Who holds which position in which campus organization, and when. Compatible with the "
    "CollegiateLink / Engage API.\n\nParameter names are accepted in any letter case; true, false, 1 and 0 are "
    "booleans. Each path is valid with or without its last slash, in any letter case, and also under `/engage`. HEAD "
    "returns the response of GET without the body. Instants are epoch milliseconds, UTC; a day is the midnight at "
    "which it begins, in one time zone. A path that is not listed here returns 404, with the same problem body as "
    "every error.",
    "LICENSE": {"name": "MIT"},
    "SCHEMA_PATH_PREFIX": "/api",
    "SORT_OPERATIONS": False,
    "PREPROCESSING_HOOKS": ["roster.api.schema.operations.as_clients_spell"],
    "POSTPROCESSING_HOOKS": [],  # choices stay where they are used
    "TAGS": [
        {"name": "memberships", "description": "Who holds which position, and when."},
        {"name": "organizations", "description": "The organizations that people belong to."},
        {"name": "positions", "description": "The roles in each organization, also those that nobody holds."},
        {"name": "users", "description": "The people. Not visible to the public."},
        {"name": "about", "description": "A check of your key, and this description."},
    ],
}

LOG_LEVEL = env.choice("LOG_LEVEL", default="INFO", among=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "roster.logs.JSONFormatter"}},
    "filters": {
        "outages": {"()": "roster.database.failures.OneLine"},
        "refusals": {"()": "roster.logs.DropExpected503"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["outages"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        # Refused requests are in the access log, with shortened paths; here are only server errors.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "filters": ["refusals"], "propagate": False},
        # At INFO it logs the URLs of learning platforms. The callers log failures themselves.
        "httpx": {"level": "WARNING"},
        # Anybody can cause these at any rate, and the access log has them too.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
    },
}
