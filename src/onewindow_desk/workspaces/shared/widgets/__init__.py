"""The parts every workspace is put together from; one module per part."""
