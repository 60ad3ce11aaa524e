"""Texts of libraries that we say in other Dutch: Django's says "u", or English.

The ids are the library's own, to the letter.
"""

from django.utils.translation import gettext_noop as _

IN_ADMIN = (
    _("Are you sure?"),
    _("You may edit it again below."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("You don’t have permission to view or edit anything."),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was changed successfully."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
)
# A code that is wrong: what to do.
IN_LOGIN = (_("Incorrect code."),)
