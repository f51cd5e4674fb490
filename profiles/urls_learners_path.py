"""A student's plan, path and units; what waits for an adult's yes."""

from django.urls import path

from .views import experiences, learner_path, plans, proposals

OF_LEARNER = "learners/<uuid:learner>/"
urlpatterns = [
    path("proposals/", proposals.proposal_list, name="proposal_list"),
    path("proposals/accept/", proposals.proposal_accept_many, name="proposal_accept_many"),
    path("schools/<uuid:school>/units/", experiences.experience_list, name="experience_list"),
    path("schools/<uuid:school>/units/offer/", experiences.experience_offer, name="experience_offer"),
    path("schools/<uuid:school>/units/<uuid:experience>/close/", experiences.experience_close, name="experience_close"),
    path("schools/<uuid:school>/credits/", experiences.credits_require, name="credits_require"),
    path(OF_LEARNER + "plan/", plans.learner_plan, name="learner_plan"),
    path(OF_LEARNER + "plan/begin/", plans.learner_plan_begin, name="learner_plan_begin"),
    path(OF_LEARNER + "plan/<uuid:plan>/move/", plans.learner_plan_move, name="learner_plan_move"),
    path(OF_LEARNER + "plan/<uuid:plan>/acknowledge/", plans.learner_plan_acknowledge, name="learner_plan_acknowledge"),
    path(OF_LEARNER + "plan/<uuid:plan>/allow/", plans.learner_plan_allow, name="learner_plan_allow"),
    path(OF_LEARNER + "plan/<uuid:plan>/items/", plans.learner_item_add, name="learner_item_add"),
    path(OF_LEARNER + "plan/items/<uuid:item>/", plans.learner_item_write, name="learner_item_write"),
    path(OF_LEARNER + "plan/items/<uuid:item>/move/", plans.learner_item_move, name="learner_item_move"),
    path(OF_LEARNER + "plan/items/<uuid:item>/remove/", plans.learner_item_remove, name="learner_item_remove"),
    path(
        OF_LEARNER + "expectations/<int:expectation>/drop/",
        plans.learner_expectation_drop,
        name="learner_expectation_drop",
    ),
    path(
        OF_LEARNER + "expectations/<int:expectation>/restore/",
        plans.learner_expectation_restore,
        name="learner_expectation_restore",
    ),
    path(OF_LEARNER + "steps/<uuid:competency>/take/", learner_path.learner_step_take, name="learner_step_take"),
    path(
        OF_LEARNER + "steps/<uuid:competency>/put-off/", learner_path.learner_step_put_off, name="learner_step_put_off"
    ),
    path(OF_LEARNER + "steps/<uuid:competency>/swap/", learner_path.learner_step_swap, name="learner_step_swap"),
    path(OF_LEARNER + "steps/<uuid:competency>/ask/", learner_path.learner_step_ask, name="learner_step_ask"),
    path(OF_LEARNER + "questions/<int:answer>/hear/", learner_path.learner_question_hear, name="learner_question_hear"),
    path(OF_LEARNER + "path/steer/", learner_path.learner_path_steer, name="learner_path_steer"),
    path(OF_LEARNER + "path/renew/", learner_path.learner_path_renew, name="learner_path_renew"),
    path(
        OF_LEARNER + "proposals/<uuid:proposal>/agree/", proposals.learner_proposal_agree, name="learner_proposal_agree"
    ),
    path(
        OF_LEARNER + "proposals/<uuid:proposal>/decline/",
        proposals.learner_proposal_decline,
        name="learner_proposal_decline",
    ),
    path(
        OF_LEARNER + "proposals/<uuid:proposal>/accept/",
        proposals.learner_proposal_accept,
        name="learner_proposal_accept",
    ),
    path(
        OF_LEARNER + "proposals/<uuid:proposal>/refresh/",
        proposals.learner_proposal_refresh,
        name="learner_proposal_refresh",
    ),
    path(
        OF_LEARNER + "proposals/<uuid:proposal>/take-back/",
        proposals.learner_proposal_take_back,
        name="learner_proposal_take_back",
    ),
    path(OF_LEARNER + "units/", experiences.learner_experience_list, name="learner_experience_list"),
    path(
        OF_LEARNER + "units/<uuid:experience>/enrol/",
        experiences.learner_experience_enrol,
        name="learner_experience_enrol",
    ),
    path(OF_LEARNER + "units/own/", experiences.learner_unit_begin, name="learner_unit_begin"),
    path(OF_LEARNER + "units/own/<uuid:unit>/", experiences.learner_unit_write, name="learner_unit_write"),
    path(OF_LEARNER + "units/own/<uuid:unit>/submit/", experiences.learner_unit_submit, name="learner_unit_submit"),
    path(OF_LEARNER + "units/own/<uuid:unit>/reply/", experiences.learner_unit_reply, name="learner_unit_reply"),
]
