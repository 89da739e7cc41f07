"""The map's shell: folium renders its script and style into files with fixed ids (design decision 8)."""

from webmap.maps.shell import MAP_ID, shell_script, shell_style

__all__ = ["MAP_ID", "shell_script", "shell_style"]
