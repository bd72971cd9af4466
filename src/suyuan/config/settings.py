"""Settings: environment only, each declared once in ``config.env``."""

import dj_database_url

from . import env
from .home import DATABASE, home, secret

HOME = home()
SECRET_KEY = secret("django").hex()
DEBUG = False
DEMO = env.flag("SUYUAN_DEMO")
TLS = env.flag("SUYUAN_TLS")
ALLOWED_HOSTS = env.words("SUYUAN_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("SUYUAN_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "suyuan.web",  # before allauth: our pages in place of its own
    "suyuan.store",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.humanize",  # the library's list of security keys says when each was used
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "suyuan.web.outage.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "suyuan.web.middleware.ContentSecurityPolicy",
    "suyuan.web.middleware.SessionLimits",
    "suyuan.web.middleware.Readable",  # before Access, which writes down and leads on
    "suyuan.web.middleware.Access",
    "suyuan.web.middleware.Bodies",
    "suyuan.web.middleware.RuleErrors",
]
ROOT_URLCONF = "suyuan.config.urls"
WSGI_APPLICATION = "suyuan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "suyuan.web.context.shell",
            ],
        },
    },
]

_DATABASE_URL = (
    env.scheme("SUYUAN_DATABASE_URL", ("sqlite", "postgres", "postgresql")) or f"sqlite:///{HOME / DATABASE}"
)
DATABASES = {"default": dj_database_url.parse(_DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;"
            "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY"
        ),
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "store.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "suyuan.web.password_rules.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "phone", "employee_number")},
    },
    {"NAME": "suyuan.web.password_rules.Another"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "suyuan.web.signin.StaffOnly"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # long enough to fetch an authenticator; then the password again
MFA_ADAPTER = "suyuan.store.factors.Sealed"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = (
    1  # steps of 30 s either way: a phone's clock differs, and a code is typed as it ends (RFC 6238)
)
MFA_FORMS = {
    "activate_totp": "suyuan.web.factor_forms.Activate",
    "authenticate": "suyuan.web.factor_forms.Authenticate",
    "reauthenticate": "suyuan.web.factor_forms.Reauthenticate",
    "add_webauthn": "suyuan.web.key_forms.AddKey",
    "edit_webauthn": "suyuan.web.key_forms.EditKey",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS  # browsers allow it on localhost alone
OIDC = {
    "url": env.text("SUYUAN_OIDC_URL"),
    "name": env.text("SUYUAN_OIDC_NAME"),
    "client": env.text("SUYUAN_OIDC_CLIENT"),
    "claim": env.text("SUYUAN_OIDC_CLAIM"),
}
SOCIALACCOUNT_ADAPTER = "suyuan.web.oidc.Register"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "office",
                "name": OIDC["name"],
                "client_id": OIDC["client"],
                "secret": env.secret_in("SUYUAN_OIDC_SECRET_FILE"),
                "settings": {"server_url": OIDC["url"]},
            }
        ]
        if OIDC["url"]
        else [],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = []
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

EMAIL_HOST, EMAIL_PORT = env.text("SUYUAN_SMTP_HOST"), env.number("SUYUAN_SMTP_PORT")
EMAIL_HOST_USER = env.text("SUYUAN_SMTP_USER")
EMAIL_HOST_PASSWORD = env.secret_in("SUYUAN_SMTP_PASSWORD_FILE")
_MAIL_SECURITY = env.one_of("SUYUAN_SMTP_SECURITY", ("none", "starttls", "tls"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL_SECURITY == "starttls", _MAIL_SECURITY == "tls"
DEFAULT_FROM_EMAIL = env.text("SUYUAN_MAIL_FROM")

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
ATTACHMENTS = HOME / "attachments"
BODY_AT_MOST = 64 * 1024  # of whoever has not signed in: web.bodies
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # the rulebook's signin.session ends a session long before
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("SUYUAN_PROXIES")
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # counted in the database: web.signin
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
REQUIRE_MFA = env.roles("SUYUAN_REQUIRE_MFA")
CSRF_FAILURE_VIEW = "suyuan.web.contacts.out_of_date"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "suyuan.config.logs.Masked"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
