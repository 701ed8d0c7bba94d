"""What a conclusion hangs on: assumptions, where they stand, and how the answer moves with them."""
