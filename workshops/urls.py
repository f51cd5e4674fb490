from django.urls import URLPattern, path

from . import urls_phones, urls_room
from .views import handover, kits, overview, take_away, workshops

app_name = "workshops"
KIT = "workshops/guides/<uuid:kit_id>/"
STEP = KIT + "steps/<str:key>/"
WORKSHOP = "workshops/<uuid:workshop_id>/"

urlpatterns: list[URLPattern] = [
    path("workshops/", workshops.workshop_list, name="workshop_list"),
    path("workshops/new/", workshops.workshop_create, name="workshop_create"),
    path("workshops/guides/", kits.kit_list, name="kit_list"),
    path(KIT, kits.kit_detail, name="kit_detail"),
    path(KIT + "copy/", kits.kit_copy, name="kit_copy"),
    path(KIT + "details/", kits.kit_write, name="kit_write"),
    path(KIT + "undo/", kits.kit_undo, name="kit_undo"),
    path(KIT + "steps/", kits.step_add, name="step_add"),
    path(STEP, kits.step_write, name="step_write"),
    path(STEP + "media/", kits.step_media, name="step_media"),
    path(STEP + "move/", kits.step_move, name="step_move"),
    path(STEP + "remove/", kits.step_remove, name="step_remove"),
    path("workshops/overview/", overview.overview_show, name="overview_show"),
    path("workshops/overview/handout/", overview.overview_handout, name="overview_handout"),
    path("workshops/overview/handout/<str:form>/", overview.overview_file, name="overview_file"),
    path(WORKSHOP, workshops.workshop_detail, name="workshop_detail"),
    path(WORKSHOP + "details/", workshops.workshop_write, name="workshop_write"),
    path(WORKSHOP + "media/<str:key>/", workshops.media_write, name="media_write"),
    path(WORKSHOP + "print/", workshops.workshop_print, name="workshop_print"),
    path(WORKSHOP + "take-away/", take_away.workshop_take_away, name="workshop_take_away"),
    path(WORKSHOP + "take-away/<str:what>/<str:form>/", take_away.take_away_file, name="take_away_file"),
    path(WORKSHOP + "schools/", handover.workshop_hand_over, name="workshop_hand_over"),
    path(WORKSHOP + "schools/<int:adoption_id>/send/", handover.hand_over_send, name="hand_over_send"),
    path(WORKSHOP + "schools/<int:adoption_id>/table/", handover.hand_over_table, name="hand_over_table"),
    path(WORKSHOP + "guide/", workshops.guide_take, name="guide_take"),
    path(WORKSHOP + "checklist/", workshops.checklist_tick, name="checklist_tick"),
    path(WORKSHOP + "links/", workshops.workshop_links, name="workshop_links"),
    path(WORKSHOP + "links/check/", workshops.links_check, name="links_check"),
    path(WORKSHOP + "helpers/", workshops.helper_add, name="helper_add"),
    path(WORKSHOP + "helpers/<int:helper_id>/remove/", workshops.helper_remove, name="helper_remove"),
    *urls_room.urlpatterns,
    *urls_phones.urlpatterns,
]
