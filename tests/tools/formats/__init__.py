"""Writers of picture files in every variant of their formats, by the specifications, and what each must decode to."""
