#!/usr/bin/env python3
"""The smallest complete adapter for Assize: Python 3, standard library only.

It speaks the whole protocol (../PROTOCOL.md) and has no runtime behind it, so it declares no
capability and answers `unsupported` wherever a runtime is needed. To make it yours, fill in the
places marked FILL IN, in their order, and run

    cargo xtask adapter check python3 adapters/template/adapter.py

after each. docs/writing-an-adapter.md goes through them in ten steps.
"""

import base64
import json
import sys


class Failure(Exception):
    """Why a request cannot be done. The classes are listed in PROTOCOL.md."""

    def __init__(self, failure_class, message, **more):
        super().__init__(message)
        # `more` may be rule=... (the specification's rule that was broken) or feature=....
        self.answer = {"class": failure_class, "message": message, **more}


def unsupported(feature):
    """What to answer where the runtime, or this adapter, lacks something."""
    return Failure("unsupported", f"there is no {feature} here", feature=feature)


def usage(message):
    """What to answer where the request names something that does not exist."""
    return Failure("usage", message)


class Runtime:
    """The runtime behind this adapter: definitions, instances and calls, by their numbers."""

    # FILL IN 1: who is this, and what does it have? PROTOCOL.md lists the capabilities.
    NAME = "template"
    VERSION = "0"
    CAPABILITIES = []

    def __init__(self):
        self.definitions = []
        self.instances = []
        self.names = {}
        self.calls = []
        self.events = []

    def load(self, wasm):
        """Decodes and validates the bytes of a component, or of a core module."""
        if wasm[:4] != b"\0asm":
            raise Failure("malformed", "the bytes do not begin like WebAssembly")
        # FILL IN 2: hand the bytes to your runtime. Raise Failure("malformed", ...) or
        # Failure("invalid", ...) where it refuses them; keep what it gives you.
        raise unsupported("runtime")

    def instantiate(self, definition, imports, host, resources):
        """Makes an instance. `imports` maps names of imports to numbers of instances; what is
        not in it comes from the registered names."""
        definition = find(self.definitions, definition, "definition")
        # FILL IN 3: instantiate. Raise Failure("unlinkable", ...) where an import is missing.
        # FILL IN 7: give it the functions of the host world that `host` lists.
        raise unsupported("runtime")

    def register(self, name, instance):
        """Lets later instances import from this one."""
        find(self.instances, instance, "instance")
        self.names[name] = instance

    def call(self, request, wait):
        """Calls an export; returns the call's number and its outcome, None while it is open."""
        instance = find(self.instances, request["instance"], "instance")
        # FILL IN 4: read the arguments, request["args"], by their types, request["params"];
        # call request["export"]; write the result by its type, request.get("result").
        # Raise Failure("trap", ...) where the guest traps.
        # FILL IN 6: with `wait` false, return as soon as the callee has returned or blocked.
        raise unsupported("runtime")

    def await_call(self, call):
        """Runs until an open call has ended, and returns its outcome."""
        find(self.calls, call, "call")
        # FILL IN 6: Failure("deadlock", ...) where nothing can go on and it has not ended.
        raise unsupported("concurrent-calls")

    def cancel(self, call):
        """Asks the callee of an open call to cancel it."""
        find(self.calls, call, "call")
        # FILL IN 8, where your runtime lets a host cancel.
        raise unsupported("call-cancel")

    def get(self, instance, name):
        """Reads an exported global of a core instance."""
        find(self.instances, instance, "instance")
        # FILL IN 5, where your runtime gives access to core modules.
        raise unsupported("core")

    def remains(self):
        """What the runtime still keeps when nothing goes on any more, in words; None if nothing."""
        # FILL IN 9, where your runtime can tell, and declare `remains`.
        raise unsupported("remains")

    def take_events(self):
        """What the host saw since the last answer."""
        events, self.events = self.events, []
        return events


def find(things, number, kind):
    """The thing with this number."""
    if isinstance(number, int) and 0 <= number < len(things):
        return things[number]
    raise usage(f"there is no {kind} {number}")


def the_bytes(request):
    """The bytes that `load` is about: in a file, or in the request."""
    try:
        if "path" in request:
            with open(request["path"], "rb") as file:
                return file.read()
        return base64.b64decode(request["wasm"], validate=True)
    except (OSError, ValueError) as error:
        raise usage(str(error)) from error


def call_reply(call, outcome):
    return {"call": call, "outcome": outcome}


class Adapter:
    """Answers requests. A method is a method of the protocol, with `on_` before its name."""

    def __init__(self):
        self.runtime = Runtime()

    def on_hello(self, request):
        return {
            "name": Runtime.NAME,
            "version": Runtime.VERSION,
            "protocol": 1,
            "capabilities": Runtime.CAPABILITIES,
            "forms": ["component"],
            "match_messages": "class",
        }

    def on_load(self, request):
        return {"definition": self.runtime.load(the_bytes(request))}

    def on_instantiate(self, request):
        instance = self.runtime.instantiate(
            request["definition"],
            request.get("imports", {}),
            request.get("host", []),
            request.get("resources", []),
        )
        return {"instance": instance}

    def on_register(self, request):
        self.runtime.register(request["name"], request["instance"])
        return {}

    def on_call(self, request):
        return call_reply(*self.runtime.call(request, request.get("wait", True)))

    def on_await(self, request):
        return call_reply(request["call"], self.runtime.await_call(request["call"]))

    def on_cancel(self, request):
        self.runtime.cancel(request["call"])
        return {}

    def on_get(self, request):
        return {"value": self.runtime.get(request["instance"], request["global"])}

    def on_run(self, request):
        raise unsupported("form " + str(request.get("form")))

    def on_remains(self, request):
        return {"remains": self.runtime.remains()}

    def on_reset(self, request):
        self.runtime = Runtime()
        return {}

    def on_bye(self, request):
        return {}

    def answer(self, request):
        """The response to a request."""
        response = {"id": request.get("id", 0)}
        try:
            method = getattr(self, "on_" + str(request.get("method")), None)
            if method is None:
                raise unsupported(f"method {request.get('method')}")
            response["ok"] = method(request)
        except Failure as failure:
            response["failure"] = failure.answer
        except KeyError as missing:
            response["failure"] = usage(f"the request lacks {missing}").answer
        events = self.runtime.take_events()
        if events:
            response["events"] = events
        return response


def main():
    adapter = Adapter()
    # Requests come one a line until the input ends; each answer is one line, flushed at once.
    # Standard output is for answers only: log to standard error.
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(adapter.answer(request)), flush=True)
        if request.get("method") == "bye":
            break


if __name__ == "__main__":
    main()
