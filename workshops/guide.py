"""The guide that comes with Trellis: “Learning together” in twelve parts, in English and Spanish (workshops.md 6).

The words are ours; titles, speakers, places and durations of the videos are those of the Doing What Works Library,
where they are listed under other titles than the workshop's steps use: hence slots, items, and “confirm this match”.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from .kit import Text

BUILT_IN_ID = UUID("00000000-0000-4000-8000-000000000001")
"""Stands in addresses and forms for the guide that is in no database."""

LIBRARY = "https://dwwlibrary.wested.org/"
SOURCE = "Doing What Works Library, WestEd"
CONTACT = "dww@wested.org"

MINUTE = 60


def both(en: str, es: str) -> Text:
    return {"en": en, "es": es}


def video(
    slot: str, title: str, duration_s: int, about: Text, *, speaker: str = "", place: str = "", confirmed: bool = False
) -> dict[str, Any]:
    """A video of the library. Titles are names and stay as they are; the videos are in English."""
    return {
        "slot": both(slot, slot),
        "title": both(title, title),
        "speaker": speaker,
        "place": place,
        "about": about,
        "duration_s": duration_s,
        "source": SOURCE,
        "contact": CONTACT,
        "url": LIBRARY,
        "confirmed": confirmed,
    }


def part(
    key: str,
    step: int,
    kind: str,
    title: Text,
    planned: int,
    floor: int,
    *,
    notes: list[Text],
    people: Text,
    screen: Text,
    roles: Text,
    materials: list[Text],
    weight: float = 1.0,
    stretch: int = 0,
    prompts: list[dict[str, Any]] | None = None,
    media: dict[str, Any] | None = None,
    optional: bool = False,
    choice_set: str = "",
) -> dict[str, Any]:
    """One part; `planned`, `floor` and `stretch` in minutes, a video's time its own to the second."""
    planned_s, floor_s = (media["duration_s"],) * 2 if media else (planned * MINUTE, floor * MINUTE)
    return {
        "key": key,
        "step": step,
        "kind": kind,
        "title": title,
        "planned_s": planned_s,
        "floor_s": floor_s,
        "weight": weight,
        "stretch_s": stretch * MINUTE,
        "optional": optional,
        "fixed": media is not None,
        "choice_set": choice_set,
        "notes": notes,
        "people": people,
        "screen": screen,
        "materials": materials,
        "roles": roles,
        "prompts": prompts or [],
        "media": media,
    }


PROJECTOR = both("Computer with internet and sound, projector", "Computadora con internet y sonido, proyector")
SHEETS = both("Three chart sheets and markers", "Tres hojas de rotafolio y marcadores")
WHOLE_ROOM = both("Everyone together; one person takes notes", "Todo el grupo; una persona toma notas")

STEP_TITLES: dict[int, Text] = {
    0: both("Arriving", "Llegada"),
    1: both("What we bring and what we ask", "Lo que traemos y lo que preguntamos"),
    2: both("What a personalized school is, and is not", "Qué es una escuela personalizada y qué no lo es"),
    3: both("A school that does it", "Una escuela que lo hace"),
    4: both("Our picture of the ideal school", "Nuestra imagen de la escuela ideal"),
    5: both("Bringing the pictures together", "Reunir las imágenes"),
    6: both("Closing, and going on", "Cierre y continuación"),
}

ARRIVE = part(
    "0", 0, "welcome", both("Arrive and join", "Llegar y unirse"), 5, 2,
    weight=0.5,
    notes=[
        both(
            "Phones are welcome and nobody needs one. Add people without a phone to the list yourself: they count.",
            "Los teléfonos son bienvenidos y nadie necesita uno. Agregue usted a quien no tenga: también cuenta.",
        ),
        both(
            "Ask people to sit four to a table, not only with those they came with.",
            "Pida que se sienten de a cuatro por mesa, y no solo con quienes llegaron.",
        ),
    ],
    people=both(
        "Take a seat at a table for four. Join with the code if you like, or simply listen and speak.",
        "Tome asiento en una mesa de cuatro. Únase con el código si quiere, o simplemente escuche y hable.",
    ),
    screen=both(
        "Welcome. Two hours about one question: what makes a school personal?",
        "Le damos la bienvenida. Dos horas sobre una pregunta: ¿qué hace personal a una escuela?",
    ),
    materials=[PROJECTOR, both("Join slips for those who want paper", "Papelitos con el código para quien los quiera")],
    roles=both("A helper greets at the door", "Alguien del equipo recibe en la puerta"),
)  # fmt: skip

WRITE = part(
    "1a", 1, "write", both("Quiet writing", "Escribir en silencio"), 5, 3,
    stretch=3,
    notes=[
        both(
            "Five minutes of quiet. Talk over it and people stop thinking; one tap gives more time.",
            "Cinco minutos de silencio. Si usted habla, la gente deja de pensar; un toque da más tiempo.",
        ),
        both(
            "What is written stays with its writer until you show it to everyone.",
            "Lo escrito queda con quien lo escribió hasta que usted lo muestre a todo el grupo.",
        ),
    ],
    people=both(
        "Write for yourself, a line or two for each question. Nobody reads it yet.",
        "Escriba para usted, una o dos líneas por pregunta. Nadie lo lee todavía.",
    ),
    screen=both("Three questions, five quiet minutes", "Tres preguntas, cinco minutos de silencio"),
    materials=[both("Paper and pens for those without a phone", "Papel y bolígrafos para quien no use teléfono")],
    roles=both("Each person alone", "Cada persona por su cuenta"),
    prompts=[
        {
            "key": "why",
            "text": both("What brings you to this topic?", "¿Qué le trae a este tema?"),
            "sheet": both("What brings us here", "Lo que nos trae"),
        },
        {
            "key": "wonder",
            "text": both("What are you wondering about?", "¿Qué se pregunta usted?"),
            "sheet": both("What we wonder", "Lo que nos preguntamos"),
        },
        {
            "key": "take",
            "text": both(
                "What should go home with you to your school or district?",
                "¿Qué quisiera llevarse a su escuela o distrito?",
            ),
            "sheet": both("What goes home with us", "Lo que nos llevamos"),
        },
    ],
)  # fmt: skip

PAIR = part(
    "1b", 1, "pair", both("Turn to a neighbor", "Hablar con quien está al lado"), 5, 3,
    stretch=3,
    notes=[
        both(
            "Say when half the time is over, so that both get to speak.",
            "Avise a la mitad del tiempo, para que hablen las dos personas.",
        ),
        both(
            "Walk between the tables and listen for what comes up twice.",
            "Camine entre las mesas y escuche qué se repite.",
        ),
    ],
    people=both(
        "Tell a neighbor what you wrote, then listen. Two or three together; swap at half-time.",
        "Cuente a quien tiene al lado lo que escribió y luego escuche. De a dos o tres; cambien a la mitad.",
    ),
    screen=both("Two or three together. Swap at half-time.", "De a dos o tres. Cambien a la mitad."),
    materials=[],
    roles=both("Pairs or threes, as people sit", "Parejas o tríos, tal como están sentados"),
)  # fmt: skip

RECORD = part(
    "1c", 1, "record", both("Three sheets: what did we hear?", "Tres hojas: ¿qué escuchamos?"), 12, 7,
    weight=1.5, stretch=5,
    notes=[
        both(
            "Go sheet by sheet. When somebody repeats a thought, add one to its line instead of a new line.",
            "Vaya hoja por hoja. Si alguien repite una idea, sume uno a esa línea en lugar de escribir otra.",
        ),
        both(
            "Read out what several people share, across the three sheets.",
            "Lea en voz alta lo que varias personas comparten, en las tres hojas.",
        ),
        both(
            "Now you know how much the room knows: set it before you go on. Where much is known, show one of the two "
            "videos of step 2 and leave the other out.",
            "Ahora sabe cuánto sabe el grupo: indíquelo antes de seguir. Si sabe mucho, muestre uno de los dos videos "
            "del paso 2 y omita el otro.",
        ),
    ],
    people=both(
        "Say one thing from your notes or your talk. If somebody else has said it, say “me too”.",
        "Diga una cosa de sus notas o de su conversación. Si alguien ya la dijo, diga «yo también».",
    ),
    screen=both("What did we hear?", "¿Qué escuchamos?"),
    materials=[SHEETS],
    roles=WHOLE_ROOM,
)  # fmt: skip

WATCH_OVERVIEW = part(
    "2a", 2, "watch", both("Watch: the overview", "Ver: la introducción"), 0, 0,
    optional=True, choice_set="first-look",
    notes=[
        both(
            "Facts to come back to: 40 to 60 of 100 students feel they do not belong; small schools of 400 to 600; "
            "classes of 18 to 30.",
            "Datos para retomar: entre 40 y 60 de cada 100 estudiantes sienten que no pertenecen; escuelas pequeñas "
            "de 400 a 600; clases de 18 a 30.",
        ),
        both(
            "Also: teams that stay with students for up to four years, four periods of 80 to 90 minutes, two teachers "
            "in one class, and patience from the first plan on.",
            "También: equipos que acompañan hasta cuatro años, cuatro períodos de 80 a 90 minutos, dos docentes en una "
            "clase y paciencia desde el primer plan.",
        ),
        both(
            "No video or no sound? Trellis's own overview says the same in about six minutes.",
            "¿No hay video o sonido? La introducción propia de Trellis dice lo mismo en unos seis minutos.",
        ),
    ],
    people=both(
        "Note one thing that is new to you and one that you know from your school.",
        "Anote algo nuevo para usted y algo que conoce de su escuela.",
    ),
    screen=both("What is new to you? What do you know already?", "¿Qué es nuevo para usted? ¿Qué conoce ya?"),
    materials=[PROJECTOR],
    roles=both("Everyone together", "Todo el grupo"),
    media=video(
        "Personalizing the Learning Environment",
        "Personalizing the Learning Environment",
        6 * 60 + 25,
        both(
            "An overview with slides: why large schools lose students, and what changes when school becomes personal.",
            "Una introducción con diapositivas: por qué las escuelas grandes pierden estudiantes y qué cambia cuando "
            "la escuela se vuelve personal.",
        ),
        confirmed=True,
    ),
)  # fmt: skip

WATCH_INTERVIEW = part(
    "2b", 2, "watch", both("Watch: a researcher's view", "Ver: la mirada de una investigadora"), 0, 0,
    optional=True, choice_set="first-look",
    notes=[
        both(
            "The steps of this workshop and the library's list name this piece differently. Look at it beforehand and "
            "confirm that it is the one you mean.",
            "Los pasos del taller y la lista de la biblioteca nombran esta pieza de otra manera. Véala antes y "
            "confirme que es la que usted quiere.",
        ),
        both(
            "A room that knows the topic well sees this or the overview, not both.",
            "Un grupo que conoce bien el tema ve esta o la introducción, no las dos.",
        ),
    ],
    people=both(
        "Listen for ways of making a school small enough to know one another.",
        "Escuche qué formas hay de hacer la escuela tan pequeña que todos se conozcan.",
    ),
    screen=both("Which ways of getting close do you hear?", "¿Qué formas de acercarse escucha?"),
    materials=[PROJECTOR],
    roles=both("Everyone together", "Todo el grupo"),
    media=video(
        "Personalizing the Learning Environment and Instructional Process",
        "Connecting to Kids With Small Learning Environments",
        4 * 60 + 46,
        both(
            "Interview: several ways for secondary schools to become personal for their students.",
            "Entrevista: varias maneras de que una escuela secundaria se vuelva personal para sus estudiantes.",
        ),
        speaker="Dr. Nettie Legters",
    ),
)  # fmt: skip

CONTRAST = part(
    "2c", 2, "contrast", both("With and without", "Con y sin"), 15, 8,
    weight=1.5, stretch=8,
    notes=[
        both(
            "Fill the left column first, then ask of each line: what does a school without it look like?",
            "Llene primero la columna izquierda y pregunte por cada línea: ¿cómo es una escuela sin eso?",
        ),
        both(
            "Put opposites side by side. A room that is new to this deserves more minutes here.",
            "Ponga los opuestos lado a lado. Un grupo nuevo en el tema merece más minutos aquí.",
        ),
    ],
    people=both(
        "Say what one would see, hear or feel: in a personalized school, and in one that is not.",
        "Diga qué se vería, oiría o sentiría en una escuela personalizada y en una que no lo es.",
    ),
    screen=both("Schools with it, schools without it", "Escuelas con y escuelas sin"),
    materials=[both("A chart sheet with two columns, or the screen", "Una hoja con dos columnas, o la pantalla")],
    roles=WHOLE_ROOM,
)  # fmt: skip

WATCH_SCHOOL = part(
    "3a", 3, "watch", both("Watch: a school doing it", "Ver: una escuela que lo hace"), 0, 0,
    notes=[
        both(
            "Ask people to write down what they see, not yet what they think of it.",
            "Pida que anoten lo que ven, todavía no lo que opinan.",
        ),
        both(
            "The library lists this video under another title than the step: confirm the match before the day.",
            "La biblioteca nombra este video de otra manera que el paso: confirme antes del día que es el mismo.",
        ),
    ],
    people=both(
        "Write down what you see: who talks with whom, where, for how long.",
        "Anote lo que ve: quién habla con quién, dónde y cuánto tiempo.",
    ),
    screen=both("What do you see?", "¿Qué ve?"),
    materials=[PROJECTOR],
    roles=both("Everyone together", "Todo el grupo"),
    media=video(
        "Small Learning Communities in Action",
        "Building a Personalized Environment Through Small Learning Communities",
        5 * 60 + 54,
        both(
            "The school's principal tells how small learning communities were built there.",
            "Quien dirige la escuela cuenta cómo se crearon allí pequeñas comunidades de aprendizaje.",
        ),
        place="Western Hills University High School, Cincinnati, Ohio",
    ),
)  # fmt: skip

ALIGN = part(
    "3b", 3, "align", both("Does it match?", "¿Coincide?"), 10, 6,
    stretch=5, optional=True,
    notes=[
        both(
            "Hold each thing seen against the table: it matches, goes further, differs, or is new.",
            "Compare cada cosa vista con la tabla: coincide, va más allá, difiere o es nueva.",
        ),
        both(
            "What is new is the best material for the pictures that follow.",
            "Lo nuevo es el mejor material para las imágenes que siguen.",
        ),
    ],
    people=both(
        "Name one thing you saw. Where does it stand in our table?",
        "Nombre una cosa que vio. ¿Dónde está en nuestra tabla?",
    ),
    screen=both("What we saw, beside what we said", "Lo que vimos, junto a lo que dijimos"),
    materials=[SHEETS],
    roles=WHOLE_ROOM,
)  # fmt: skip

PICTURE = part(
    "4", 4, "groups", both("Picture the ideal school", "Imaginar la escuela ideal"), 25, 20,
    weight=1.5, stretch=10,
    notes=[
        both(
            "Groups of three to five; four is best. Each chooses somebody who writes.",
            "Grupos de tres a cinco; cuatro es lo mejor. Cada uno elige a quien escribe.",
        ),
        both(
            "Two tasks: dream first, then pick what could really begin. Say when it is time for the second.",
            "Dos tareas: primero soñar y luego elegir lo que de verdad podría empezar. Avise cuándo toca la segunda.",
        ),
        both(
            "Each school decides for itself what it will try; a group may hold several schools.",
            "Cada escuela decide por sí misma qué probará; en un grupo puede haber varias escuelas.",
        ),
    ],
    people=both(
        "Draw or describe a school where every student is known. Then mark what your own school could start with.",
        "Dibujen o describan una escuela donde se conoce a cada estudiante. "
        "Luego marquen con qué podría empezar la suya.",
    ),
    screen=both(
        "First the ideal school, then what could begin",
        "Primero la escuela ideal, luego lo que podría empezar",
    ),
    materials=[
        both("Tables for four", "Mesas de cuatro"),
        both("Large paper and colors for the pictures", "Papel grande y colores para las imágenes"),
    ],
    roles=both("Groups of 3 to 5; one person writes", "Grupos de 3 a 5; una persona escribe"),
)  # fmt: skip

DEBRIEF = part(
    "5", 5, "debrief", both("Bring the pictures together", "Reunir las imágenes"), 15, 10,
    weight=1.2, stretch=5,
    notes=[
        both(
            "Each group shows its picture in a minute. Then ask two things: what did you learn, and what will you do?",
            "Cada grupo muestra su imagen en un minuto. Luego pregunte dos cosas: ¿qué aprendió y qué hará?",
        ),
        both(
            "Write what people will do under their school's name.",
            "Escriba lo que se hará bajo el nombre de la escuela.",
        ),
    ],
    people=both(
        "Say one thing you learned, and one your school will try.",
        "Diga una cosa que aprendió y una que su escuela probará.",
    ),
    screen=both("What we learned. What we will do.", "Lo que aprendimos. Lo que haremos."),
    materials=[],
    roles=WHOLE_ROOM,
)  # fmt: skip

CLOSE = part(
    "6", 6, "close", both("Close", "Cierre"), 5, 3,
    weight=0.5, stretch=2,
    notes=[
        both(
            "Thank people, and say plainly that today was a beginning.",
            "Agradezca y diga con claridad que hoy fue un comienzo.",
        ),
        both(
            "Form learning teams: a topic, a first meeting, and the instructional leader whom they can consult.",
            "Formen equipos de aprendizaje: un tema, una primera reunión y la persona líder pedagógica "
            "a quien consultar.",
        ),
        both(
            "Send what schools will try to their strategy tables, so that it is not lost by Monday.",
            "Envíe lo que las escuelas probarán a sus tablas de estrategias, para que no se pierda el lunes.",
        ),
    ],
    people=both(
        "Who goes on learning with you? Choose a topic and a first date. The links are yours to keep.",
        "¿Con quién seguirá aprendiendo? Elijan un tema y una primera fecha. Los enlaces quedan para usted.",
    ),
    screen=both("Thank you. This was a beginning.", "Gracias. Esto fue un comienzo."),
    materials=[both("Handouts with the links", "Hojas con los enlaces")],
    roles=both("The presenter; then learning teams", "Quien presenta; después, los equipos de aprendizaje"),
)  # fmt: skip

BUILT_IN: dict[str, Any] = {
    "title": both("Learning together", "Aprender en conjunto"),
    "about": both(
        "For secondary schools: teacher leaders, administrators and school leadership teams. A district leader or an "
        "instructional coach presents.",
        "Para escuelas secundarias: docentes líderes, directivos y equipos de liderazgo. Presenta alguien que "
        "dirige en el distrito o acompaña a docentes.",
    ),
    "aim": both(
        "To understand what makes a secondary school personal for its students, and to choose where your own begins.",
        "Entender qué hace personal a una escuela secundaria para sus estudiantes, y elegir por dónde empieza la suya.",
    ),
    "outcomes": [
        both(
            "You can say what sets a personalized school apart from one that is not.",
            "Puede decir qué distingue a una escuela personalizada de una que no lo es.",
        ),
        both(
            "Your group has a picture of the school it wishes for.",
            "Su grupo tiene una imagen de la escuela que desea.",
        ),
        both(
            "Your school has chosen at least one thing it will try, and who sees to it.",
            "Su escuela ha elegido al menos una cosa que probará y quién se ocupa de ella.",
        ),
    ],
    "people_min": 25,
    "people_max": 30,
    "group_min": 3,
    "group_best": 4,
    "group_max": 5,
    "step_titles": {str(number): title for number, title in STEP_TITLES.items()},
    "links": [{"title": both("Doing What Works Library", "Biblioteca Doing What Works"), "url": LIBRARY}],
    "steps": [
        ARRIVE, WRITE, PAIR, RECORD, WATCH_OVERVIEW, WATCH_INTERVIEW, CONTRAST, WATCH_SCHOOL, ALIGN, PICTURE, DEBRIEF,
        CLOSE,
    ],
}  # fmt: skip
