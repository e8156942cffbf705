"""Addresses of co-creation: decisions, promises, outcomes, questions to the brand, my contributions."""

from django.urls import URLPattern

PATHS: list[URLPattern] = []
