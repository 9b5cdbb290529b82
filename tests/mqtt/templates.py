"""A line of JSON in, a line of JSON out: renders templates as Home Assistant does: Jinja 2, sandboxed, with the few of its own filters that are used here."""
import datetime
import json
import sys

from jinja2.sandbox import ImmutableSandboxedEnvironment

environment = ImmutableSandboxedEnvironment()
NOW = datetime.datetime(2026, 11, 25, 12, 0, 0, 250000, tzinfo=datetime.timezone.utc)
environment.globals["now"] = lambda: NOW


def timestamp_custom(value, date_format, local):
    assert not local
    return datetime.datetime.fromtimestamp(float(value), datetime.timezone.utc).strftime(date_format)


environment.filters["timestamp_custom"] = timestamp_custom

for line in sys.stdin:
    question = json.loads(line)
    variables = dict(question["variables"])
    if isinstance(variables.get("value"), str):
        try:
            variables["value_json"] = json.loads(variables["value"])
        except ValueError:
            pass
    answer = environment.from_string(question["template"]).render(variables).strip()
    print(json.dumps(answer), flush=True)
