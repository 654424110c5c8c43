"""REPORT: what people see."""
