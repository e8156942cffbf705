"""Addresses of co-creation: spaces and challenges."""

from django.urls import URLPattern

PATHS: list[URLPattern] = []
