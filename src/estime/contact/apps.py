from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "estime.contact"
    label = "contact"
    verbose_name = "Contact"
