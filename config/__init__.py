"""Configuration of the site: settings, URLs and the web server."""
