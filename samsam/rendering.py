"""How Django's forms become our markup: ``{{ form }}`` and ``{{ form.name.as_field_group }}``."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields by ``components/field.html``; widgets stay Django's own, so the admin is left as it is."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
