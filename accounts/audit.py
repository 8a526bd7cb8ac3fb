"""Recording what was done, and forgetting it when its time is over.

Services record inside their transaction, so that act and record stand or fall together.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from unilogin_portal.lib import bulk, requestlog

from .models import AuditEvent, Person, User

# How long what happened can be looked up (D9.4): log-ins half a year, all else five years.
LOGIN_RETENTION = timedelta(days=180)
RETENTION = timedelta(days=5 * 365)
LOGIN_ACTIONS = ("login.", "session.", "mitid.")


def forget_old() -> int:
    """Delete events that are past their retention; return how many. Safe to run twice."""
    now = timezone.now()
    log_ins = Q()
    for beginning in LOGIN_ACTIONS:
        log_ins |= Q(action__startswith=beginning)
    past = Q(at__lt=now - RETENTION) | (log_ins & Q(at__lt=now - LOGIN_RETENTION))
    return AuditEvent.objects.filter(past).delete()[0]


def record(
    action: str,
    obj: models.Model | None = None,
    *,
    by: User | None,
    subject: Person | None = None,
    role: str = "",
    institution: str = "",
    purpose: str = "",
    **details: Any,
) -> AuditEvent:
    """Write one event. `by=None` means the system; `details` must be free of names, CPR numbers and secrets.

    The address and the request's id come from the request's context, where the middleware put them.
    """
    event = _event(action, obj, subject, by=by, role=role, institution=institution, purpose=purpose, details=details)
    event.save()
    return event


def record_many(
    action: str,
    about: Iterable[tuple[models.Model | None, Person | None]],
    *,
    by: User | None,
    role: str = "",
    institution: str = "",
    **details: Any,
) -> None:
    """Write an event for each pair of an object and the person it is about: one query, however many."""
    AuditEvent.objects.bulk_create(
        _event(action, obj, subject, by=by, role=role, institution=institution, purpose="", details=details)
        for obj, subject in about
    )


def record_each(
    action: str, about: Iterable[tuple[models.Model, str]], *, by: User | None, role: str = "", **details: Any
) -> None:
    """Write an event for each pair of an object and the number of its institution: thousands in one statement.

    Inside a transaction. `about` may name objects by no more than their type and key.
    """
    context = requestlog.current.get()
    rows = [(obj._meta.label_lower, str(obj.pk), institution) for obj, institution in about]
    always = {
        "at": timezone.now(),
        "action": action,
        "actor_id": by.pk if by else None,
        "actor_role": role,
        "ip": context.ip,
        "request_id": context.request_id,
        "details": details,
    }
    bulk.insert(AuditEvent, ("object_type", "object_id", "actor_institution"), rows, always=always)


def _event(
    action: str,
    obj: models.Model | None,
    subject: Person | None,
    *,
    by: User | None,
    role: str,
    institution: str,
    purpose: str,
    details: dict[str, Any],
) -> AuditEvent:
    context = requestlog.current.get()
    return AuditEvent(
        at=timezone.now(),
        action=action,
        actor=by,
        actor_role=role,
        actor_institution=institution,
        subject=subject,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        purpose=purpose,
        ip=context.ip,
        request_id=context.request_id,
        details=details,
    )
