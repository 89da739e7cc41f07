-- Notes in the audit trail that the password of an attempt was wrong.
-- Parameters: attempt_id.
SELECT register.sign_in_refuse(%(attempt_id)s)
