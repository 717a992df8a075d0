"""Tests of gridapp.devices."""
