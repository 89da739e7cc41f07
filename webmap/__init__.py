"""The web application: pages, their data twins, map layers and files, over the services of `gis`."""

from flask import Flask
from flask_compress import Compress

from gis.config import Settings
from gis.database import open_database
from gis.database.connection import Database
from webmap import charts, errors, i18n, links, responses
from webmap.views import data, files, map_layers, pages

# Until there are accounts this is the planner's view. A browser that is tricked into asking this server under
# another name (DNS rebinding) is refused, so that no web page of a stranger can read the register.
LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Make the application.

    Parameters
    ----------
    settings : from the environment by default
    database : the register; by default the one that the settings name, opened read-only
    """
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config["TRUSTED_HOSTS"] = LOOPBACK_NAMES
    app.extensions["atlas_settings"] = settings
    app.extensions["atlas_database"] = database or open_database(settings, read_only=True)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.json = responses.JSONProvider(app)
    app.url_map.strict_slashes = False
    app.url_map.converters["region"] = links.RegionConverter
    app.url_map.converters["day"] = links.DayConverter
    compress = Compress()
    app.config.update(COMPRESS_REGISTER=False, COMPRESS_MIMETYPES=responses.COMPRESSED_TYPES)
    compress.init_app(app)
    app.after_request(responses.secured)
    app.after_request(lambda response: responses.compressed(response, compress))
    for part in (i18n, charts, errors, links):
        part.init_app(app)
    for blueprint in (data.blueprint, files.blueprint, map_layers.blueprint):
        app.register_blueprint(blueprint)
    for language, prefix in links.LANGUAGE_PREFIXES.items():
        app.register_blueprint(pages.blueprint, name=f"pages_{language}", url_prefix=prefix or None)
    return app
