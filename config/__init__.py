"""How it runs: settings, addresses, servers; no behaviour of its own."""
