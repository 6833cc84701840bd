"""The ODK XForms runtime: a form definition, one filled instance, what is relevant, required, valid."""
