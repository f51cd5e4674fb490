from django.urls import path

from .views import classes, evidence, invitations, people, schools, teams

app_name = "profiles"
CLASS = "classes/<uuid:section>/"
SKILL = "learners/<uuid:learner>/competencies/<uuid:competency>/"

urlpatterns = [
    path("settings/", people.settings_write, name="settings_write"),
    path("people/<uuid:person>/", people.person_detail, name="person_detail"),
    path("people/<uuid:person>/second-factor/take/", people.second_factor_take, name="second_factor_take"),
    path("schools/", schools.school_list, name="school_list"),
    path("schools/<uuid:school>/people/", schools.school_people, name="school_people"),
    path("schools/<uuid:school>/parts/", schools.part_choose, name="part_choose"),
    path("schools/<uuid:school>/parts/<slug:part>/begin/", schools.part_begin, name="part_begin"),
    path("schools/<uuid:school>/invite/", invitations.invitation_create, name="invitation_create"),
    path("schools/<uuid:school>/teams/", teams.team_create, name="team_create"),
    path("roles/<int:role>/end/", schools.role_end, name="role_end"),
    path("invitations/<uuid:invitation>/link/", invitations.invitation_link, name="invitation_link"),
    path("invitations/<uuid:invitation>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"),
    path("invitations/<uuid:invitation>/join/", invitations.invitation_join, name="invitation_join"),
    path("invitation/<slug:token>/", invitations.invitation_accept, name="invitation_accept"),
    path("teams/<uuid:team>/", teams.team_detail, name="team_detail"),
    path("teams/<uuid:team>/rename/", teams.team_rename, name="team_rename"),
    path("teams/<uuid:team>/members/", teams.team_add, name="team_add"),
    path("teams/<uuid:team>/members/<uuid:person>/remove/", teams.team_remove, name="team_remove"),
    path("teams/<uuid:team>/students/", evidence.team_students, name="team_students"),
    path("classes/", classes.class_list, name="class_list"),
    path(CLASS, classes.class_detail, name="class_detail"),
    path(CLASS + "rows/", classes.class_rows, name="class_rows"),
    path(CLASS + "print/", classes.class_print, name="class_print"),
    path(CLASS + "export/<str:form>/", classes.class_export, name="class_export"),
    path(CLASS + "record/", classes.class_record_last, name="class_record_last"),
    path(CLASS + "record/<uuid:competency>/", classes.class_record, name="class_record"),
    path(CLASS + "rate/", classes.class_rate, name="class_rate"),
    path(CLASS + "rate/rest/", classes.class_rate_rest, name="class_rate_rest"),
    path(CLASS + "take-back/", classes.class_take_back, name="class_take_back"),
    path(CLASS + "tasks/", classes.task_create, name="task_create"),
    path(CLASS + "tasks/<uuid:task>/", classes.task_detail, name="task_detail"),
    path(SKILL, evidence.learner_competency, name="learner_competency"),
    path(SKILL + "level/", evidence.level_set, name="level_set"),
    path(SKILL + "level/lift/", evidence.level_lift, name="level_lift"),
    path(SKILL + "evidence/<uuid:evidence>/attach/", evidence.evidence_attach, name="evidence_attach"),
    path(SKILL + "evidence/<uuid:evidence>/take-back/", evidence.evidence_take_back, name="evidence_take_back"),
    path("learners/<uuid:learner>/files/<uuid:file>/", evidence.evidence_file, name="evidence_file"),
]
