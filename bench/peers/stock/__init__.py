"""The stock way: Django REST framework as its tutorial and django-filter's teach it, over the same tables."""
