"""Plans a package that meets a BagIt profile, and says before anything is written what it lacks."""
