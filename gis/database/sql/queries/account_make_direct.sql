-- Makes the login role of an account's direct connections, or gives it another password; for the owner.
-- Parameters: name; verifier, the SCRAM verifier of its password.
-- Columns: the role's name.
SELECT register.direct_role_make(%(name)s, %(verifier)s)
