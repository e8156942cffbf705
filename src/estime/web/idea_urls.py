"""Addresses of co-creation: contributions, drafts, discussion, pictures, merges."""

from django.urls import URLPattern

PATHS: list[URLPattern] = []
