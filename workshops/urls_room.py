"""The facilitator page and its acts, the projector, and the clock that both count by."""

from django.urls import path

from .views import capture, facilitate, screen, steering

WORKSHOP = "workshops/<uuid:workshop_id>/"
STEP = WORKSHOP + "steps/<int:step_id>/"
SCREEN = WORKSHOP + "screen/<str:token>/"

urlpatterns = [
    path("time/", screen.clock_time, name="clock_time"),
    path(WORKSHOP + "facilitate/", facilitate.workshop_facilitate, name="workshop_facilitate"),
    path(WORKSHOP + "presence/", facilitate.workshop_presence, name="workshop_presence"),
    path(SCREEN, screen.workshop_screen, name="workshop_screen"),
    path(SCREEN + "pictures/<uuid:group_id>/", screen.screen_picture, name="screen_picture"),
    # steering
    path(WORKSHOP + "lobby/open/", steering.lobby_open, name="lobby_open"),
    path(WORKSHOP + "door/open/", steering.door_open, name="door_open"),
    path(WORKSHOP + "door/close/", steering.door_close, name="door_close"),
    path(WORKSHOP + "next/", steering.step_next, name="step_next"),
    path(STEP + "enter/", steering.step_enter, name="step_enter"),
    path(STEP + "skip/", steering.step_skip, name="step_skip"),
    path(STEP + "restore/", steering.step_restore, name="step_restore"),
    path(STEP + "reveal/", steering.step_reveal, name="step_reveal"),
    path(WORKSHOP + "pause/", steering.workshop_pause, name="workshop_pause"),
    path(WORKSHOP + "resume/", steering.workshop_resume, name="workshop_resume"),
    path(WORKSHOP + "time/add/", steering.time_add, name="time_add"),
    path(WORKSHOP + "time/stop/", steering.timer_stop, name="timer_stop"),
    path(WORKSHOP + "knowledge/", steering.knowledge_set, name="knowledge_set"),
    path(WORKSHOP + "times/adjust/", steering.times_adjust, name="times_adjust"),
    path(WORKSHOP + "times/undo/", steering.times_undo, name="times_undo"),
    path(WORKSHOP + "groups/form/", steering.groups_form, name="groups_form"),
    path(WORKSHOP + "groups/lock/", steering.groups_lock, name="groups_lock"),
    path(WORKSHOP + "groups/move/", steering.group_move, name="group_move"),
    path(WORKSHOP + "close/", steering.workshop_close, name="workshop_close"),
    path(WORKSHOP + "take-over/", steering.lead_take_over, name="lead_take_over"),
    path(WORKSHOP + "take-back/", steering.lead_take_back, name="lead_take_back"),
    # what is said
    path(WORKSHOP + "entries/", capture.entry_capture, name="entry_capture"),
    path(WORKSHOP + "entries/<uuid:entry_id>/second/", capture.entry_plus_one, name="entry_plus_one"),
    path(WORKSHOP + "entries/hide/", capture.entry_hide, name="entry_hide"),
    path(WORKSHOP + "entries/show/", capture.entry_show, name="entry_show"),
    path(WORKSHOP + "entries/move/", capture.entry_move, name="entry_move"),
    path(WORKSHOP + "themes/", capture.theme_make, name="theme_make"),
    path(WORKSHOP + "themes/<uuid:theme_id>/rename/", capture.theme_rename, name="theme_rename"),
    path(WORKSHOP + "themes/<uuid:theme_id>/undo/", capture.theme_undo, name="theme_undo"),
    path(WORKSHOP + "suggestions/decline/", capture.suggestion_decline, name="suggestion_decline"),
    path(WORKSHOP + "contrast/", capture.contrast_capture, name="contrast_capture"),
    path(WORKSHOP + "contrast/pair/", capture.contrast_pair, name="contrast_pair"),
    path(WORKSHOP + "contrast/unpair/", capture.contrast_unpair, name="contrast_unpair"),
    path(WORKSHOP + "contrast/hide/", capture.contrast_hide, name="contrast_hide"),
    path(WORKSHOP + "contrast/show/", capture.contrast_show, name="contrast_show"),
    path(WORKSHOP + "observations/", capture.observation_capture, name="observation_capture"),
    path(WORKSHOP + "observations/align/", capture.observation_align, name="observation_align"),
    path(WORKSHOP + "observations/hide/", capture.observation_hide, name="observation_hide"),
    path(WORKSHOP + "observations/show/", capture.observation_show, name="observation_show"),
    path(WORKSHOP + "groups/<uuid:group_id>/photo/", capture.group_photo, name="group_photo"),
    path(WORKSHOP + "groups/<uuid:group_id>/picture/hide/", capture.picture_hide, name="picture_hide"),
    path(WORKSHOP + "groups/<uuid:group_id>/picture/show/", capture.picture_show, name="picture_show"),
    path(WORKSHOP + "groups/<uuid:group_id>/picture/", capture.picture_capture, name="picture_capture"),
    path(WORKSHOP + "groups/<uuid:group_id>/elements/", capture.element_capture, name="element_capture"),
    path(WORKSHOP + "elements/<uuid:element_id>/adopt/", capture.element_adopt, name="element_adopt"),
    path(WORKSHOP + "debrief/", capture.debrief_capture, name="debrief_capture"),
    path(WORKSHOP + "debrief/hide/", capture.debrief_hide, name="debrief_hide"),
    path(WORKSHOP + "debrief/show/", capture.debrief_show, name="debrief_show"),
    path(WORKSHOP + "learning-teams/", capture.learning_team_add, name="learning_team_add"),
    path(WORKSHOP + "people/", capture.person_add, name="person_add"),
    path(WORKSHOP + "people/<uuid:participant_id>/remove/", capture.person_remove, name="person_remove"),
]
