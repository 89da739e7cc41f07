"""Remakes data/boundaries from pinned public packages, byte for byte."""
