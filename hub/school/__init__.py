"""Owns the one school, its departments, programmes and class groups, its academic years, terms and free days."""
