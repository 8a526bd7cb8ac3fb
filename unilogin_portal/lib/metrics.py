"""What the portal counts about itself, for Prometheus."""

from prometheus_client import Counter, Histogram

REQUEST_SECONDS = Histogram("unilogin_request_seconds", "Time to answer a request", ["method", "route", "status"])
LOGINS = Counter("unilogin_logins", "Log-ins by way and outcome", ["method", "outcome"])
MITID_RESPONSES = Counter("unilogin_mitid_responses", "Answers from MitID by outcome", ["outcome"])
