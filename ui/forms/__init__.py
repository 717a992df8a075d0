"""Entry forms: editors per kind of value, and the form that holds them."""
