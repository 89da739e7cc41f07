-- Lets a session's account have its pages in another language.
-- Parameters: token_hash; language, id or en.
SELECT register.session_change_language(%(token_hash)s, %(language)s)
