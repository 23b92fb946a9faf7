"""Show the functions of `api` on a page, over HTTP and to agents."""
