"""Four words by which somebody goes on at another phone: read aloud, typed in English or Spanish, known to nobody else.

The words are a keyed hash of the participant (32 bits, and wrong ones are counted as wrong codes are), so nothing of
them is stored and they can be shown again at any time.
"""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

WORDS = 4
PAIRS = """
apple manzana|arrow flecha|autumn otoño|ball pelota|banana banano|barn granero|basket canasta|bath baño|beach playa|
bean frijol|bear oso|bee abeja|bell campana|bench banca|bird pájaro|blanket manta|blue azul|boat bote|bone hueso|
book libro|boot bota|bottle botella|bow lazo|bowl tazón|box caja|branch rama|bread pan|bridge puente|broom escoba|
brother hermano|brown marrón|bucket balde|button botón|cabin cabaña|cake pastel|camel camello|candle vela|
canoe canoa|cat gato|cave cueva|chain cadena|chair silla|cheese queso|cherry cereza|chicken pollo|circle círculo|
city ciudad|clay arcilla|clock reloj|cloud nube|clover trébol|coat abrigo|coffee café|coin moneda|comb peine|
copper cobre|corn maíz|corner esquina|cotton algodón|cousin primo|cow vaca|cradle cuna|crown corona|cup taza|
curtain cortina|dance baile|deer venado|dog perro|dolphin delfín|donkey burro|door puerta|dove paloma|dream sueño|
dress vestido|drum tambor|duck pato|eagle águila|ear oreja|earth tierra|egg huevo|elbow codo|engine motor|
evening tarde|eye ojo|falcon halcón|family familia|farm granja|feather pluma|fence cerca|field campo|finger dedo|
fire fuego|fish pez|flag bandera|flame llama|flour harina|flower flor|flute flauta|fog niebla|forest bosque|
fork tenedor|fox zorro|friend amigo|frog rana|fruit fruta|garden jardín|garlic ajo|gate portón|giant gigante|
gift regalo|giraffe jirafa|glass vidrio|glove guante|goat cabra|gold oro|goose ganso|grape uva|grass hierba|
green verde|hand mano|harbor puerto|hay heno|heart corazón|hill colina|honey miel|hook gancho|horse caballo|
house casa|ice hielo|ink tinta|iron hierro|island isla|jar frasco|jewel joya|juice jugo|kettle tetera|key llave|
king rey|kitchen cocina|kite cometa|knee rodilla|knot nudo|lake lago|lamb cordero|lamp lámpara|leaf hoja|
leather cuero|lemon limón|letter carta|lettuce lechuga|lily lirio|lion león|lips labios|lizard lagarto|magnet imán|
map mapa|market mercado|milk leche|mirror espejo|monkey mono|moon luna|moss musgo|mother madre|mouse ratón|
mouth boca|museum museo|music música|nail clavo|neck cuello|needle aguja|nest nido|night noche|nose nariz|nut nuez|
oak roble|ocean océano|oven horno|owl búho|palm palma|paper papel|parrot loro|pear pera|pearl perla|pencil lápiz|
piano piano|pig cerdo|pine pino|plate plato|potato papa|queen reina|rabbit conejo|radio radio|rain lluvia|red rojo|
ribbon cinta|rice arroz|ring anillo|river río|road camino|roof techo|room cuarto|root raíz|rope cuerda|rose rosa|
salt sal|sand arena|sea mar|shadow sombra|sheep oveja|shell concha|ship barco|shirt camisa|shoe zapato|silver plata|
sky cielo|smoke humo|snow nieve|soap jabón|soup sopa|spider araña|square cuadro|stone piedra|street calle|
sugar azúcar|summer verano|sun sol|table mesa|tail cola|tent carpa|thread hilo|throne trono|tiger tigre|
tomato tomate|tooth diente|tower torre|town pueblo|train tren|tree árbol|turkey pavo|uncle tío|valley valle|
violin violín|voice voz|wagon vagón|wall pared|water agua|wave ola|wheat trigo|wheel rueda|white blanco|wind viento|
wing ala|wolf lobo|wood madera|wool lana|zebra cebra
"""
LISTED = [tuple(pair.split()) for pair in PAIRS.replace("\n", "").split("|")]
LANGUAGES = ("en", "es")


def _plain(text: str) -> str:
    """Small letters without marks."""
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))


NUMBER_OF = {_plain(word): number for number, pair in enumerate(LISTED) for word in pair}


def numbers(participant: UUID) -> tuple[int, ...]:
    digest = salted_hmac("workshops.resume", str(participant), algorithm="sha256").digest()
    return tuple(digest[:WORDS])


def phrase(participant: UUID) -> str:
    """Their four words in the reader's language."""
    language = (get_language() or "en")[:2]
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return " ".join(LISTED[number][place] for number in numbers(participant))


def read(typed: str) -> tuple[int, ...] | None:
    """The numbers of four words, however they were typed; None where they are others."""
    words = re.findall(r"[^\W\d_]+", _plain(typed))
    found = tuple(NUMBER_OF[word] for word in words if word in NUMBER_OF)
    return found if len(words) == len(found) == WORDS else None
