"""What a server loads before it is asked for anything."""

import subprocess
import sys

# folium alone takes half a second and 78 MB; each is loaded by the request that needs it.
LATER = ("folium", "geopandas", "pandas", "pyarrow", "pyogrio", "requests", "xlsxwriter")


def test_a_server_starts_without_what_few_requests_need() -> None:
    code = f"import sys, webmap; print(*set({LATER!r}).intersection(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []
