-- Notes an attempt to sign in, and finds what the password has to fit.
-- Parameters: name, as it was given; address, the network of the caller.
-- Columns: attempt_id, stored_hash; or retry_after_s alone, where too many have failed.
SELECT b.attempt_id, b.verified_hash, b.retry_after_s
FROM register.sign_in_begin(%(name)s, %(address)s::cidr) b
