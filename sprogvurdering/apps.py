from django.apps import AppConfig


class SprogvurderingConfig(AppConfig):
    name = "sprogvurdering"
