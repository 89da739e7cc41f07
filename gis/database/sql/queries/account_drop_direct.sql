-- Takes the login role of an account's direct connections away; for the owner.
-- Parameters: name.
SELECT register.direct_role_drop(%(name)s)
