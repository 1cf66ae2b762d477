"""The stock way: Django REST framework as its tutorial and django-filter's teach it; memberships in a plain table."""
