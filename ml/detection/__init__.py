"""Anomalous readings among interval data of any number of meters, and the events they make up."""
