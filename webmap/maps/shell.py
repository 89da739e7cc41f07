"""A folium map without data: what differs from page to page is read from data-* attributes of its element."""

import re
from functools import cache

import folium
from branca.element import Figure

from webmap.maps.elements import Basemap, Controls, Frame, Panes

# folium names a map by its _name and _id; fixed ones make the file the same bytes each time.
MAP_ID = "map_atlas"
CENTRE = (-2.5, 118.0)


def _shell() -> folium.Map:
    shell = folium.Map(
        location=CENTRE,
        zoom_start=4,
        tiles=None,
        zoom_control=False,
        zoom_snap=0.25,
        zoom_delta=1,
        attribution_control=False,
        scroll_wheel_zoom=False,
        world_copy_jump=False,
    )
    # On the instance: folium's own lists name hosts, and add_js_link would change them for the whole process.
    shell.default_js, shell.default_css = [], []
    shell._name, shell._id = MAP_ID.split("_")
    for part in (Panes(), Basemap(), Controls(), Frame()):
        shell.add_child(part)
    return shell


@cache
def _rendered() -> tuple[str, str]:
    figure = _shell().get_root()
    if not isinstance(figure, Figure):
        raise TypeError(figure)  # folium puts every map into a figure
    figure.render()
    styles = re.findall(r"<style>(.*?)</style>", figure.header.render(), flags=re.DOTALL)
    # folium also sets the size of html and body, which belongs to the page and not to the map.
    own = [style for style in styles if f"#{MAP_ID}" in style]
    return figure.script.render(), "\n".join(own)


def shell_script() -> str:
    """The text of /map/shell.js, which makes the global `map_atlas` in the element of that id.

    Returns
    -------
    JavaScript that needs Leaflet 1.9 before it; the same bytes in every process
    """
    return _rendered()[0]


def shell_style() -> str:
    """The text of /map/shell.css: the size of the map within its frame."""
    return _rendered()[1]
