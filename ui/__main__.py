"""`python -m ui`."""

from ui.start import main

raise SystemExit(main())
