"""What the portal counts about itself, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram

REQUEST_SECONDS = Histogram("unilogin_request_seconds", "Time to answer a request", ["method", "route", "status"])
LOGINS = Counter("unilogin_logins", "Log-ins by way and outcome", ["method", "outcome"])
MITID_RESPONSES = Counter("unilogin_mitid_responses", "Answers from MitID by outcome", ["outcome"])

# What stands in the database is counted when somebody reads: whoever registers here is asked then.
AT_SCRAPE = CollectorRegistry()
