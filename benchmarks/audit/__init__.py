"""Whether what the lab says of a network is true: networks trained on data of known nature, truth beside verdict."""
