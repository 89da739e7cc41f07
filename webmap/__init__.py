"""The web application: pages, their data twins, map layers and files, over the services of `gis`."""

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from gis.config import Settings
from gis.database import open_database
from gis.database.connection import Database
from gis.database.login_roles import APP, VISITOR
from webmap import access, charts, cookies, csrf, errors, i18n, links, public, responses, sending
from webmap.views import (
    account,
    aid,
    audit,
    catalog,
    centres,
    claims,
    data,
    files,
    imports,
    manage,
    manage_releases,
    map_layers,
    ogc,
    pages,
    people,
    plans,
    public_pages,
    public_topics,
    releases,
    site_forms,
    tiles,
    users,
    whole,
)

# What has pages of its own stands beneath the pages, and so in both languages.
for _part in (
    account.blueprint,
    aid.blueprint,
    audit.blueprint,
    centres.blueprint,
    claims.blueprint,
    imports.blueprint,
    manage.blueprint,
    manage_releases.blueprint,
    ogc.blueprint,
    people.blueprint,
    plans.blueprint,
    releases.blueprint,
    site_forms.blueprint,
    tiles.blueprint,
    users.blueprint,
):
    pages.blueprint.register_blueprint(_part)
for _views in (catalog, files, map_layers, public_pages, public_topics, releases, whole, ogc, tiles):
    public.VIEWS.update(_views.VIEWS)
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - named to be left out of the names


def create_app(
    settings: Settings | None = None, database: Database | None = None, visitors: Database | None = None
) -> Flask:
    """Make the application.

    Parameters
    ----------
    settings : from the environment by default
    database : the register as the application's role; by default the one that the settings name
    visitors : the releases as the role of visitors; where a database is given and this is not, there is no
        public side
    """
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config["TRUSTED_HOSTS"] = trusted_hosts(settings)
    app.extensions["atlas_settings"] = settings
    app.extensions["atlas_database"] = database or open_database(settings, role=APP)
    if database is None:
        visitors = visitors or open_database(settings, role=VISITOR, read_only=True)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.json = responses.JSONProvider(app)
    app.url_map.strict_slashes = False
    app.url_map.converters["region"] = links.RegionConverter
    app.url_map.converters["release"] = links.ReleaseConverter
    app.url_map.converters["day"] = links.DayConverter
    compress = Compress()
    app.config.update(COMPRESS_REGISTER=False, COMPRESS_MIMETYPES=responses.COMPRESSED_TYPES)
    compress.init_app(app)
    app.after_request(responses.secured)
    sending.init_app(app, settings)
    app.after_request(lambda response: responses.compressed(response, compress))
    for part in (i18n, charts, errors, links, csrf, access):
        part.init_app(app)
    public.init_app(app, visitors)
    for views in (catalog, data, files, map_layers, whole):
        app.register_blueprint(views.blueprint)
    for language, prefix in links.LANGUAGE_PREFIXES.items():
        app.register_blueprint(pages.blueprint, name=f"pages_{language}", url_prefix=prefix or None)
    if settings.proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # the way that Flask's manual tells
    return app


def trusted_hosts(settings: Settings) -> list[str]:
    """The names under which the application answers.

    A browser that is tricked into asking this server under another name (DNS rebinding) is refused, so that
    no web page of a stranger can read what a signed-in person sees.
    """
    own = f"[{settings.host}]" if ":" in settings.host else settings.host
    listening = [] if settings.host in EVERY_ADDRESS else [own]
    return list(dict.fromkeys([*cookies.LOOPBACK_NAMES, *listening, *settings.trusted_hosts]))
