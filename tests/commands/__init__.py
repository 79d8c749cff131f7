"""The two commands of the README, as a person without anything installed meets them."""
