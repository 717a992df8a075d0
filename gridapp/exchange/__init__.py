"""Handing over and taking in: parcels, who may write them, and what carries them. Knows no window and no verb of an officer."""
