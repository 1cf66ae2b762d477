"""Pages of the admin as a person uses them: opened, filled in and sent with all that a browser would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from roster.models import User


@dataclass
class Form:
    """A form of a page: its URL and its fields."""

    attributes: dict[str, str]
    data: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)

    def put(self, name: str, value: str) -> None:
        if name and "__prefix__" not in name:
            self.data.setdefault(name, []).append(value)


class Reader(HTMLParser):
    """Reads the forms, the text and the links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.links: list[str] = []
        self._is_open = False
        self._area: str | None = None
        self._select: str | None = None
        self._first_option: str | None = None
        self._is_chosen = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append(Form(given))
            self._is_open = True
        if self._is_open:
            self._read_field(tag, given)

    def _read_field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input" and "disabled" not in given:
            kind = given.get("type", "text")
            if kind in {"submit", "button"}:
                form.buttons.append(given.get("value", ""))
            elif kind not in {"checkbox", "radio"} or "checked" in given:
                form.put(name, given.get("value", "on" if kind in {"checkbox", "radio"} else ""))
        elif tag == "textarea":
            self._area = name
            form.put(name, "")
        elif tag == "select":
            self._select, self._first_option, self._is_chosen = name, None, "multiple" in given
        elif tag == "option" and self._select is not None:
            if self._first_option is None:
                self._first_option = given.get("value", "")
            if "selected" in given:
                self._is_chosen = True
                form.put(self._select, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_open = False
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select is not None:
            if not self._is_chosen and self._first_option is not None:
                self.forms[-1].put(self._select, self._first_option)
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._area in self.forms[-1].data:
            held = self.forms[-1].data[self._area]
            held[-1] += data if held[-1] else data.removeprefix("\n").removeprefix("\r\n")
        else:
            self.text.append(data)


@dataclass(frozen=True)
class Page:
    """What the server answered."""

    client: Client
    url: str
    response: Any

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def reader(self) -> Reader:
        reader = Reader()
        reader.feed(self.response.content.decode())
        return reader

    @property
    def text(self) -> str:
        """The text of the page, with single spaces."""
        return " ".join(" ".join(self.reader.text).split())

    @property
    def links(self) -> list[str]:
        return self.reader.links

    @property
    def messages(self) -> list[str]:
        """The messages of the last action."""
        return [str(message) for message in self.response.context["messages"]]

    @property
    def errors(self) -> list[str]:
        """The errors of the form: of its fields, of the whole form and of the tables on its page."""
        form = self.response.context["adminform"].form
        found = [error for errors in form.errors.values() for error in errors]
        for table in self.response.context["inline_admin_formsets"]:
            found += table.formset.non_form_errors()
            found += [error for errors in table.formset.errors for texts in errors.values() for error in texts]
        return [str(error) for error in found]

    @property
    def listed(self) -> list[Any]:
        """The rows of a list, in its order."""
        return list(self.response.context["cl"].result_list)

    @property
    def form(self) -> Form:
        """The form that the page is about."""
        posts = [form for form in self.reader.forms if form.attributes.get("method") == "post"]
        return next((form for form in posts if form.attributes.get("id", "").endswith("_form")), posts[-1])

    def send(self, **changes: Any) -> "Page":
        """Send the form as it is but for these changes; None leaves a field out. The answer is followed."""
        data: dict[str, Any] = {**self.form.data, "_save": "Save", **changes}
        data = {name: value for name, value in data.items() if value is not None}
        response = self.client.post(self.form.attributes.get("action") or self.url, data, follow=True)
        return Page(self.client, response.request["PATH_INFO"], response)

    def press(self, label: str) -> "Page":
        """Press a button beside the title."""
        buttons = dict(self.response.context["buttons"])  # label to address
        response = self.client.post(buttons[label], follow=True)
        return Page(self.client, response.request["PATH_INFO"], response)

    def act(self, action: str, *rows: Model) -> "Page":
        """Choose an action of a list for these rows."""
        data = {"action": action, "_selected_action": [str(row.pk) for row in rows], "index": "0"}
        response = self.client.post(self.url, data, follow=True)
        return Page(self.client, self.url, response)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, of: Model | type[Model], page: str = "", **parameters: Any) -> Page:
    """A page of the admin: of a model, its list; of a row, the page to change it; or the page of that name."""
    name = page or ("changelist" if isinstance(of, type) else "change")
    arguments = [] if isinstance(of, type) else [of.pk]
    url = reverse(f"admin:{of._meta.app_label}_{of._meta.model_name}_{name}", args=arguments)
    response = client.get(url, parameters)
    return Page(client, url if not parameters else response.wsgi_request.get_full_path(), response)
