"""Figures: how it goes in a village and a municipality, counted by the clock. Numbers only, never a person."""
