-- Gives a session's account another password after the old one was given again.
-- Parameters: token_hash; attempt_id and verified_hash, of the old password; new_hash; new_token_hash.
-- Columns: whether it was changed.
SELECT register.session_change_password(
    %(token_hash)s, %(attempt_id)s, %(verified_hash)s, %(new_hash)s, %(new_token_hash)s)
