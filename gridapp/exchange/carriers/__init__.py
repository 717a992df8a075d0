"""What carries parcels (载体): a stick or folder, anything fsspec opens, the town's postbox over HTTPS; all alike and none trusted."""

from gridapp.exchange.carriers.carrier import Carrier, Fill, Found, Progress, Settled, clear
from gridapp.exchange.carriers.choosing import carrier_at
from gridapp.exchange.carriers.folder import Folder
from gridapp.exchange.carriers.names import Named, name_of, named, shelf_of

__all__ = ["Carrier", "Fill", "Folder", "Found", "Named", "Progress", "Settled", "carrier_at", "clear", "name_of", "named", "shelf_of"]
