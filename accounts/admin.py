"""What STIL looks after in the admin: the services on Mit Unilogin, and the audit to read."""

from typing import TYPE_CHECKING, cast

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import audit, services
from .models import AuditEvent, ServiceLink, User

# Generic only to the type checker.
if TYPE_CHECKING:
    _ServiceLinkAdmin = admin.ModelAdmin[ServiceLink]
    _AuditEventAdmin = admin.ModelAdmin[AuditEvent]
    _UserAdmin = admin.ModelAdmin[User]
else:
    _ServiceLinkAdmin = _AuditEventAdmin = _UserAdmin = admin.ModelAdmin


admin.site.unregister(Group)  # rights come from memberships and MitID Erhverv, not from groups


@admin.register(ServiceLink)
class ServiceLinkAdmin(_ServiceLinkAdmin):
    list_display = ("name", "url", "is_offered", "position")
    list_editable = ("is_offered", "position")
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: ServiceLink, form: "ModelForm[ServiceLink]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record("service_link.changed" if change else "service_link.added", obj, by=cast(User, request.user))


@admin.register(User)
class UserAdmin(_UserAdmin):
    """To end a pause for somebody whose whole user name is known: no list to look through."""

    list_display = ("username", "state")
    list_display_links = None
    search_fields = ("=username",)
    actions = ("end_pauses",)
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        if not search_term.strip():
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    @admin.action(description=gettext_lazy("End pauses after wrong passwords"))
    def end_pauses(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.select_related("person"):
            services.clear_pause(user, by=cast(User, request.user))
        self.message_user(request, _("The pauses are ended."), messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


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
