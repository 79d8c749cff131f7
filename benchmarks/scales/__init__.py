"""What operations cost in a World of a thousand, ten thousand and a hundred thousand objects of each kind."""
