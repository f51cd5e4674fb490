"""What families read, as reviewed sentences with slots, in every language families are offered.

Each is plain (about grade 5; a test measures the English), speaks of growth and never compares. Where a language has no
such sentence, English is shown and marked as English: nothing is translated by machine, nothing is left out silently.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "es")
FALLBACK = "en"

PHRASES: Mapping[str, Mapping[str, str]] = {
    # growth
    "new_one": {
        "en": "{name} can do something new:",
        "es": "{name} ya sabe hacer algo nuevo:",
    },
    "new_some": {
        "en": "{name} can do {n} new things. The newest:",
        "es": "{name} ya sabe hacer {n} cosas nuevas. La más reciente:",
    },
    "nearer": {
        "en": "{name} is on the way with this:",
        "es": "{name} va avanzando en esto:",
    },
    "too_early": {
        "en": "It is too early to say what is new. We want to see more work by {name} first.",
        "es": "Es pronto para decirle qué hay de nuevo. Antes queremos ver más trabajos de {name}.",
    },
    "kept_one": {
        "en": "So far, {name} has shown one skill well. It is kept for good.",
        "es": "Hasta ahora, {name} ha demostrado bien una habilidad. Eso ya no se pierde.",
    },
    "kept_some": {
        "en": "So far, {name} has shown {n} skills well. They are kept for good.",
        "es": "Hasta ahora, {name} ha demostrado bien {n} habilidades. Eso ya no se pierde.",
    },
    "kept_none": {
        "en": "We do not know yet which skills {name} has. That is not bad news: we need to see more.",
        "es": "Todavía no sabemos qué habilidades tiene {name}. No es mala noticia: solo nos falta ver más.",
    },
    "goal_met": {
        "en": "{name} reached a goal:",
        "es": "{name} alcanzó una meta:",
    },
    "goal_now": {
        "en": "{name} works toward this goal:",
        "es": "{name} trabaja por esta meta:",
    },
    "goal_none": {
        "en": "{name} has not set a goal yet. You can talk about one at home.",
        "es": "{name} todavía no tiene una meta. Pueden hablar de una en casa.",
    },
    # the next step, and why this one
    "step": {
        "en": "This comes next for {name}:",
        "es": "Esto es lo que sigue para {name}:",
    },
    "step_none": {
        "en": "The next step is still open. {name} can pick one at school.",
        "es": "El próximo paso está por decidirse. {name} puede elegirlo en la escuela.",
    },
    "why_goal": {"en": "It is part of a goal.", "es": "Es parte de una meta."},
    "why_opens": {"en": "It opens the way to more.", "es": "Abre el camino a más cosas."},
    "why_near": {"en": "A part of the way is done.", "es": "Ya hay una parte del camino hecha."},
    "why_interest": {"en": "It fits what {name} likes.", "es": "Va con lo que le gusta a {name}."},
    "why_due": {"en": "The class will need it soon.", "es": "La clase lo va a necesitar pronto."},
    "why_refresh": {
        "en": "{name} could do it before. It is time to look at it again.",
        "es": "{name} ya lo sabía hacer. Es buen momento para repasarlo.",
    },
    "why_variety": {"en": "It is a change from the last step.", "es": "Es algo distinto del paso anterior."},
    "why_expected": {"en": "The class works on it.", "es": "La clase trabaja en esto."},
    # one question for home
    "ask_show": {
        "en": "Ask {name}: “Can you show me how this works?”",
        "es": "Pregunte a {name}: «¿Me enseñas cómo funciona esto?»",
    },
    "ask_first": {
        "en": "Ask {name}: “What was hard about this at first?”",
        "es": "Pregunte a {name}: «¿Qué fue difícil de esto al principio?»",
    },
    "ask_where": {
        "en": "Ask {name}: “Where can we use this at home?”",
        "es": "Pregunte a {name}: «¿Dónde podemos usar esto en casa?»",
    },
    "ask_week": {
        "en": "Ask {name}: “What did you try this week that was new?”",
        "es": "Pregunte a {name}: «¿Qué cosa nueva intentaste esta semana?»",
    },
    # how far, for those who ask
    "far": {
        "en": "In {course}, {name} has shown {n} of {total} skills.",
        "es": "En {course}, {name} ha demostrado {n} de {total} habilidades.",
    },
    "far_unknown": {
        "en": "Of {n} we do not know yet. Not known does not mean not able.",
        "es": "De {n} todavía no sabemos. No saberlo no quiere decir que no pueda.",
    },
    "far_none": {
        "en": "No class of {name} has its skills listed here yet.",
        "es": "Ninguna clase de {name} tiene aquí su lista de habilidades todavía.",
    },
    # letters
    "week_subject": {"en": "What {name} did this week", "es": "Lo que hizo {name} esta semana"},
    "week_hello": {"en": "Dear {reader},", "es": "Hola, {reader}:"},
    "week_more": {
        "en": "You can read more on the family page. If you need a new link, ask the school.",
        "es": "Puede leer más en la página de la familia. Si necesita un enlace nuevo, pídalo en la escuela.",
    },
    "link_subject": {"en": "Your family page at {school}", "es": "Su página de familia en {school}"},
    "link_first": {
        "en": "This link opens a page about your child for 30 days. The school gives you the code for it.",
        "es": "Este enlace abre una página sobre su hija o hijo durante 30 días. La escuela le da el código.",
    },
}


def say(key: str, language: str, **slots: object) -> tuple[str, str]:
    """(the sentence, the language it is in). Raises `KeyError` for a phrase or a slot nobody wrote."""
    said = PHRASES[key]
    for one in (language, language.split("-")[0]):
        if one in said:
            return said[one].format(**slots), one
    return said[FALLBACK].format(**slots), FALLBACK
