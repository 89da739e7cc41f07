"""Styles of the map for desktop programs: QML of QGIS, and SLD 1.0 for all others."""

from collections.abc import Mapping
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from gis.domain.collections import Collection

#: As webmap/static/css/atlas.css has them on paper.
GROUP_COLOURS: Mapping[str, str] = {
    "active": "#b2182b",
    "planned": "#c26a00",
    "closed": "#2166ac",
    "reactivated": "#762a83",
}
SHARE_COLOURS = ("#e1ecf7", "#b0cfe8", "#77aed6", "#3f82bd", "#184f8c")
PLAIN_COLOUR = "#545c66"
_LINE = "#b9bdbd"
_SHAPES = {"active": "circle", "planned": "diamond", "closed": "square", "reactivated": "triangle"}
_LABELS = {
    "active": "aktif / active",
    "planned": "direncanakan / planned",
    "closed": "ditutup / closed",
    "reactivated": "aktif kembali / reportedly active again",
}
_SLD_MARKS = {"diamond": "cross"}  # SLD 1.0 has no diamond
_STEP = 1 / len(SHARE_COLOURS)


class _Class(NamedTuple):
    """A class of features: its label, colour, mark, and the value or the bounds that put a feature in it."""

    label: str
    colour: str
    mark: str | None = None
    value: str | None = None
    bounds: tuple[float, float] | None = None


def share_step(share: float) -> int:
    """Which of the colours shows a closed share, from 0.

    Parameters
    ----------
    share : 0 to 1
    """
    return min(len(SHARE_COLOURS) - 1, int(share / _STEP + 1e-9))


def qml(collection: Collection) -> str:
    """A style for QGIS 3.

    Parameters
    ----------
    collection : that it shows
    """
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.22.0" styleCategories="Symbology">{qgis_renderer(collection)}</qgis>\n'
    )


def qgis_renderer(collection: Collection) -> str:
    """What of a style or a layer of QGIS draws the features.

    Parameters
    ----------
    collection : that it shows
    """
    classes = _classes(collection)
    symbols = "".join(_qml_symbol(str(number), each) for number, each in enumerate(classes))
    if collection.id == "sites":
        rows = "".join(
            f'<category value="{each.value}" symbol="{number}" label={quoteattr(each.label)} render="true"/>'
            for number, each in enumerate(classes)
        )
        inside, kind = f"<categories>{rows}</categories>", 'type="categorizedSymbol" attr="status_group"'
    elif "closed_share" in collection.types:
        rows = "".join(
            f'<range lower="{each.bounds[0]:.1f}" upper="{each.bounds[1]:.1f}" symbol="{number}" '
            f'label={quoteattr(each.label)} render="true"/>'
            for number, each in enumerate(classes)
            if each.bounds
        )
        inside = f"<ranges>{rows}</ranges>"
        kind = 'type="graduatedSymbol" attr="closed_share" graduatedMethod="GraduatedColor"'
    else:
        inside, kind = "", 'type="singleSymbol"'
    return (
        f'<renderer-v2 {kind} symbollevels="0" forceraster="0" enableorderby="0">'
        f"{inside}<symbols>{symbols}</symbols></renderer-v2>"
    )


def sld(collection: Collection) -> str:
    """A style for programs that read OGC's SLD 1.0.

    Parameters
    ----------
    collection : that it shows
    """
    rules = "".join(map(_sld_rule, _classes(collection)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<StyledLayerDescriptor version="1.0.0" '
        'xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">'
        f"<NamedLayer><Name>{collection.id}</Name><UserStyle><Title>{collection.title}</Title>"
        f"<FeatureTypeStyle>{rules}</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>\n"
    )


def _classes(collection: Collection) -> list[_Class]:
    if collection.id == "sites":
        return [
            _Class(_LABELS[group], colour, _SHAPES[group], value=group)
            for group, colour in GROUP_COLOURS.items()
        ]
    if "closed_share" in collection.types:
        bounds = [(number * _STEP, (number + 1) * _STEP) for number in range(len(SHARE_COLOURS))]
        return [
            _Class(f"{lower:.0%} – {upper:.0%}", colour, bounds=(lower, upper))
            for (lower, upper), colour in zip(bounds, SHARE_COLOURS, strict=True)
        ]
    mark = "circle" if collection.id == "centres" else None
    return [_Class(collection.title, PLAIN_COLOUR if mark else SHARE_COLOURS[0], mark)]


def _qml_symbol(name: str, each: _Class) -> str:
    red, green, blue = (int(each.colour[place : place + 2], 16) for place in (1, 3, 5))
    colour = f"{red},{green},{blue},255"
    if each.mark:
        kind, layer = "marker", "SimpleMarker"
        told = {"name": each.mark, "color": colour, "outline_color": "255,255,255,255", "size": "3"}
    else:
        kind, layer = "fill", "SimpleFill"
        told = {"color": colour, "style": "solid", "outline_color": "185,189,189,255", "outline_width": "0.2"}
    options = "".join(f'<Option name="{key}" value="{value}" type="QString"/>' for key, value in told.items())
    old = "".join(f'<prop k="{key}" v="{value}"/>' for key, value in told.items())  # of QGIS before 3.28
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{options}</Option>{old}'
        "</layer></symbol>"
    )


def _sld_rule(each: _Class) -> str:
    fill = f'<Fill><CssParameter name="fill">{each.colour}</CssParameter></Fill>'
    stroke = f'<Stroke><CssParameter name="stroke">{_LINE}</CssParameter></Stroke>'
    if each.mark:
        mark = f"<Mark><WellKnownName>{_SLD_MARKS.get(each.mark, each.mark)}</WellKnownName>{fill}</Mark>"
        shown = f"<PointSymbolizer><Graphic>{mark}<Size>9</Size></Graphic></PointSymbolizer>"
    else:
        shown = f"<PolygonSymbolizer>{fill}{stroke}</PolygonSymbolizer>"
    return f"<Rule><Name>{each.label}</Name>{_sld_filter(each)}{shown}</Rule>"


def _sld_filter(each: _Class) -> str:
    if each.value is not None:
        test = f"<ogc:PropertyName>status_group</ogc:PropertyName><ogc:Literal>{each.value}</ogc:Literal>"
        return f"<ogc:Filter><ogc:PropertyIsEqualTo>{test}</ogc:PropertyIsEqualTo></ogc:Filter>"
    if each.bounds is None:
        return ""
    lower, upper = (f"<ogc:Literal>{bound:.1f}</ogc:Literal>" for bound in each.bounds)
    name = "<ogc:PropertyName>closed_share</ogc:PropertyName>"
    above = f"<ogc:PropertyIsGreaterThanOrEqualTo>{name}{lower}</ogc:PropertyIsGreaterThanOrEqualTo>"
    is_last = each.bounds[1] >= 1
    operator = "PropertyIsLessThanOrEqualTo" if is_last else "PropertyIsLessThan"
    below = f"<ogc:{operator}>{name}{upper}</ogc:{operator}>"
    return f"<ogc:Filter><ogc:And>{above}{below}</ogc:And></ogc:Filter>"
