"""How fast this server is, beside its peers and beside the least that the work can take: `make bench`."""
