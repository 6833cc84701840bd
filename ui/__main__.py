"""`python -m ui`."""

from ui.app import main

raise SystemExit(main())
