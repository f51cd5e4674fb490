"""A student's page, what is said there, goals, check-ins and conferences."""

from django.urls import path

from .views import check_ins, conferences, entries, goals, learners, portraits, surveys

LEARNER = "learners/<uuid:learner>/"
ENTRY = LEARNER + "entries/<uuid:entry>/"
GOAL = LEARNER + "goals/<uuid:goal>/"
CHECK_IN = LEARNER + "check-ins/<uuid:check_in>/"
CONFERENCE = LEARNER + "conferences/<uuid:conference>/"

urlpatterns = [
    path("mine/", learners.learner_own, name="learner_own"),
    path("talks/", check_ins.talk_list, name="talk_list"),
    path("classes/<uuid:section>/learners/", learners.class_learners, name="class_learners"),
    path("schools/<uuid:school>/voice/", surveys.voice_import, name="voice_import"),
    path("schools/<uuid:school>/voice/apply/", surveys.voice_apply, name="voice_apply"),
    path(LEARNER, portraits.learner_detail, name="learner_detail"),
    path(LEARNER + "confirm/", portraits.learner_confirm, name="learner_confirm"),
    path(LEARNER + "readers/", learners.learner_readers, name="learner_readers"),
    path(LEARNER + "voice/", entries.learner_voice_write, name="learner_voice_write"),
    path(LEARNER + "voice/<slug:prompt>/", entries.learner_voice_answer, name="learner_voice_answer"),
    path(LEARNER + "entries/add/", entries.learner_entry_add, name="learner_entry_add"),
    path(ENTRY, entries.learner_entry_history, name="learner_entry_history"),
    path(ENTRY + "revise/", entries.learner_entry_revise, name="learner_entry_revise"),
    path(ENTRY + "answer/", entries.learner_entry_answer, name="learner_entry_answer"),
    path(ENTRY + "withdraw/", entries.learner_entry_withdraw, name="learner_entry_withdraw"),
    path(LEARNER + "goals/", goals.learner_goal_list, name="learner_goal_list"),
    path(LEARNER + "goals/set/", goals.learner_goal_set, name="learner_goal_set"),
    path(GOAL, goals.learner_goal_detail, name="learner_goal_detail"),
    path(GOAL + "to/<slug:state>/", goals.learner_goal_move, name="learner_goal_move"),
    path(GOAL + "adjust/", goals.learner_goal_adjust, name="learner_goal_adjust"),
    path(GOAL + "comment/", goals.learner_goal_comment, name="learner_goal_comment"),
    path(LEARNER + "week/", goals.learner_reflection_write, name="learner_reflection_write"),
    path(LEARNER + "check-ins/", check_ins.learner_check_in_list, name="learner_check_in_list"),
    path(LEARNER + "check-ins/plan/", check_ins.learner_check_in_plan, name="learner_check_in_plan"),
    path(CHECK_IN, check_ins.learner_check_in_detail, name="learner_check_in_detail"),
    path(CHECK_IN + "hold/", check_ins.learner_check_in_hold, name="learner_check_in_hold"),
    path(CHECK_IN + "miss/", check_ins.learner_check_in_miss, name="learner_check_in_miss"),
    path(CHECK_IN + "move/", check_ins.learner_check_in_move, name="learner_check_in_move"),
    path(
        LEARNER + "promises/<uuid:commitment>/<slug:state>/",
        check_ins.learner_commitment_settle,
        name="learner_commitment_settle",
    ),
    path(LEARNER + "conferences/", conferences.learner_conference_list, name="learner_conference_list"),
    path(LEARNER + "conferences/plan/", conferences.learner_conference_plan, name="learner_conference_plan"),
    path(CONFERENCE, conferences.learner_conference_detail, name="learner_conference_detail"),
    path(CONFERENCE + "print/", conferences.learner_conference_print, name="learner_conference_print"),
    path(CONFERENCE + "choose/", conferences.learner_conference_choose, name="learner_conference_choose"),
    path(CONFERENCE + "rehearse/", conferences.learner_conference_rehearse, name="learner_conference_rehearse"),
    path(CONFERENCE + "note/", conferences.learner_conference_note, name="learner_conference_note"),
    path(CONFERENCE + "promise/", conferences.learner_conference_promise, name="learner_conference_promise"),
    path(CONFERENCE + "hold/", conferences.learner_conference_hold, name="learner_conference_hold"),
]
