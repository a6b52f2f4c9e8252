# How workerd runs the session. The names of the modules are such that their imports find each other.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "adapter", worker = .adapter)],
  sockets = [(name = "requests", address = "127.0.0.1:0", http = (), service = "adapter")],
);

const adapter :Workerd.Worker = (
  modules = [
    (name = "hosts/worker.js", esModule = embed "worker.js"),
    (name = "hosts/strays.js", esModule = embed "strays.js"),
    (name = "clock.js", esModule = embed "../clock.js"),
    (name = "component.js", esModule = embed "../component.js"),
    (name = "core.js", esModule = embed "../core.js"),
    (name = "failure.js", esModule = embed "../failure.js"),
    (name = "futures.js", esModule = embed "../futures.js"),
    (name = "host.js", esModule = embed "../host.js"),
    (name = "names.js", esModule = embed "../names.js"),
    (name = "platform.js", esModule = embed "../platform.js"),
    (name = "session.js", esModule = embed "../session.js"),
    (name = "store.js", esModule = embed "../store.js"),
    (name = "streams.js", esModule = embed "../streams.js"),
    (name = "values.js", esModule = embed "../values.js"),
  ],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "MAKE", unsafeEval = void),
    (name = "SESSIONS", durableObjectNamespace = "SessionObject"),
  ],
  durableObjectNamespaces = [
    (className = "SessionObject", uniqueKey = "session", preventEviction = true),
  ],
  durableObjectStorage = (inMemory = void),
);
