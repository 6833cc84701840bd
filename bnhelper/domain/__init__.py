"""What is true about dossiers, papers and places: dataclasses and rules, no disk, no network, no clock."""
