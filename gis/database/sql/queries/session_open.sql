-- Opens a session after a right password.
-- Parameters: attempt_id; verified_hash; renewed_hash, null to keep the stored one; token_hash;
-- old_token_hash, of a session that ends.
-- Columns: whether it was opened.
SELECT register.sign_in_finish(
    %(attempt_id)s, %(verified_hash)s, %(renewed_hash)s::text, %(token_hash)s, %(old_token_hash)s::bytea)
