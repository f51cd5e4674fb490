"""Trellis's own overview, in place of a video that may be gone or blocked: 14 cards and what the presenter says.

The figures are those of the library's overview (seed 002): 40–60 % without a sense of belonging, schools of 400 to 600,
classes of 18 to 30, teams of one to four years, four periods of 80 to 90 minutes. The student is invented.
Each card: {"title": Text, "figure": str, "lines": [Text, …], "say": Text}.
"""

from __future__ import annotations

from typing import Any

from .guide import CONTACT, LIBRARY, both
from .kit import Text

WORDS_A_MINUTE = 130
"""At this pace people can follow somebody who speaks without slides full of text."""
PAUSE_S = 5
"""A breath after each card."""


def card(title: Text, figure: str, say: Text, *lines: Text) -> dict[str, Any]:
    return {"title": title, "figure": figure, "lines": list(lines), "say": say}


TITLE = both("What makes a school personal?", "¿Qué hace personal a una escuela?")

CARDS: list[dict[str, Any]] = [
    card(
        both("Jonah, in October", "Jonah, en octubre"), "",
        both(
            "Jonah started ninth grade in a building of two thousand. He repairs bicycles on his uncle's porch and "
            "can explain every gear. At school he eats on the back stairs. He has counted eleven days on which no "
            "adult said his name. He is not in trouble; he is simply not expected anywhere.",
            "Jonah empezó noveno grado en un edificio de dos mil. Repara bicicletas en el porche de su tío y sabe "
            "explicar cada engranaje. En la escuela come en la escalera de atrás. Ha contado once días en los que "
            "ningún adulto dijo su nombre. No se porta mal; simplemente nadie lo espera en ningún lugar.",
        ),
        both("Eleven days without hearing his name", "Once días sin oír su nombre"),
    ),
    card(
        both("He is not the only one", "No es el único"), "40–60%",
        both(
            "Research puts the share of high school students without a sense of belonging at 40 to 60 percent. Who is "
            "tied neither to the books nor to the people takes part less, achieves less, and is likely to leave "
            "before the end. Think of your own ninth grade: four to six chairs in every ten.",
            "La investigación calcula que entre el 40 y el 60 por ciento de estudiantes de secundaria no siente que "
            "pertenece. Quien no tiene lazo con los libros ni con las personas participa menos, rinde menos y es "
            "probable que se vaya antes del final. Piense en su noveno grado: de cuatro a seis sillas de cada diez.",
        ),
        both("of high school students feel they do not belong", "de estudiantes de secundaria no siente que pertenece"),
        both("Less taking part, weaker results, more leaving", "Menos participación, peores resultados, más abandono"),
    ),
    card(
        both("What the better schools share", "Lo que comparten las mejores escuelas"), "",
        both(
            "Schools that became personal report better results and fewer students who drop out. They did it in "
            "different ways. What many have in common is a pair: a learning community small enough to know everyone, "
            "and serious academic work inside it. Neither half does it alone.",
            "Las escuelas que se volvieron personales informan mejores resultados y menos abandono. Lo hicieron de "
            "maneras distintas. Lo que muchas comparten es un par: una comunidad tan pequeña que todos se conocen, y "
            "un trabajo académico serio dentro de ella. Ninguna mitad basta sola.",
        ),
        both("Small communities", "Comunidades pequeñas"),
        both("and strong academics", "y un trabajo académico exigente"),
    ),
    card(
        both("Build small", "Construir en pequeño"), "400–600",
        both(
            "A district can open new, small high schools with room for 400 to 600 students, and no more. In studies, "
            "students of smaller schools came more often and were more often on track to graduate than students of "
            "large ones.",
            "Un distrito puede abrir escuelas nuevas y pequeñas, con lugar para entre 400 y 600 estudiantes, y no "
            "más. En los estudios, quienes van a escuelas más pequeñas asistieron más y estaban más encaminados a "
            "graduarse que quienes van a escuelas grandes.",
        ),
        both("students in a new small school", "estudiantes en una escuela nueva y pequeña"),
        both("Better attendance, more on track to graduate", "Más asistencia, más en camino a graduarse"),
    ),
    card(
        both("Or divide what is large", "O dividir lo grande"), "",
        both(
            "Most of us have the building we have. It can hold several small schools, each with its own hallway or "
            "floor. Some run themselves entirely; others share a principal, a gym or a band. How closely they are "
            "joined is yours to decide.",
            "La mayoría tenemos el edificio que tenemos. En él caben varias escuelas pequeñas, cada una con su "
            "pasillo o su piso. Algunas se manejan solas; otras comparten dirección, gimnasio o banda. Qué tan unidas "
            "están lo deciden ustedes.",
        ),
        both("Schools within a school, each in its own place", "Escuelas dentro de la escuela, cada una en su lugar"),
    ),
    card(
        both("Two ways to divide", "Dos maneras de dividir"), "",
        both(
            "One way: ninth graders in clusters, each with a core team from several subjects, and the whole school "
            "again from tenth grade. Another way: small schools around a theme that students choose, with the same "
            "teachers and classmates for all four years.",
            "Una manera: noveno grado en grupos, cada uno con un equipo central de varias materias, y desde décimo "
            "otra vez la escuela entera. Otra: escuelas pequeñas alrededor de un tema que cada estudiante elige, con "
            "docentes y compañeros iguales los cuatro años.",
        ),
        both("Ninth-grade clusters, each with a core team", "Grupos de noveno grado con un equipo central"),
        both("Themes to choose, for all four years", "Temas para elegir, los cuatro años"),
    ),
    card(
        both("Classes small enough", "Clases suficientemente pequeñas"), "18–30",
        both(
            "Whatever you change in the building, look at the class. Between 18 and 30 students is where the benefit "
            "was found to be greatest. It is a range, not a wish for the smallest number.",
            "Cambien lo que cambien en el edificio, miren la clase. El mayor beneficio se encontró entre 18 y 30 "
            "estudiantes. Es un margen, no un deseo del número más bajo.",
        ),
        both("students in a class", "estudiantes por clase"),
    ),
    card(
        both("What the time is for", "Para qué es el tiempo"), "",
        both(
            "Small is not the goal. It buys time: to find out what moves a student, to see trouble while it is still "
            "small, and to learn why it came. A teacher who knows that can encourage this student, and teach this "
            "student, differently from the next.",
            "Lo pequeño no es la meta. Compra tiempo: para saber qué mueve a cada estudiante, ver un problema cuando "
            "aún es pequeño y entender por qué llegó. Quien sabe eso puede animar y enseñar a cada estudiante de "
            "manera distinta.",
        ),
        both("Know what moves each student", "Saber qué mueve a cada estudiante"),
        both("Notice early, understand why, teach accordingly", "Notar a tiempo, entender por qué, enseñar según eso"),
    ),
    card(
        both("Warm and demanding", "Cercana y exigente"), "",
        both(
            "Being known is not being let off. Researchers speak of academic press: school insists on learning and "
            "expects much of everyone. Studies find that results improve where that insistence meets a caring, "
            "connected place.",
            "Que a uno lo conozcan no significa que le exijan menos. La investigación habla de exigencia académica: "
            "la escuela insiste en el aprendizaje y espera mucho de cada quien. Los resultados mejoran donde esa "
            "insistencia se une a un lugar cercano.",
        ),
        both("High expectations and real support, together", "Expectativas altas y apoyo real, a la vez"),
    ),
    card(
        both("Teams that stay", "Equipos que permanecen"), "1–4",
        both(
            "Many good models have teams of teachers from several subjects who stay with the same students: for one "
            "year, two, three or all four. Each year the bond is stronger. And the teachers gain colleagues who plan "
            "with them and know the same young people.",
            "Muchos buenos modelos tienen equipos de docentes de varias materias que siguen con los mismos "
            "estudiantes: uno, dos, tres o los cuatro años. Cada año el lazo es más fuerte. Y los docentes ganan "
            "colegas que planifican en conjunto y conocen a los mismos jóvenes.",
        ),
        both("years with the same team of teachers", "años con el mismo equipo docente"),
    ),
    card(
        both("Two teachers, one class", "Dos docentes, una clase"), "",
        both(
            "It works within one classroom too. Two teachers share plans and decisions. While one leads, the other "
            "sits down with single students. Each learns from what the other does well, and neither is alone with a "
            "student who struggles.",
            "También funciona dentro de un aula. Dos docentes comparten planes y decisiones. Mientras una persona "
            "conduce, la otra se sienta con cada estudiante. Cada una aprende de la otra, y ninguna está sola ante "
            "quien tiene dificultades.",
        ),
        both("One leads, one sits beside a student", "Una persona conduce, otra se sienta al lado"),
    ),
    card(
        both("Longer stretches of time", "Tramos de tiempo más largos"), "80–90",
        both(
            "Block schedules, longer periods, advisory and study time all let people meet properly. In one study, "
            "ninth graders who had a team from several subjects and four periods of 80 to 90 minutes a day earned "
            "more credits, and more of them moved on to tenth grade, than others.",
            "Los horarios en bloque, los períodos largos, la tutoría y el tiempo de estudio permiten un encuentro de "
            "verdad. En un estudio, quienes en noveno tuvieron un equipo de varias materias y cuatro períodos de 80 a "
            "90 minutos al día obtuvieron más créditos, y más pasaron a décimo, que los demás.",
        ),
        both("minutes a period, four periods a day", "minutos por período, cuatro períodos al día"),
        both("More credits; more students move on to tenth grade", "Más créditos; más estudiantes pasan a décimo"),
    ),
    card(
        both("Patience, and an early start together", "Paciencia, y empezar pronto en conjunto"), "",
        both(
            "Students, staff and board may doubt all this. So ask principal and staff at the very beginning, say "
            "openly how long it will take, and plan no more than you can carry. Teachers need training and much time "
            "to plan together. New students will hesitate. Keep at it.",
            "Estudiantes, personal y junta pueden dudar. Por eso consulten a dirección y personal desde el principio, "
            "digan con claridad cuánto tardará y no planifiquen más de lo que pueden sostener. El personal necesita "
            "formación y mucho tiempo para planificar en conjunto. Los estudiantes nuevos dudarán. Insistan.",
        ),
        both("Everyone's voice before the plan is made", "La voz de cada quien antes de hacer el plan"),
        both("An honest calendar, training, time to plan", "Un calendario honesto, formación, tiempo para planificar"),
    ),
    card(
        both("Jonah, in May", "Jonah, en mayo"), "",
        both(
            "Jonah was in no hurry to like the new advisory: the same fifteen people every morning? Then his advisor "
            "asked what his hands were black from. On Fridays he now runs the bicycle corner, and two teachers in "
            "algebra both know it. He is still late sometimes. But somebody notices, and he tells them why.",
            "A Jonah no le entusiasmaba la nueva tutoría: ¿las mismas quince personas cada mañana? Un día su tutora "
            "le preguntó de qué tenía negras las manos. Los viernes ahora atiende el rincón de bicicletas, y sus dos "
            "docentes de álgebra lo saben. A veces todavía llega tarde. Pero alguien lo nota, y él cuenta por qué.",
        ),
        both("Somebody notices", "Alguien lo nota"),
    ),
]  # fmt: skip

HANDOUT_LINKS: list[dict[str, Any]] = [
    {"title": both("Doing What Works Library", "Biblioteca Doing What Works"), "url": LIBRARY, "contact": CONTACT}
]


def seconds(language: str = "en") -> int:
    """How long the presenter speaks, all cards together."""
    words = sum(len(one["say"][language].split()) for one in CARDS)
    return round(words / WORDS_A_MINUTE * 60) + PAUSE_S * len(CARDS)
