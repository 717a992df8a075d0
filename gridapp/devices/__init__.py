"""Devices and the makers' platforms that speak for them (设备)."""
