"""Participants, what schools receive, and what is taken home."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
