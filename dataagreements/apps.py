from django.apps import AppConfig


class DataagreementsConfig(AppConfig):
    name = "dataagreements"
