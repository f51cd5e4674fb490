"""How levels are worked out, in plain sentences for leaders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .mastery import PARAMETERS, Policy
from .models import MasteryPolicy

Method = MasteryPolicy.Method

SENTENCES: dict[str, str | Promise] = {
    Method.MODE: gettext_lazy(
        "The level seen most often among the last pieces counts; of equally frequent ones, the newest."
    ),
    Method.DECAYING: gettext_lazy(
        "Each new piece counts for a fixed share and everything before it for the rest, again and again."
    ),
    Method.WEIGHTED: gettext_lazy("The newest piece counts for a fixed share, the mean of all before it for the rest."),
    Method.LATEST: gettext_lazy("The newest piece alone counts."),
    Method.HIGHEST: gettext_lazy("The best piece alone counts."),
    Method.MEAN: gettext_lazy("All pieces count alike, old and new."),
    Method.N_MASTERY: gettext_lazy(
        "Once there are enough pieces at secure or above, their mean counts; until then nothing is known."
    ),
    Method.POWER: gettext_lazy("A curve of growth is drawn through all pieces, and where it ends counts."),
    Method.BEST_FIT: gettext_lazy(
        "A line, a curve and the mean are drawn; whichever lies nearest to the pieces counts."
    ),
    Method.BKT: gettext_lazy("From right and wrong answers one by one: how likely is it that the student knows it?"),
}
ONE_SLIP = gettext_lazy(
    "One slip weighs for long here: after secure, secure, emerging, secure the level is "
    "developing. Few schools want that."
)


@dataclass(frozen=True)
class RuleInWords:
    """A rule as a page shows it."""

    name: str
    sentence: str
    asks: str
    warning: str

    @classmethod
    def of(cls, rule: Policy) -> RuleInWords:
        method = Method(rule.method)
        return cls(
            str(method.label),
            f"{SENTENCES[method]} {_parameters(rule)}".strip(),
            _asks(rule),
            str(ONE_SLIP) if method == Method.POWER else "",
        )


def _parameters(rule: Policy) -> str:
    said: dict[str, Any] = {
        name: rule.parameters.get(name, one[0]) for name, one in PARAMETERS.get(rule.method, {}).items()
    }
    if "w" in said:
        return _("The share is %(share)s %%.") % {"share": round(float(said["w"]) * 100)}
    if "k" in said:
        k = int(said["k"])
        return ngettext("It looks at %(k)s piece.", "It looks at %(k)s pieces.", k) % {"k": k}
    if said:
        return _("Known before: %(L0)s, learned on the way: %(T)s, slips: %(S)s, lucky guesses: %(G)s.") % said
    return ""


def _asks(rule: Policy) -> str:
    """What it takes before anything is said."""
    n = rule.min_evidence
    said = [ngettext("Known from %(n)s piece of evidence on", "Known from %(n)s pieces of evidence on", n) % {"n": n}]
    if rule.min_kinds > 1:
        said.append(_("of at least %(n)s different kinds") % {"n": rule.min_kinds})
    if rule.require_independent:
        said.append(_("one of them on the student's own"))
    return ", ".join(said) + ". " + _("A refresh is suggested after %(days)s days.") % {"days": rule.refresh_days}
