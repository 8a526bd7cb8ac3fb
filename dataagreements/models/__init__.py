"""Suppliers, agreements and what comes of them."""

from .agreement import Agreement, AgreementEvent, Fetch, FetchFormat, ProcessorContract, Terms
from .batch import BatchState, Outcome, RequestBatch, RequestOutcome
from .notice import Scope, Subscription
from .provider import Connection, Provider, ProviderRequest, System, WebService

__all__ = [
    "Agreement",
    "AgreementEvent",
    "BatchState",
    "Connection",
    "Fetch",
    "FetchFormat",
    "Outcome",
    "ProcessorContract",
    "Provider",
    "ProviderRequest",
    "RequestBatch",
    "RequestOutcome",
    "Scope",
    "Subscription",
    "System",
    "Terms",
    "WebService",
]
