-- Gives an account another password; its sessions end.
-- Parameters: name; password_hash.
SELECT register.account_set_password(%(name)s, %(password_hash)s)
