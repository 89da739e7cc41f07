"""A folium map without data: what differs from page to page is read from data-* attributes of its element."""

import re
from functools import cache
from typing import NamedTuple

import folium
from branca.element import Figure

from webmap.maps import MAP_ID
from webmap.maps.elements import Basemap, Controls, Frame, Panes

CENTRE = (-2.5, 118.0)


class Shell(NamedTuple):
    """What folium makes of a map: its script, and its style."""

    script: str
    style: str


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
    # folium names a map by its _name and _id; fixed ones make the file the same bytes each time.
    shell._name, shell._id = MAP_ID.split("_")
    for part in (Panes(), Basemap(), Controls(), Frame()):
        shell.add_child(part)
    return shell


@cache
def rendered() -> Shell:
    """The script and the style, rendered once in a process."""
    figure = _shell().get_root()
    if not isinstance(figure, Figure):
        raise TypeError(figure)  # folium puts every map into a figure
    figure.render()
    styles = re.findall(r"<style>(.*?)</style>", figure.header.render(), flags=re.DOTALL)
    # folium also sets the size of html and body, which belongs to the page and not to the map.
    own = [style for style in styles if f"#{MAP_ID}" in style]
    return Shell(figure.script.render(), "\n".join(own))
