"""Looking at products, and changing one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseForm, ModelForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy
from django.views.generic import (
    CreateView,
    DeleteView,
    DetailView,
    ListView,
    UpdateView,
)
from django.views.generic.detail import SingleObjectMixin

from accounts.logins import LoginRequired
from catalogue.forms import EditForm, ProductForm
from catalogue.models import OwnerGoneError, Product, ProductQuerySet
from catalogue.paging import ProductPaginator
from config.forms import UnprocessableMixin
from languages import _


class HomeView(ListView):
    template_name = "home.html"
    context_object_name = "products"

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.newest_first()[:6]


class ProductListView(ListView):
    template_name = "catalogue/products.html"
    context_object_name = "products"
    paginate_by = 12
    paginator_class = ProductPaginator

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.matching(self.words()).newest_first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(q=self.words(), **kwargs)

    def words(self) -> str:
        return self.request.GET.get("q", "").strip()[:200]


class ProductDetailView(DetailView):
    template_name = "catalogue/product.html"
    queryset = Product.objects.with_owner()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = self.object.may_be_changed_by(self.request.user)
        return super().get_context_data(may_change=may_change, **kwargs)


class ProductCreateView(
    LoginRequired, SuccessMessageMixin, UnprocessableMixin, CreateView
):
    template_name = "catalogue/product_form.html"
    form_class = ProductForm
    success_message = _("The product is added.")

    def form_valid(self, form: ModelForm) -> HttpResponse:
        form.instance.owner = self.user
        try:
            return super().form_valid(form)
        except OwnerGoneError:
            return redirect_to_login(self.request.get_full_path())


class OwnProductMixin(LoginRequired, SingleObjectMixin):
    """Finds a product for its owner or for staff, and for nobody else."""

    model = Product

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Product:
        product: Product = super().get_object(queryset)
        if not product.may_be_changed_by(self.user):
            raise PermissionDenied("This product belongs to somebody else.")
        return product


class ProductUpdateView(OwnProductMixin, UnprocessableMixin, UpdateView):
    template_name = "catalogue/product_edit.html"
    form_class = EditForm

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.object.version}

    def form_valid(self, form: ModelForm) -> HttpResponse:
        if form.instance.save_changes(form.cleaned_data["version"]):
            messages.success(self.request, _("Your changes are saved."))
            return HttpResponseRedirect(form.instance.get_absolute_url())
        conflict = EditForm.beside(self.get_object(), form.cleaned_data)
        context = self.get_context_data(form=conflict, conflict=True)
        return self.render_to_response(context, status=409)


class ProductDeleteView(OwnProductMixin, SuccessMessageMixin, DeleteView):
    template_name = "catalogue/product_delete.html"
    success_url = reverse_lazy("products")
    success_message = _("The product is deleted.")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            # Locked: whoever deletes it at the same time finds nothing afterwards.
            self.object = self.get_object(Product.objects.select_for_update())
            return super().form_valid(form)
