"""The public side of a release as files, which any web server or content delivery network can carry."""
