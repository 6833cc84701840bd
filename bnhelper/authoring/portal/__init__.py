"""The National Portal's records -> procedure sources that an author can go on from."""
