"""The revisions; what one of them says is never changed."""
