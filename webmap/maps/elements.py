"""What the shell holds beside folium's own map: panes, basemap, controls, and the frame that is shown first.

Each element is a few lines of script in a macro, as folium has it. Texts and addresses come from data-*
attributes of the map's element and reach the document through `textContent` and attributes alone.
"""

from branca.element import MacroElement
from folium.template import Template


class _MapElement(MacroElement):
    """A part with a fixed name, so that the rendered file is the same bytes each time."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id = "atlas", type(self).__name__.lower()


class Panes(_MapElement):
    """Layers from the sea up, and how far one may zoom; what is not data takes no pointer."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            (function (map) {
                const heights = { basemap: 250, regions: 400, words: 450 };
                for (const [name, height] of Object.entries(heights)) {
                    map.createPane(name).style.zIndex = height;
                }
                map.getPane("basemap").style.pointerEvents = "none";
                map.getPane("words").style.pointerEvents = "none";
                map.setMinZoom(3).setMaxZoom(14);
            })({{ this._parent.get_name() }});
        {% endmacro %}
    """)


class Basemap(_MapElement):
    """Land of Indonesia and its neighbours, and the names of lands and seas, from one file of our own."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            (function (map) {
                const given = map.getContainer().dataset;
                const word = (feature, latlng) => {
                    const text = document.createElement("span");
                    text.textContent = feature.properties[given.language];
                    const { kind } = feature.properties;
                    const icon = L.divIcon({ html: text, className: kind, iconSize: null });
                    return L.marker(latlng, { icon, pane: "words", interactive: false, keyboard: false });
                };
                // From far away the words would cover one another.
                const far = () => map.getContainer().classList.toggle("far", 3.75 > map.getZoom());
                map.on("zoomend", far);
                far();
                map.basemap = fetch(given.basemap)
                    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
                    .then((land) => {
                        L.geoJSON(land, {
                            pane: "basemap",
                            interactive: false,
                            style: ({ properties }) => ({ className: `land-${properties.kind}` }),
                            pointToLayer: word,
                        }).addTo(map);
                        return land;
                    })
                    .catch(() => null);
            })({{ this._parent.get_name() }});
        {% endmacro %}
    """)


class Controls(_MapElement):
    """Zoom buttons named in the page's language, and a metric scale."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            (function (map) {
                const given = map.getContainer().dataset;
                L.control.zoom({
                    position: "topright",
                    zoomInTitle: given.zoomIn,
                    zoomOutTitle: given.zoomOut,
                }).addTo(map);
                L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
                // A wheel over the map scrolls the page until the map has been chosen by click or focus.
                map.on("focus click", () => map.scrollWheelZoom.enable());
                map.on("blur", () => map.scrollWheelZoom.disable());
            })({{ this._parent.get_name() }});
        {% endmacro %}
    """)


class Frame(_MapElement):
    """The part of the world that the page names, in view from the start."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            (function (map) {
                const [west, south, east, north] = map.getContainer().dataset.bbox.split(",").map(Number);
                map.fitBounds([[south, west], [north, east]], { animate: false, padding: [8, 8] });
            })({{ this._parent.get_name() }});
        {% endmacro %}
    """)
