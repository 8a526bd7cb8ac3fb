"""Suppliers, agreements and what comes of them."""

from .agreement import Agreement, AgreementEvent, ProcessorContract, Terms
from .batch import BatchState, Outcome, RequestBatch, RequestOutcome
from .client import AccessToken, Client
from .notice import Scope, Subscription
from .provider import Connection, Provider, ProviderRequest, System, WebService
from .traffic import ExportVersion, Fetch, FetchFormat, Submission

__all__ = [
    "AccessToken",
    "Agreement",
    "AgreementEvent",
    "BatchState",
    "Client",
    "Connection",
    "ExportVersion",
    "Fetch",
    "FetchFormat",
    "Outcome",
    "ProcessorContract",
    "Provider",
    "ProviderRequest",
    "RequestBatch",
    "RequestOutcome",
    "Scope",
    "Submission",
    "Subscription",
    "System",
    "Terms",
    "WebService",
]
