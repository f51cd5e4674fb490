"""Maps: everything stands to the right of what it needs, and nothing over anything else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from profiles import maps

NODES = st.integers(1, 40)


Graph = tuple[list[int], list[tuple[int, int]], list[tuple[int, int]]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Nodes, required links without a circle, helpful links of any kind."""
    count = draw(NODES)
    node = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=2 * count))
    return (
        list(range(count)),
        [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]],
        draw(st.lists(st.tuples(node, node), max_size=count)),
    )


@given(graphs())
def test_required_links_always_lead_to_the_right(graph: Graph) -> None:
    nodes, required, helpful = graph
    drawn = maps.lay_out(nodes, required, helpful)

    assert set(drawn.places) == set(nodes)
    assert [pair for pair in required if drawn.places[pair[0]].x + maps.WIDTH >= drawn.places[pair[1]].x] == []


@given(graphs())
def test_nothing_stands_over_anything_else(graph: Graph) -> None:
    drawn = maps.lay_out(*graph)
    places = list(drawn.places.values())

    assert [
        (one, other)
        for n, one in enumerate(places)
        for other in places[n + 1 :]
        if abs(one.x - other.x) < maps.WIDTH and abs(one.y - other.y) < maps.HEIGHT
    ] == []
    assert all(0 <= one.x <= drawn.width - maps.WIDTH and 0 <= one.y <= drawn.height - maps.HEIGHT for one in places)


@given(graphs())
def test_the_same_graph_gives_the_same_map(graph: Graph) -> None:
    assert maps.lay_out(*graph) == maps.lay_out(*graph)


@given(st.integers(2, 12))
def test_a_circle_is_drawn_all_the_same(count: int) -> None:
    around = [(n, (n + 1) % count) for n in range(count)]
    drawn = maps.lay_out(range(count), around)

    assert [drawn.places[n].column for n in range(count)] == list(range(count))
    assert [(way.origin, way.destination) for way in drawn.ways] == around


def test_a_long_line_passes_between_the_nodes_of_a_column() -> None:
    drawn = maps.lay_out("abc", [("a", "b"), ("b", "c"), ("a", "c")])
    across = next(way for way in drawn.ways if (way.origin, way.destination) == ("a", "c"))
    middle = drawn.places["b"]

    passing = {y for x, y in across.points if middle.x <= x <= middle.x + maps.WIDTH}
    assert len(passing) == 1
    assert not middle.y <= passing.pop() <= middle.y + maps.HEIGHT


def test_the_drawing_names_every_node_and_escapes_its_words() -> None:
    drawn = maps.lay_out(["a", "b"], [("a", "b")])
    html = maps.svg(
        drawn,
        label_of=lambda node: (node.upper(), "<b>Count & compare</b>"),
        state_of=lambda node: maps.State(0.5, "6 of 12 secure") if node == "a" else None,
        url_of=lambda node: f"/{node}/",
        name="Ratios",
    )
    assert html.count("<a href=") == 2
    assert 'aria-label="A. &lt;b&gt;Count &amp; compare&lt;/b&gt;. 6 of 12 secure"' in html
    assert "<b>" not in html


def test_nothing_gives_an_empty_map() -> None:
    assert maps.lay_out([], []) == maps.Map({}, [], maps.MARGIN, maps.MARGIN)
