"""A student's plan, path and units; what waits for an adult's yes."""

from django.urls import path

from .views import experiences, learner_path, plans, proposals

of_learner = "learners/<uuid:learner>/"
urlpatterns = [
    path("proposals/", proposals.proposal_list, name="proposal_list"),
    path("proposals/accept/", proposals.proposal_accept_many, name="proposal_accept_many"),
    path("schools/<uuid:school>/units/", experiences.experience_list, name="experience_list"),
    path("schools/<uuid:school>/units/offer/", experiences.experience_offer, name="experience_offer"),
    path("schools/<uuid:school>/units/<uuid:experience>/close/", experiences.experience_close, name="experience_close"),
    path("schools/<uuid:school>/credits/", experiences.credits_require, name="credits_require"),
    *(
        path(of_learner + route, view, name=view.__name__)
        for route, view in [
            ("plan/", plans.learner_plan),
            ("plan/begin/", plans.learner_plan_begin),
            ("plan/<uuid:plan>/move/", plans.learner_plan_move),
            ("plan/<uuid:plan>/acknowledge/", plans.learner_plan_acknowledge),
            ("plan/<uuid:plan>/allow/", plans.learner_plan_allow),
            ("plan/<uuid:plan>/items/", plans.learner_item_add),
            ("plan/items/<uuid:item>/", plans.learner_item_write),
            ("plan/items/<uuid:item>/move/", plans.learner_item_move),
            ("plan/items/<uuid:item>/remove/", plans.learner_item_remove),
            ("expectations/<int:expectation>/drop/", plans.learner_expectation_drop),
            ("expectations/<int:expectation>/restore/", plans.learner_expectation_restore),
            ("steps/<uuid:competency>/take/", learner_path.learner_step_take),
            ("steps/<uuid:competency>/put-off/", learner_path.learner_step_put_off),
            ("steps/<uuid:competency>/swap/", learner_path.learner_step_swap),
            ("steps/<uuid:competency>/ask/", learner_path.learner_step_ask),
            ("questions/<int:answer>/hear/", learner_path.learner_question_hear),
            ("path/steer/", learner_path.learner_path_steer),
            ("path/renew/", learner_path.learner_path_renew),
            ("proposals/<uuid:proposal>/agree/", proposals.learner_proposal_agree),
            ("proposals/<uuid:proposal>/decline/", proposals.learner_proposal_decline),
            ("proposals/<uuid:proposal>/accept/", proposals.learner_proposal_accept),
            ("proposals/<uuid:proposal>/refresh/", proposals.learner_proposal_refresh),
            ("proposals/<uuid:proposal>/take-back/", proposals.learner_proposal_take_back),
            ("units/", experiences.learner_experience_list),
            ("units/<uuid:experience>/enrol/", experiences.learner_experience_enrol),
            ("units/own/", experiences.learner_unit_begin),
            ("units/own/<uuid:unit>/", experiences.learner_unit_write),
            ("units/own/<uuid:unit>/submit/", experiences.learner_unit_submit),
            ("units/own/<uuid:unit>/reply/", experiences.learner_unit_reply),
        ]
    ),
]
