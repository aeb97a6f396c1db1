"""Tests of the proof of life."""
