"""The page Learn: lessons that ask first, each beside a real page of the lab, and what one did in them."""
