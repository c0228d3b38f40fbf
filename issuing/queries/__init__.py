"""Questions that issued reports ask: what the figures are now, what has changed since, who quotes a figure."""
