"""An invented municipality that writes real formats, and the truth about what it wrote."""
