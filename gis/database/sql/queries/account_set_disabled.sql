-- Disables an account, or lets it sign in again; its sessions and direct connections end.
-- Parameters: name; disabled.
SELECT register.account_set_disabled(%(name)s, %(disabled)s)
