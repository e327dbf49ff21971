"""What each pass of the jit did, as a page: `show_passes`."""
