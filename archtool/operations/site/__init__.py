"""Makes a site about a collection of packages; later runs make again only what changed."""
