"""Pages of issued reports and of their templates."""
