"""What only a real Redis shows: the cache between processes, readiness, and a task through a worker."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from unilogin_portal.celery import app

ROOT = Path(__file__).resolve().parents[1]
REDIS = os.environ.get("TEST_REDIS_URL", "")

pytestmark = pytest.mark.redis


@pytest.fixture
def redis_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS}}
    settings.REDIS_URL = REDIS
    cache = caches["default"]
    assert isinstance(cache, RedisCache)
    yield cache
    cache.clear()


def test_what_one_process_puts_aside_another_finds(redis_cache):
    redis_cache.set("portal-test", "from the first", 30)
    asked = "import sys, redis; print(redis.Redis.from_url(sys.argv[1]).get(':1:portal-test'))"
    found = subprocess.run([sys.executable, "-c", asked, REDIS], capture_output=True, text=True, check=True)
    assert "from the first" in found.stdout


def test_the_portal_is_ready_with_its_redis_and_not_without(redis_cache, client, db, settings):
    assert client.get("/sundhed/klar").status_code == 200
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert client.get("/sundhed/klar").status_code == 503


def test_every_task_that_beat_sends_is_known_to_the_worker(settings):
    app.loader.import_default_modules()
    sent = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sent
    assert sent <= set(app.tasks)


def test_a_task_sent_over_redis_is_done_by_a_worker(tmp_path):
    """One message, one worker of its own on a queue of its own, and the row it was to forget is gone."""
    queue = f"test-{os.getpid()}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'worker.sqlite3'}",
        "REDIS_URL": REDIS,
        "ENV_FILE": os.devnull,
    }
    make = (
        "import datetime as dt; from accounts.models import FailedLogins; from django.utils import timezone;"
        "FailedLogins.objects.create(key='old', last_failure_at=timezone.now() - dt.timedelta(days=30));"
        f"from accounts.tasks import forget_what_is_old; forget_what_is_old.apply_async(queue='{queue}')"
    )
    count = "from accounts.models import FailedLogins; print('left', FailedLogins.objects.count())"
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
    subprocess.run([*manage, "shell", "--verbosity", "0", "-c", make], env=environment, check=True)
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "unilogin_portal", "worker", "-Q", queue, "--pool", "solo"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(60):
            time.sleep(0.5)
            asked = subprocess.run(
                [*manage, "shell", "--verbosity", "0", "-c", count],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            if "left 0" in asked.stdout:
                break
        assert "left 0" in asked.stdout
    finally:
        worker.terminate()
        worker.wait(timeout=20)
