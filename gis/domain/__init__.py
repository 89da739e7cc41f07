"""The domain: pure rules, no input or output, no SQL."""
