"""The stores: one per topic, each bound to one transaction of one workspace."""
