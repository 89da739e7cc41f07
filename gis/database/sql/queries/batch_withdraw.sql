-- Its author takes a batch back.
-- Parameters: id.
SELECT register.withdraw_batch(%(id)s)
