"""Publishing: a change of the content is checked, learned and served while the product runs."""
