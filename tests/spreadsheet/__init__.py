"""Foreign workbooks: understood whatever their shape, refused with a sentence when they are bad."""
