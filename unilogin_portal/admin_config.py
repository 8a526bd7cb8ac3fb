"""Which site STIL's admin is. Apart from the site itself, because this is read before any model is."""

from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    default_site = "unilogin_portal.admin_site.OperatorSite"
