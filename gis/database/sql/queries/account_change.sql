-- Gives an account another role and region; its sessions and direct connections end.
-- Parameters: name; role; region_code, null for a national role.
SELECT register.account_change(%(name)s, %(role)s, %(region_code)s::text)
