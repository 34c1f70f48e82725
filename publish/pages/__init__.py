"""One module a page: each takes the base and what is asked, and gives an answer."""
