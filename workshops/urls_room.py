"""The facilitator's page and the projector's."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
