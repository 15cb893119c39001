"""Charts as plotly.js takes them: plain dictionaries of data and layout, one function per chart.

No Plotly is imported, so that a report costs no start-up time. Amounts become floats only here,
in MNOK, for drawing. Names from data are escaped, since plotly.js reads tags in its texts; and
colour never stands alone: series differ in pattern, symbol or place as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape as _html_escape
from typing import Any

from pipelines.reporting import labels
from pipelines.reporting.database import Row
from pipelines.reporting.figures import PARETO_SHARE, Spend
from pipelines.reporting.formats import NBSP, interval, number, percent, shortened
from pipelines.reporting.loyalty import Loyalty
from pipelines.reporting.tables import has_year_before

INK = "#1b2733"
MUTED = "#4a5763"
GRID = "#d5dce3"
BLUE = "#1f4e79"
OCHRE = "#a85b00"
TEAL = "#00706b"
GREY = "#6b7785"
FONT = '"Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif'

LONG_NAME = 42
SHORT_NAME = 18
ROW_HEIGHT = 26
PAIR_HEIGHT = 44
WHOLE_STEPS = 12

Spec = dict[str, Any]
Amount = Decimal | float | None


@dataclass(frozen=True)
class Scale:
    """The unit that a chart's amounts are drawn in."""

    name: str
    divisor: float
    decimals: int

    def of(self, amount: Amount) -> float | None:
        """Return the amount in this unit."""
        return None if amount is None else float(amount) / self.divisor

    @property
    def d3_format(self) -> str:
        """Return the number format for plotly.js."""
        return f",.{self.decimals}f"


SCALES = (Scale("mill. kr", 1e6, 1), Scale("mill. kr", 1e6, 2), Scale("kr", 1, 0))


def scale_for(amounts: Iterable[Amount]) -> Scale:
    """Return millions, with two decimals below ten of them, and kroner below one."""
    largest = max((abs(float(amount)) for amount in amounts if amount is not None), default=0.0)
    return SCALES[0 if largest >= 10_000_000 else 1 if largest >= 1_000_000 else 2]


def escape(text: str) -> str:
    """Return a text from data as plotly.js must have it: tags shown, not read; quotes as is."""
    return _html_escape(text, quote=False)


@dataclass(frozen=True)
class Chart:
    """One chart: `title` says what it shows, `description` is read aloud in its place."""

    chart_id: str
    title: str
    description: str
    spec: Spec
    height: int


PAIR_LOOKS = ((BLUE, ""), (OCHRE, "/"))
RowsChart = Callable[[list[Row]], Chart | None]


def months(spend: Spend) -> Chart:
    """Draw the year's spend per month as bars, the year before as a dashed line."""
    amounts = {(row["month"].year, row["month"].month): row["spend_nok"] for row in spend.months}
    scale = scale_for(amounts.values())
    hover = f"%{{x}} %{{fullData.name}}: %{{y:{scale.d3_format}}} {scale.name}<extra></extra>"
    data: list[Spec] = [
        {
            "type": "bar",
            "name": str(spend.year),
            "x": list(_MONTHS),
            "y": [scale.of(amounts.get((spend.year, index))) for index in range(1, 13)],
            "marker": {"color": BLUE},
            "hovertemplate": hover,
        }
    ]
    if has_year_before(spend):
        before = spend.year - 1
        values = [scale.of(amounts.get((before, index))) for index in range(1, 13)]
        data.append(_dashed_line(str(before), list(_MONTHS), values, hover))
    layout = _layout(
        yaxis=_amount_axis(scale, rangemode="tozero"),
        xaxis=_axis(None, showgrid=False),
    )
    title = f"Forbruk per måned i {spend.year}"
    return Chart("maaneder", title, _spoken(title), {"data": data, "layout": layout}, 360)


def suppliers(spend: Spend) -> Chart:
    """Draw the largest suppliers as bars, largest on top."""
    title = f"De største leverandørene i {spend.year}"
    ranked = [(f"{row['spend_rank']}. {row['name']}", row["spend_nok"]) for row in spend.suppliers]
    return bars("leverandorer", title, ranked)


def pareto(spend: Spend) -> Chart | None:
    """Draw the cumulative share of spend over the suppliers by rank, with the 80 % point.

    None where the year's spend is not above zero: a share of it means nothing then.
    """
    if not spend.has_shares:
        return None
    ranks = [0, *(row["spend_rank"] for row in spend.pareto)]
    shares = [0.0, *(float(row["cumulative_share"]) * 100 for row in spend.pareto)]
    curve: Spec = {
        "type": "scatter",
        "mode": "lines",
        "x": ranks,
        "y": shares,
        "line": {"color": BLUE, "width": 3},
        "hovertemplate": "%{x:,} leverandører: %{y:.1f} %<extra></extra>",
        "showlegend": False,
    }
    layout = _layout(
        xaxis=_axis(
            "Leverandører, største først",
            range=[0, ranks[-1] * 1.02],
            separatethousands=True,
            dtick=1 if ranks[-1] <= WHOLE_STEPS else None,
        ),
        yaxis=_axis(
            "Akkumulert andel av forbruket", range=[0, max(105, *shares)], ticksuffix=f"{NBSP}%"
        ),
    )
    layout |= _pareto_mark(spend)
    title = f"Akkumulert andel av forbruket i {spend.year}"
    return Chart("konsentrasjon", title, _spoken(title), {"data": [curve], "layout": layout}, 380)


def _pareto_mark(spend: Spend) -> Spec:
    count, share = spend.pareto_count, float(PARETO_SHARE) * 100
    if count is None:
        return {}
    line = {"color": OCHRE, "width": 2, "dash": "dash"}
    text = f"{number(count)} leverandører: {percent(PARETO_SHARE, 0)}"
    return {
        "shapes": [
            {"type": "line", "x0": 0, "x1": count, "y0": share, "y1": share, "line": line},
            {"type": "line", "x0": count, "x1": count, "y0": 0, "y1": share, "line": line},
        ],
        "annotations": [
            {
                "x": count,
                "y": share,
                "text": f"<b>{text}</b>",
                "xanchor": "left",
                "yanchor": "top",
                "ax": 14,
                "ay": 14,
                "showarrow": True,
                "arrowhead": 0,
                "axref": "pixel",
                "ayref": "pixel",
                "bgcolor": "rgba(255,255,255,0.9)",
            }
        ],
    }


def averages(spend: Spend) -> Chart:
    """Draw mean and median per supplier under each definition."""
    scale = scale_for(row["mean_nok"] for row in spend.averages)
    series = [
        (name, [scale.of(row[column]) for row in spend.averages])
        for name, column in (("Gjennomsnitt", "mean_nok"), ("Median", "median_nok"))
    ]
    names = [row["definition_id"] for row in spend.averages]
    title = f"Gjennomsnitt og median per leverandør i {spend.year}"
    axis = _amount_axis(scale, rangemode="tozero")
    return _pairs(
        "gjennomsnitt", title, names, series, axis, (scale.d3_format, "", f" {scale.name}")
    )


def shares(
    chart_id: str,
    title: str,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
) -> Chart:
    """Draw two series of shares as bars beside each other, per name."""
    percentages = [
        (name, [None if value is None else value * 100 for value in values])
        for name, values in series
    ]
    percent_sign = f"{NBSP}%"
    axis = _axis(None, rangemode="tozero", ticksuffix=percent_sign)
    return _pairs(chart_id, title, names, percentages, axis, (",.1f", percent_sign, percent_sign))


def _pairs(
    chart_id: str,
    title: str,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    axis: Spec,
    written: tuple[str, str, str],
) -> Chart:
    """Draw two series as bars beside each other.

    `written` is the number format, what follows it on a bar, and what follows it on hovering.
    """
    data = [
        _pair_trace(names, one, look, written) for one, look in zip(series, PAIR_LOOKS, strict=True)
    ]
    layout = _layout(
        barmode="group",
        yaxis=_name_axis(names),
        xaxis=axis,
        margin={"l": 8, "r": 56, "t": 32, "b": 48},
        bargap=0.25,
    )
    height = max(3, len(names)) * PAIR_HEIGHT + 96
    return Chart(chart_id, title, _spoken(title), _named(data, layout, names), height)


def _pair_trace(
    names: Sequence[str],
    series: tuple[str, Sequence[float | None]],
    look: tuple[str, str],
    written: tuple[str, str, str],
) -> Spec:
    name, values = series
    number_format, on_bar, on_hover = written
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": list(range(len(names))),
        "x": list(values),
        "customdata": [escape(text) for text in names],
        "marker": {"color": look[0], "pattern": _pattern(look[1])},
        "texttemplate": f"%{{x:{number_format}}}{on_bar}",
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": f"%{{customdata}}, {name}: %{{x:{number_format}}}{on_hover}"
        "<extra></extra>",
    }


def waterfall(chart_id: str, title: str, steps: Sequence[tuple[str, Decimal]]) -> Chart:
    """Draw how the first amount becomes the last by the steps between; signs stand in the text."""
    names = [name for name, _ in steps]
    amounts = [amount for _, amount in steps]
    scale = scale_for(amounts)
    texts = [_step_text(amount, scale, place, len(steps)) for place, amount in enumerate(amounts)]
    trace: Spec = {
        "type": "waterfall",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": [scale.of(amount) for amount in amounts],
        "measure": ["absolute", *["relative"] * (len(steps) - 2), "total"],
        "text": texts,
        "customdata": [f"{escape(name)}: {said}" for name, said in zip(names, texts, strict=True)],
        "hovertemplate": f"%{{customdata}} {scale.name}<extra></extra>",
    }
    layout = _layout(
        yaxis=_name_axis(names),
        xaxis=_amount_axis(scale),
        margin={"l": 8, "r": 56, "t": 8, "b": 48},
        showlegend=False,
    )
    spec = _named([trace | _WATERFALL_LOOKS], layout, names)
    return Chart(chart_id, title, _spoken(title), spec, _tall(names, 96))


def _step_text(amount: Decimal, scale: Scale, place: int, step_count: int) -> str:
    said = number(scale.of(amount), scale.decimals)
    is_end = place in (0, step_count - 1)
    return said if is_end or amount < 0 else f"+{said}"


def classes(spend: Spend) -> Chart:
    """Draw the year's spend by loyalty class."""
    amounts = [
        (labels.loyalty_class(row["loyalty_class"]), row["spend_nok"]) for row in spend.classes
    ]
    return bars("klasser", f"Forbruket i {spend.year} etter avtaleklasse", amounts)


def loyalty_units(loyalty: Loyalty, year: int) -> Chart | None:
    """Draw each unit's interval; None where no unit has one."""
    title = f"Avtalelojalitet per enhet i {year}: laveste og høyeste mulige andel"
    return intervals("lojalitet-enheter", title, [(row["name"], row) for row in loyalty.units])


def loyalty_agreements(loyalty: Loyalty, year: int) -> Chart | None:
    """Draw each agreement's interval; None where no agreement has one."""
    title = f"Avtalelojalitet per avtale i {year}: laveste og høyeste mulige andel"
    rows = sorted(loyalty.agreements, key=_interval_order)
    return intervals("lojalitet-avtaler", title, [(row["title"], row) for row in rows])


def coverage(loyalty: Loyalty, year: int) -> Chart:
    """Draw the largest uncovered categories as stacked bars: uncovered, binding, voluntary."""
    series = (
        ("Uten avtale", "uncovered_nok", OCHRE, "/"),
        ("Forpliktende avtale", "covered_nok", BLUE, ""),
        ("Frivillig avtale", "voluntary_nok", TEAL, "."),
    )
    names = [row["name"] for row in loyalty.coverage]
    scale = scale_for(row["all_nok"] for row in loyalty.coverage)
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": list(range(len(names))),
            "x": [scale.of(row[column]) for row in loyalty.coverage],
            "customdata": [escape(text) for text in names],
            "marker": {"color": colour, "pattern": _pattern(shape)},
            "hovertemplate": f"%{{customdata}}<br>{name}: %{{x:{scale.d3_format}}} {scale.name}"
            "<extra></extra>",
        }
        for name, column, colour, shape in series
    ]
    layout = _layout(
        barmode="relative",
        yaxis=_name_axis(names),
        xaxis=_amount_axis(scale),
    )
    title = f"Forbruk med og uten avtale i {year}, kategoriene med mest uten avtale"
    return Chart("dekning", title, _spoken(title), _named(data, layout, names), _tall(names, 110))


def bars(chart_id: str, title: str, amounts: Sequence[tuple[str, Decimal]]) -> Chart:
    """Draw one bar per name and amount, in the order given from the top."""
    names = [name for name, _ in amounts]
    scale = scale_for(amount for _, amount in amounts)
    data: list[Spec] = [
        {
            "type": "bar",
            "orientation": "h",
            "y": list(range(len(names))),
            "x": [scale.of(amount) for _, amount in amounts],
            "customdata": [escape(name) for name in names],
            "marker": {"color": BLUE},
            "texttemplate": f"%{{x:{scale.d3_format}}}",
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": f"%{{customdata}}: %{{x:{scale.d3_format}}} {scale.name}"
            "<extra></extra>",
        }
    ]
    layout = _layout(
        yaxis=_name_axis(names),
        xaxis=_amount_axis(scale),
        margin={"l": 8, "r": 56, "t": 8, "b": 48},
        bargap=0.3,
    )
    return Chart(chart_id, title, _spoken(title), _named(data, layout, names), _tall(names, 64))


def intervals(chart_id: str, title: str, rows: Sequence[tuple[str, Row]]) -> Chart | None:
    """Draw the interval of each named row of loyalty; None where no row has one."""
    shown = [(name, row) for name, row in rows if row["loyalty_low"] is not None]
    if not shown:
        return None
    names = [name if row["status"] == "assessed" else f"{name} (svakt)" for name, row in shown]
    places = {
        status: [index for index, (_, row) in enumerate(shown) if row["status"] == status]
        for status in ("assessed", "weak")
    }
    data = [
        *_interval_series(shown, places["assessed"], "Vurdert", BLUE, BLUE, "solid"),
        *_interval_series(shown, places["weak"], "Svakt grunnlag", GREY, "#ffffff", "dot"),
    ]
    layout = _layout(
        yaxis=_name_axis(names),
        xaxis=_axis(
            None, range=[-3, 103], ticksuffix=f"{NBSP}%", side="top", dtick=25, tickangle=0
        ),
        margin={"l": 8, "r": 16, "t": 64, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "top", "yref": "container"},
    )
    spec = _named(data, layout, names)
    return Chart(chart_id, title, _spoken(title), spec, _tall(names, 96))


def _interval_series(
    rows: Sequence[tuple[str, Row]],
    places: list[int],
    name: str,
    colour: str,
    fill: str,
    dash: str,
) -> list[Spec]:
    if not places:
        return []
    ends: list[float | None] = []
    heights: list[int | None] = []
    texts: list[str | None] = []
    for place in places:
        label, row = rows[place]
        ends += [row["loyalty_low"] * 100, row["loyalty_high"] * 100, None]
        heights += [place, place, None]
        text = f"{escape(label)}: {interval(row['loyalty_low'], row['loyalty_high'])}"
        texts += [text, text, None]
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": ends,
            "y": heights,
            "customdata": texts,
            "connectgaps": False,
            "line": {"color": colour, "width": 4, "dash": dash},
            "marker": {"color": fill, "size": 10, "line": {"color": colour, "width": 2}},
            "hovertemplate": "%{customdata}<extra></extra>",
            "cliponaxis": False,
        }
    ]


def _interval_order(row: Row) -> tuple[bool, float, str]:
    low = row["loyalty_low"]
    return (row["status"] != "assessed", -(low if low is not None else -1.0), row["title"])


def _dashed_line(name: str, x: list[str], y: list[float | None], hover: str) -> Spec:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": OCHRE, "width": 2, "dash": "dash"},
        "marker": {"color": OCHRE, "symbol": "diamond", "size": 8},
        "hovertemplate": hover,
    }


def _layout(**extra: Any) -> Spec:
    base: Spec = {
        "font": {"family": FONT, "size": 14, "color": INK},
        "separators": f",{NBSP}",
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "margin": {"l": 8, "r": 16, "t": 32, "b": 48},
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "dragmode": False,
        "autosize": True,
    }
    return base | extra


def _axis(title: str | None, **extra: Any) -> Spec:
    base: Spec = {
        "automargin": True,
        "fixedrange": True,
        "gridcolor": GRID,
        "zerolinecolor": MUTED,
        "exponentformat": "none",
    }
    if title:
        base["title"] = {"text": title, "standoff": 12, "font": {"size": 14, "color": MUTED}}
    return base | extra


def _amount_axis(scale: Scale, **extra: Any) -> Spec:
    title = f"{scale.name.capitalize()} uten mva."
    return _axis(title, separatethousands=True, **extra)


def _name_axis(names: Sequence[str]) -> Spec:
    places = list(range(len(names)))
    return _axis(
        None,
        tickvals=places,
        ticktext=_tick_texts(names, LONG_NAME),
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
        ticklabelstandoff=6,
    )


def _named(data: list[Spec], layout: Spec, names: Sequence[str]) -> Spec:
    """Return a spec whose names the page may shorten where it is narrow."""
    return {"data": data, "layout": layout, "narrow": _tick_texts(names, SHORT_NAME)}


def _tick_texts(names: Sequence[str], length: int) -> list[str]:
    return [escape(shortened(name, length)) for name in names]


def _pattern(shape: str) -> Spec:
    return {
        "shape": shape,
        "fgcolor": "#ffffff",
        "size": 7,
        "solidity": 0.25,
        "fillmode": "overlay",
    }


def _tall(names: Sequence[str], around: int) -> int:
    return max(3, len(names)) * ROW_HEIGHT + around


def _spoken(title: str) -> str:
    return f"Diagram: {title}. Tallene står i tabellen under diagrammet."


_MONTHS = (
    "jan.",
    "feb.",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "aug.",
    "sep.",
    "okt.",
    "nov.",
    "des.",
)

# Orange up and green down; the sign in the text says the same without colour.
_WATERFALL_LOOKS: Spec = {
    "textposition": "outside",
    "textfont": {"color": INK},
    "cliponaxis": False,
    "increasing": {"marker": {"color": OCHRE}},
    "decreasing": {"marker": {"color": TEAL}},
    "totals": {"marker": {"color": BLUE}},
    "connector": {"line": {"color": GREY, "width": 1}},
}
