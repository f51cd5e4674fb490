"""Participants, what schools receive, and what is taken home."""

from django.urls import path

from .views import handover, join, participant, take_home

ROOM = "w/<uuid:workshop_id>/"
INBOX = "workshops/inbox/<uuid:school_id>/"

urlpatterns = [
    path("join/", join.workshop_find, name="workshop_find"),
    path(ROOM, participant.participant_detail, name="participant_detail"),
    path(ROOM + "room/", participant.participant_room, name="participant_room"),
    path(ROOM + "leave/", participant.participant_leave, name="participant_leave"),
    path(ROOM + "answers/<uuid:answer_id>/change/", participant.answer_revise, name="answer_revise"),
    path(ROOM + "answers/<uuid:answer_id>/withdraw/", participant.answer_withdraw, name="answer_withdraw"),
    path(ROOM + "steps/<str:step>/answers/", participant.answer_give, name="answer_give"),
    path(ROOM + "steps/<str:step>/seen/", participant.phone_observation_note, name="phone_observation_note"),
    path(ROOM + "lines/", participant.entry_add, name="entry_add"),
    path(ROOM + "lines/<uuid:entry_id>/me-too/", participant.phone_entry_second, name="phone_entry_second"),
    path(ROOM + "lines/<uuid:entry_id>/withdraw/", participant.entry_withdraw, name="entry_withdraw"),
    path(ROOM + "contrast/", participant.phone_contrast_add, name="phone_contrast_add"),
    path(ROOM + "contrast/<uuid:item_id>/withdraw/", participant.contrast_withdraw, name="contrast_withdraw"),
    path(ROOM + "picture/", participant.phone_picture_write, name="phone_picture_write"),
    path(ROOM + "picture/photo/", participant.picture_photograph, name="picture_photograph"),
    path(ROOM + "pictures/<uuid:group_id>/", participant.picture_photo, name="picture_photo"),
    path(ROOM + "elements/", participant.phone_element_add, name="phone_element_add"),
    path(ROOM + "adoptions/", participant.adoption_make, name="adoption_make"),
    path(ROOM + "adoptions/<int:adoption_id>/propose/", participant.adoption_propose, name="adoption_propose"),
    path(ROOM + "adoptions/table.docx", handover.adoption_table, name="adoption_table"),
    path(ROOM + "debrief/", participant.phone_debrief_add, name="phone_debrief_add"),
    path(ROOM + "teams/", participant.learning_team_found, name="learning_team_found"),
    path("w/<str:code>/", join.workshop_join, name="workshop_join"),
    path("w/<str:code>/come-in/", join.participant_join, name="participant_join"),
    path("w/<str:code>/go-on/", join.participant_resume, name="participant_resume"),
    path("t/<str:token>/", take_home.take_home, name="take_home"),
    path("t/<str:token>/picture/", take_home.take_home_picture, name="take_home_picture"),
    path(INBOX, handover.inbox, name="inbox"),
    path(INBOX + "ideas/<uuid:hand_over_id>/accept/", handover.idea_accept, name="idea_accept"),
    path(INBOX + "ideas/<uuid:hand_over_id>/decline/", handover.idea_decline, name="idea_decline"),
    path(INBOX + "teams/<uuid:team_id>/accept/", handover.learning_team_accept, name="learning_team_accept"),
]
