"""The settings that tests run under: as in production, but with known secrets and without hashed file names.

Loaded as a pytest plugin (`-p tests.environment`), because settings are read before any conftest.
"""

import os

os.environ.update(
    ENV_FILE=os.devnull,
    DEBUG="0",
    DEMO="1",
    ORIGIN="http://testserver",
    ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
    HASHED_STATIC="0",
    # Whitenoise would walk the collected files anew for each test client.
    STATIC_ROOT=os.path.join(os.path.dirname(__file__), "no-static-files"),
    EMAIL_URL="memorymail://",
    SECRET_KEY="tests-" + "1" * 50,
    CPR_KEY="test:" + "a5" * 64,
    LOG_LEVEL="INFO",
    # What imports are about is tried out without agreements; those that try agreements turn this back.
    IMPORT_CONSENT="institutions.importing.consent.of_everybody",
)
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.pop("REDIS_URL", None)
