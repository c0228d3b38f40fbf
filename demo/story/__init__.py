"""The sample story, told through the same actions that people use; what no article gives is generated and marked."""
