"""A layer that QGIS opens live: it asks the server for what is on the screen, in the colours of the map."""

from xml.sax.saxutils import escape, quoteattr

from gis.domain.collections import Collection
from gis.services.exports.styles import qgis_renderer

_GEOMETRIES = {"sites": "Point", "centres": "Point"}
_PAGE_ROWS = 5_000


def qlr(collection: Collection, api_url: str) -> str:
    """A layer definition of QGIS 3 over OGC API – Features.

    Parameters
    ----------
    collection : that it shows
    api_url : of the landing page
    """
    layer_id = f"atlas_{collection.id}"
    source = f"url='{api_url}' typename='{collection.id}' restrictToRequestBBOX='1' pageSize='{_PAGE_ROWS}'"
    geometry = _GEOMETRIES.get(collection.id, "Polygon")
    drawn = qgis_renderer(collection)
    return (
        '<!DOCTYPE qgis-layer-definition>\n<qlr><layer-tree-group expanded="1" checked="Qt::Checked" name="">'
        f'<layer-tree-layer id={quoteattr(layer_id)} name={quoteattr(collection.title)} expanded="1"'
        f' checked="Qt::Checked" providerKey="OAPIF" source={quoteattr(source)}/></layer-tree-group>'
        f'<maplayers><maplayer type="vector" geometry="{geometry}"><id>{layer_id}</id>'
        f"<datasource>{escape(source)}</datasource><layername>{escape(collection.title)}</layername>"
        f'<provider encoding="UTF-8">OAPIF</provider>{drawn}</maplayer></maplayers></qlr>\n'
    )
