from django.urls import path

from .views import competencies, frameworks, invitations, people, schools, teams, units

app_name = "profiles"
UNITS = "classes/<uuid:section>/competencies/"
UNIT = UNITS + "units/<uuid:unit>/"
SKILL_OF_FRAMEWORK = "competencies/<uuid:competency>/"

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
    path("frameworks/", frameworks.framework_list, name="framework_list"),
    path("frameworks/import/", frameworks.framework_import, name="framework_import"),
    path("frameworks/import/<uuid:record>/", frameworks.framework_import_detail, name="framework_import_detail"),
    path("frameworks/import/<uuid:record>/apply/", frameworks.framework_import_apply, name="framework_import_apply"),
    path("frameworks/<uuid:framework>/", frameworks.framework_detail, name="framework_detail"),
    path("frameworks/<uuid:framework>/export/", frameworks.framework_export, name="framework_export"),
    path("frameworks/<uuid:framework>/map/", frameworks.framework_map, name="framework_map"),
    path(SKILL_OF_FRAMEWORK, competencies.competency_detail, name="competency_detail"),
    path(SKILL_OF_FRAMEWORK + "write/", competencies.competency_write, name="competency_write"),
    path(SKILL_OF_FRAMEWORK + "withdraw/", competencies.competency_withdraw, name="competency_withdraw"),
    path(SKILL_OF_FRAMEWORK + "links/<uuid:link>/", competencies.link_strength, name="link_strength"),
    path("schools/<uuid:school>/competencies/", competencies.school_competencies, name="school_competencies"),
    path("schools/<uuid:school>/competencies/add/", competencies.competency_add, name="competency_add"),
    path(UNITS, units.class_competencies, name="class_competencies"),
    path(UNITS + "map/", units.class_map, name="class_map"),
    path(UNITS + "copy/", units.units_copy, name="units_copy"),
    path(UNITS + "units/add/", units.unit_add, name="unit_add"),
    path(UNIT + "rename/", units.unit_rename, name="unit_rename"),
    path(UNIT + "move/", units.unit_move, name="unit_move"),
    path(UNIT + "remove/", units.unit_remove, name="unit_remove"),
    path(UNIT + "be-in/", units.unit_be_in, name="unit_be_in"),
    path(UNIT + "choose/", units.expectation_choose, name="expectation_choose"),
    path(UNIT + "write/", units.expectation_write, name="expectation_write"),
    path(UNITS + "<uuid:competency>/drop/", units.expectation_drop, name="expectation_drop"),
]
