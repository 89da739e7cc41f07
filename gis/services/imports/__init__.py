"""Files that agencies send: read in a bounded process, columns proposed, rows checked one by one."""
