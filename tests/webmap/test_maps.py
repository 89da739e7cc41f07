"""The shell that folium renders: the same bytes each time, no host but ours, nothing left of a page."""

import re
import subprocess
import sys

import folium

from webmap.maps import MAP_ID, shell_script, shell_style


def test_shell_makes_one_map_of_a_fixed_id() -> None:
    assert re.findall(r"var (\w+) = L\.map\(", shell_script()) == [MAP_ID]
    assert f"#{MAP_ID}" in shell_style()


def test_shell_names_no_host() -> None:
    for text in (shell_script(), shell_style()):
        assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
        assert "<" not in text.replace("<=", "")


def test_shell_is_the_same_bytes_in_another_process() -> None:
    code = "from webmap.maps import shell_script, shell_style; print(shell_script() + shell_style(), end='')"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout == shell_script() + shell_style()


def test_style_is_that_of_the_map_alone() -> None:
    assert "html" not in shell_style()


def test_folium_keeps_its_own_lists() -> None:
    # default_js set on a class would change every map of the process.
    shell_script()
    assert folium.Map.default_js
    assert folium.Map.default_css


def test_texts_reach_the_document_as_text() -> None:
    assert "innerHTML" not in shell_script()
    assert "textContent" in shell_script()
