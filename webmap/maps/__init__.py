"""The map's shell: folium renders its script and style into files with fixed ids (design decision 8).

folium comes with pandas and requests, for half a second and 78 MB: they are loaded when the files are first
asked for, and never by a server that gives data to programs alone.
"""

MAP_ID = "map_atlas"


def shell_script() -> str:
    """The text of /map/shell.js, which makes the global `map_atlas` in the element of that id.

    Returns
    -------
    JavaScript that needs Leaflet 1.9 before it; the same bytes in every process
    """
    from webmap.maps.shell import rendered

    return rendered().script


def shell_style() -> str:
    """The text of /map/shell.css: the size of the map within its frame."""
    from webmap.maps.shell import rendered

    return rendered().style
