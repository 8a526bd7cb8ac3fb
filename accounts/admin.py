"""What STIL looks after in the admin: the services on Mit Unilogin, and the audit to read."""

from typing import TYPE_CHECKING, cast

from django.contrib import admin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest

from . import audit
from .models import AuditEvent, ServiceLink, User

# Generic only to the type checker.
if TYPE_CHECKING:
    _ServiceLinkAdmin = admin.ModelAdmin[ServiceLink]
    _AuditEventAdmin = admin.ModelAdmin[AuditEvent]
else:
    _ServiceLinkAdmin = _AuditEventAdmin = admin.ModelAdmin


admin.site.unregister(Group)  # rights come from memberships and MitID Erhverv, not from groups


@admin.register(ServiceLink)
class ServiceLinkAdmin(_ServiceLinkAdmin):
    list_display = ("name", "url", "is_offered", "position")
    list_editable = ("is_offered", "position")
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: ServiceLink, form: "ModelForm[ServiceLink]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record("service_link.changed" if change else "service_link.added", obj, by=cast(User, request.user))


@admin.register(AuditEvent)
class AuditEventAdmin(_AuditEventAdmin):
    """To read only: nobody changes what happened."""

    list_display = ("at", "action", "actor_role", "actor_institution", "object_type", "object_id")
    list_filter = ("action",)
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False
