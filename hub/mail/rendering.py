"""Mails from templates: `<name>.txt.jinja`, whose first line is the subject, and `<name>.html.jinja`."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from hub.mail.message import Content


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("hub.mail"),
        autoescape=select_autoescape(enabled_extensions=("html.jinja",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, **values: object) -> Content:
    """The mail `name` with these values; those of the HTML are escaped.

    Raises:
        jinja2.UndefinedError: the template asks for a value that is not given.
    """
    environment = _environment()
    subject, _, text = environment.get_template(f"{name}.txt.jinja").render(values).partition("\n")
    html = environment.get_template(f"{name}.html.jinja").render(values, subject=subject)
    return Content(subject=subject.strip(), text=text.strip() + "\n", html=html)
