"""Addresses of co-creation: votes."""

from django.urls import URLPattern

PATHS: list[URLPattern] = []
