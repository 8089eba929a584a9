def feet(fathoms):
    return fathoms * 6
