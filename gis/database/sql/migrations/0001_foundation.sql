-- The extensions and the schema of the register.
-- `published` (the public releases) gets a schema of its own when releases exist.
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE SCHEMA IF NOT EXISTS register;
