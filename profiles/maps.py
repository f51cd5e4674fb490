"""Maps of what leads to what: a layout in layers, and its drawing as SVG whose every node is a link.

Pure: knows no model. A skill stands to the right of all it needs; what is linked to nothing stands in rows below.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Generic, TypeVar

from django.utils.safestring import SafeString, mark_safe

N = TypeVar("N", bound=Hashable)

WIDTH, HEIGHT = 200, 56
"""Of a node, in CSS pixels."""
ACROSS, DOWN = 56, 16
"""Free between columns, between rows."""
WAY = 12
"""Height kept for a line that passes a column."""
MARGIN = 8
SWEEPS = 8
LOOSE_COLUMNS = 4
RADIUS = 9


@dataclass(frozen=True)
class Place:
    """Upper left corner of a node, and its column."""

    x: float
    y: float
    column: int


@dataclass(frozen=True)
class Way(Generic[N]):
    """A line between two nodes. `helpful` ones are dashed; `points` lead from the one to the other."""

    origin: N
    destination: N
    points: tuple[tuple[float, float], ...]
    helpful: bool


@dataclass(frozen=True)
class Map(Generic[N]):
    places: dict[N, Place]
    ways: list[Way[N]]
    width: float
    height: float


@dataclass(frozen=True)
class State:
    """How far: `share` 0 to 1 fills the disc, None is a dashed ring; `beyond` adds a ring; `words` say the same."""

    share: float | None
    words: str
    beyond: bool = False


def lay_out(nodes: Sequence[N], edges: Iterable[tuple[N, N]], helpful: Iterable[tuple[N, N]] = ()) -> Map[N]:
    """Where everything stands. The same nodes and edges, in the same order, give the same map.

    A node's column is the longest way to it. An edge that would lead back (there is a circle, or it is `helpful` and
    something required leads the other way) gives no column and goes round below.
    """
    order = {node: n for n, node in enumerate(dict.fromkeys(nodes))}
    required = _inside(edges, order)
    pairs = dict.fromkeys(required, False) | {pair: True for pair in _inside(helpful, order) if pair not in required}
    forward = _forward(order, pairs)
    columns = _columns(order, forward)
    linked = {end for pair in pairs for end in pair}
    layers, chains = _layers([one for one in order if one in linked], columns, forward)
    _untangle(layers, chains.values())
    tops = _tops(layers, chains.values())
    step = WIDTH + ACROSS
    places: dict[N, Place] = {}
    for one in order:
        if one in linked:
            places[one] = Place(MARGIN + columns[one] * step, MARGIN + tops[one], columns[one])
    bottom = max((top + _height(one) for one, top in tops.items()), default=0.0)
    loose = [one for one in order if one not in linked]
    across = max(len(layers), min(LOOSE_COLUMNS, len(loose)))
    for n, one in enumerate(loose):
        row, column = divmod(n, across)
        below = bottom + (2 * DOWN if layers else 0)
        places[one] = Place(MARGIN + column * step, MARGIN + below + row * (HEIGHT + DOWN), column)
    foot = max((place.y + HEIGHT for place in places.values()), default=0.0)
    ways = [
        Way(*pair, tuple(_points(pair, places, chains.get(pair, ()), tops, foot)), dashed)
        for pair, dashed in pairs.items()
    ]
    rounds = any(pair not in chains for pair in pairs)
    width = max((place.x + WIDTH for place in places.values()), default=0.0) + MARGIN
    return Map({one: places[one] for one in order}, ways, width, max(foot, bottom) + MARGIN + (DOWN if rounds else 0))


class _Pass:
    """Where a long line passes a column."""


def _height(one: object) -> float:
    return WAY if isinstance(one, _Pass) else HEIGHT


def _inside(edges: Iterable[tuple[N, N]], order: Mapping[N, int]) -> list[tuple[N, N]]:
    return [pair for pair in dict.fromkeys(edges) if pair[0] in order and pair[1] in order and pair[0] != pair[1]]


def _forward(order: Mapping[N, int], pairs: Iterable[tuple[N, N]]) -> list[tuple[N, N]]:
    """Those that close no circle with the ones before them."""
    after: dict[N, set[N]] = {one: {one} for one in order}
    taken = []
    for origin, destination in pairs:
        if origin in after[destination]:
            continue
        taken.append((origin, destination))
        for reached in after.values():
            if origin in reached:
                reached |= after[destination]
    return taken


def _columns(order: Mapping[N, int], forward: Sequence[tuple[N, N]]) -> dict[N, int]:
    before: dict[N, list[N]] = {one: [] for one in order}
    for origin, destination in forward:
        before[destination].append(origin)
    columns: dict[N, int] = {}
    waiting = list(order)
    while waiting:
        ready = [one for one in waiting if all(each in columns for each in before[one])]
        for one in ready:
            columns[one] = max((columns[each] + 1 for each in before[one]), default=0)
        waiting = [one for one in waiting if one not in columns]
    return columns


Item = Hashable  # a node, or a `_Pass`


def _layers(
    linked: Sequence[N], columns: Mapping[N, int], forward: Sequence[tuple[N, N]]
) -> tuple[list[list[Item]], dict[tuple[N, N], tuple[Item, ...]]]:
    """The columns, and each line as the items it joins, one a column."""
    layers: list[list[Item]] = [[] for _ in range(max((columns[one] for one in linked), default=-1) + 1)]
    for node in linked:
        layers[columns[node]].append(node)
    chains: dict[tuple[N, N], tuple[Item, ...]] = {}
    for origin, destination in forward:
        between = [_Pass() for _ in range(columns[destination] - columns[origin] - 1)]
        for n, one in enumerate(between, columns[origin] + 1):
            layers[n].append(one)
        chains[origin, destination] = (origin, *between, destination)
    return layers, chains


def _neighbors(chains: Iterable[tuple[Item, ...]]) -> tuple[dict[Item, list[Item]], dict[Item, list[Item]]]:
    """(to the left, to the right) of each item."""
    left: dict[Item, list[Item]] = defaultdict(list)
    right: dict[Item, list[Item]] = defaultdict(list)
    for chain in chains:
        for one, then in pairwise(chain):
            right[one].append(then)
            left[then].append(one)
    return left, right


def _untangle(layers: list[list[Item]], chains: Iterable[tuple[Item, ...]]) -> None:
    """Each column in the order of its neighbours' middles, to and fro (Sugiyama's barycentres)."""
    left, right = _neighbors(chains)
    for sweep in range(SWEEPS):
        beside, way = (left, layers[1:]) if sweep % 2 == 0 else (right, layers[-2::-1])
        at = {one: float(n) for layer in layers for n, one in enumerate(layer)}
        for layer in way:
            middle = {
                one: sum(at[each] for each in beside[one]) / len(beside[one]) if beside[one] else at[one]
                for one in layer
            }
            layer.sort(key=lambda one: middle[one])
            at |= {one: float(n) for n, one in enumerate(layer)}


def _tops(layers: list[list[Item]], chains: Iterable[tuple[Item, ...]]) -> dict[Item, float]:
    """Upper edges: near the middle of the neighbours, in the column's order, nothing over another."""
    left, right = _neighbors(chains)
    tops: dict[Item, float] = {}
    for layer in layers:
        down = 0.0
        for one in layer:
            tops[one] = down
            down += _height(one) + DOWN
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = []
            for one in layer:
                near = [*left[one], *right[one]]
                middles = [tops[each] + _height(each) / 2 for each in near]
                wanted.append(sum(middles) / len(middles) - _height(one) / 2 if near else tops[one])
            for one, top in zip(layer, _apart(layer, wanted), strict=True):
                tops[one] = top
    least = min(tops.values(), default=0.0)
    return {one: top - least for one, top in tops.items()}


def _apart(layer: Sequence[Item], wanted: Sequence[float]) -> list[float]:
    """As near to `wanted` as order and distance allow: those that push each other move as one block."""
    offsets, down = [], 0.0
    for one in layer:
        offsets.append(down)
        down += _height(one) + DOWN
    blocks: list[tuple[float, int]] = []  # mean of what its members want for the column's top, how many
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, many = blocks.pop()
            mean, count = (mean * count + other * many) / (count + many), count + many
        blocks.append((mean, count))
    starts = [mean for mean, count in blocks for _ in range(count)]
    return [round(start + offset, 1) for start, offset in zip(starts, offsets, strict=True)]


def _points(
    pair: tuple[N, N],
    places: Mapping[N, Place],
    chain: Sequence[Item],
    tops: Mapping[Item, float],
    foot: float,
) -> Iterable[tuple[float, float]]:
    origin, destination = (places[end] for end in pair)
    yield origin.x + WIDTH, origin.y + HEIGHT / 2
    for n, one in enumerate(chain[1:-1], 1):
        x, y = origin.x + n * (WIDTH + ACROSS), MARGIN + tops[one] + WAY / 2
        yield x, y
        yield x + WIDTH, y
    if not chain:
        yield origin.x + WIDTH + ACROSS / 3, foot + DOWN / 2
        yield destination.x - ACROSS / 3, foot + DOWN / 2
    yield destination.x, destination.y + HEIGHT / 2


# The drawing


def svg(
    drawn: Map[N],
    label_of: Callable[[N], tuple[str, str]],
    state_of: Callable[[N], State | None],
    url_of: Callable[[N], str],
    *,
    name: str,
) -> SafeString:
    """The map for a page. `label_of` answers (code or short name, statement); the text beside it is the page's."""
    parts = [
        f'<svg class="map" width="{drawn.width:g}" height="{drawn.height:g}" '
        f'viewBox="0 0 {drawn.width:g} {drawn.height:g}" role="group" aria-label="{escape(name)}">'
        '<defs><marker id="map-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs><g aria-hidden="true">'
    ]
    for way in drawn.ways:
        kind = "map-way helpful" if way.helpful else "map-way"
        parts.append(f'<path class="{kind}" d="{_curve(way.points)}" marker-end="url(#map-tip)"/>')
    parts.append("</g>")
    # Read and tabbed through from left to right, and from the top down.
    for node, place in sorted(drawn.places.items(), key=lambda pair: (pair[1].x, pair[1].y)):
        parts.append(_node(place, label_of(node), state_of(node), url_of(node)))
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every word was escaped on the way in


def _curve(points: Sequence[tuple[float, float]]) -> str:
    (x, y), *others = points
    said = [f"M{x:g} {y:g}"]
    for to_x, to_y in others:
        bend = (to_x - x) / 2
        said.append(
            f"L{to_x:g} {to_y:g}" if y == to_y else f"C{x + bend:g} {y:g} {to_x - bend:g} {to_y:g} {to_x:g} {to_y:g}"
        )
        x, y = to_x, to_y
    return "".join(said)


def _node(place: Place, label: tuple[str, str], state: State | None, url: str) -> str:
    head, said = label
    full = ". ".join(part.rstrip(".") for part in (head, said, state.words if state else "") if part)
    indent = 40 if state else 14
    room = WIDTH - indent - 8
    letters = room // 7
    lines = (_cut(head, room // 10), _cut(said, letters)) if head else _two_lines(said, letters)
    kind = ' class="head"' if head else ""
    return (
        f'<a href="{escape(url)}" class="map-node" aria-label="{escape(full)}"><title>{escape(full)}</title>'
        f'<rect x="{place.x:g}" y="{place.y:g}" width="{WIDTH}" height="{HEIGHT}" rx="10"/>'
        f"{_disc(place.x + 20, place.y + HEIGHT / 2, state) if state else ''}"
        # An inner drawing cuts off what a wide face does not leave room for.
        f'<svg x="{place.x + indent:g}" y="{place.y:g}" width="{room}" height="{HEIGHT}">'
        f'<text y="24"{kind}>{escape(lines[0])}</text><text y="42">{escape(lines[1])}</text></svg></a>'
    )


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


def _two_lines(text: str, room: int) -> tuple[str, str]:
    at = text.rfind(" ", 0, room + 1) if len(text) > room else len(text)
    at = at if at > 0 else room
    return text[:at], _cut(text[at:].strip(), room)


def _disc(x: float, y: float, state: State) -> str:
    kind = " unknown" if state.share is None else ""
    parts = [f'<circle class="map-disc{kind}" cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>']
    share = state.share or 0
    if share >= 1:
        parts.append(f'<circle class="map-share" cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>')
    elif share > 0:
        turn = 2 * math.pi * share
        end_x, end_y = x + RADIUS * math.sin(turn), y - RADIUS * math.cos(turn)
        large = 1 if share > 0.5 else 0
        parts.append(
            f'<path class="map-share" d="M{x:g} {y:g}V{y - RADIUS:g}A{RADIUS} {RADIUS} 0 {large} 1 '
            f'{end_x:.2f} {end_y:.2f}z"/>'
        )
    if state.beyond:
        parts.append(f'<circle class="map-disc" cx="{x:g}" cy="{y:g}" r="{RADIUS + 4}"/>')
    return "".join(parts)
