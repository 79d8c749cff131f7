"""Instructions that a call executes, counted by callgrind."""
