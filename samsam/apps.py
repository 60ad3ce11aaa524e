from django.apps import AppConfig


class SamsamConfig(AppConfig):
    name = "samsam"
    verbose_name = "SamSam"
