"""What the register costs, measured against the alternatives in one run. Not part of the product."""
