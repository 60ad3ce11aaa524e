"""Lists of staff that cost the same whatever the size of the table."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import ImproperlyConfigured
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

MOST_COUNTED = 1000  # rows; who needs an older one searches or filters
MOST_CHOICES = 200  # values of one filter

# Subscripting is for the type checker only: Django's own classes do not know it when they run.
if TYPE_CHECKING:
    _Paginator = Paginator[Any]
    _InlineFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    _Paginator = Paginator
    _InlineFormSet = BaseInlineFormSet


class BoundedPaginator(_Paginator):
    """Counts no further than ``MOST_COUNTED`` rows: counting a million takes longer than showing a page."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows) if isinstance(rows, list) else int(rows.order_by()[:MOST_COUNTED].count())


class Newest(_InlineFormSet):
    """The newest rows only: a list beside something is never longer than a screen or two."""

    most = 30

    def get_queryset(self) -> QuerySet[Any]:
        if not hasattr(self, "_newest"):
            self._newest = super().get_queryset()[: self.most]
        return self._newest


class OwnRelatedFilter(admin.RelatedFieldListFilter):
    """Offers only what the visitor may see: the villages of their own municipalities."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = model_admin.rows_to_choose(field.remote_field.model, request, for_filter=True)
        return [(row.pk, str(row)) for row in rows[:MOST_CHOICES]]


def short_moment(at: datetime | None) -> str:
    """A moment that leaves room for other columns: "12 mrt 16:00"."""
    return date_format(timezone.localtime(at), "j b H:i") if at else ""


def scoped_filter(model: type[Any], item: Any) -> Any:
    """The filter that may stand beside a list: relations by ``OwnRelatedFilter``, never all values of a column."""
    path, chosen = item if isinstance(item, (list, tuple)) else (item, None)
    if isinstance(path, type):
        return path
    field = get_fields_from_path(model, path)[-1]
    if field.is_relation:
        return (path, OwnRelatedFilter)
    if field.choices or field.get_internal_type() in ("BooleanField", "DateField", "DateTimeField"):
        return (path, chosen) if chosen else path
    message = f"A filter on {path} would read every value of the column, of every municipality."
    raise ImproperlyConfigured(message)
