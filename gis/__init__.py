"""closure-atlas without the web: the domain, the database, the services and the command line."""
