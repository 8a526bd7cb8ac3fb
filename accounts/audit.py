"""Recording what was done: by services, inside their transaction, so that act and record stand or fall together."""

from typing import Any

from django.db import models
from django.utils import timezone

from unilogin_portal.lib import requestlog

from .models import AuditEvent, Person, User


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
    context = requestlog.current.get()
    return AuditEvent.objects.create(
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
