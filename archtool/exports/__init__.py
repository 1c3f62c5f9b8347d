"""Other people's formats; reads models only."""
