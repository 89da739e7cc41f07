"""What the catalogue says of each dataset, in both languages."""

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l

from webmap.links import LANGUAGE_PREFIXES

TITLE = _l("Closure atlas")
DESCRIPTION = _l(
    "How far Indonesia's programme to close its lokalisasi is: sites, provinces, regencies and "
    "rehabilitation centres, as of a day."
)
SUMMARY = (
    _l("Regional summary"),
    _l("How many sites are active, planned and closed in each region, as of a day."),
)
PUBLISHER = _l("Ministry of Social Affairs of the Republic of Indonesia")
OFFICE = _l(
    "the office of the Ministry of Social Affairs (Kementerian Sosial), or the social agency (Dinas Sosial) "
    "of the province, regency or city"
)
SERVICE = (
    _l("Data for any GIS"),
    _l(
        "Sites, provinces, regencies and centres by OGC API – Features: QGIS, ArcGIS, GDAL, R and Python "
        "connect with one address."
    ),
)
TILES = _l("Vector tiles")
#: As gis/domain/collections.py has them, for the catalogue of translations.
COLLECTIONS = (
    _l("Lokalisasi and lokasi with the status of their closing, as of a day."),
    _l("Closed lokalisasi and lokasi, each as the centre of a cell of 0.01°."),
    _l("Provinces with how far the closing is in each, as of a day."),
    _l("Regencies and cities with how far the closing is in each, as of a day."),
    _l("Rehabilitation centres by their city."),
    _l("Rehabilitation centres by their city. No place is public."),
)
KEYWORDS = {
    "id": ["lokalisasi", "penutupan", "rehabilitasi sosial", "Indonesia"],
    "en": ["lokalisasi", "closure", "social rehabilitation", "Indonesia"],
}


def in_both(text: object) -> dict[str, str]:
    """A text in each language, as JSON-LD has it.

    Parameters
    ----------
    text : its English, or what says it in the language of a request
    """
    found = {}
    for language in LANGUAGE_PREFIXES:
        with force_locale(language):
            found[language] = gettext(text) if isinstance(text, str) else str(text)
    return found
