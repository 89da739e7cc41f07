"""Whole files out of the register, each written completely or not at all."""
