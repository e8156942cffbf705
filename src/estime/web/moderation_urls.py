"""Addresses of co-creation: reports, hidings, appeals."""

from django.urls import URLPattern

PATHS: list[URLPattern] = []
