"""Pages of the room, by what they are about; `programmes.urls` names them."""
