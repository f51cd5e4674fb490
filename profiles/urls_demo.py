"""Reached from config/urls_demo.py alone, which only the settings of demo and tests name."""

from django.urls import path

from .views import demo

urlpatterns = [
    path("demo/", demo.demo_people, name="demo_people"),
    path("demo/sign-in/<slug:slug>/", demo.demo_sign_in, name="demo_sign_in"),
]
