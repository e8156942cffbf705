"""Addresses of the settings."""

from django.urls import URLPattern, path

from estime.web.views import settings, settings_accounts, settings_changes, settings_targets

PATHS: list[URLPattern] = [
    path("settings/", settings.settings, name="settings"),
    path("settings/accounts/", settings_accounts.settings_accounts, name="settings-accounts"),
    path("settings/measures/", settings.settings_measures, name="settings-measures"),
    path("settings/privacy/", settings.settings_privacy, name="settings-privacy"),
    path("settings/cocreation/", settings.settings_cocreation, name="settings-cocreation"),
    path("settings/listening/", settings.settings_listening, name="settings-listening"),
    path("settings/listening/targets/", settings_targets.settings_targets, name="settings-targets"),
    path("settings/listening/targets/new/", settings_targets.target_new, name="settings-target-new"),
    path("settings/listening/targets/change/", settings_targets.target_change, name="settings-target"),
    path("settings/listening/targets/remove/", settings_targets.target_remove, name="settings-target-remove"),
    path("settings/sign-in/", settings.settings_sign_in, name="settings-sign-in"),
    path("settings/changes/", settings_changes.settings_history, name="settings-changes"),
]
