"""Makes data/demo: the real, sourced sites and synthetic ones that fill up to the anchors of the domain.

Every synthetic fact is drawn from a generator of random numbers that is seeded with the site's own key, so
that a change to one site leaves the others as they are, and the same boundaries give the same bytes.
"""

from gis.services.demo_generator.register import build, generate

__all__ = ["build", "generate"]
