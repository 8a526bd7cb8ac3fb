"""How gunicorn serves the portal; the environment may say otherwise by `GUNICORN_CMD_ARGS`."""

import os

wsgi_app = "unilogin_portal.wsgi"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
# The portal logs each request itself, without the query string.
accesslog = None
loglevel = "warning"
