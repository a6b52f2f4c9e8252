//! The host world on Wasmtime: guests whose exports are the host's functions and the built-ins, so
//! that each test is a script of calls.

use assize_protocol::host::{Copied, CopyEnd, HostEvent, Imports};
use assize_protocol::runtime::{
    Begun, CallId, Failure, InstanceId, Outcome, OutcomeClass, Runtime,
};
use assize_protocol::value::Value;
use assize_wasmtime::{Wasmtime, Wasmtimes};

const STREAM_NEW: [&str; 3] = [
    "stream-new",
    "(param \"t\" u32) (result $T)",
    "(param \"t\" u32) (result u32)",
];
const STREAM_TAKE: [&str; 3] = [
    "stream-take",
    "(param \"t\" u32) (param \"s\" $T)",
    "(param \"t\" u32) (param \"s\" u32)",
];
const STREAM_GIVE: [&str; 3] = [
    "stream-give",
    "(param \"t\" u32) (result $T)",
    "(param \"t\" u32) (result u32)",
];
const STREAM_READ: [&str; 2] = ["stream-read", "(param \"t\" u32) (param \"n\" u32)"];
const STREAM_WRITE: [&str; 2] = ["stream-write", "(param \"t\" u32) (param \"v\" (list u8))"];
const PENDING: [&str; 2] = ["pending", "async (param \"t\" u32) (result u32)"];
const RESOLVE: [&str; 2] = ["resolve", "(param \"t\" u32) (param \"v\" u32)"];

/// What the built-ins of a stream of bytes look like as exports. The guest's buffer is at 64.
const STREAM_BUILT_INS: &str = r#"
    (core func $new (canon stream.new $T))
    (core func $read (canon stream.read $T async (memory $m "memory")))
    (core func $read-sync (canon stream.read $T (memory $m "memory")))
    (core func $write (canon stream.write $T async (memory $m "memory")))
    (core func $write-sync (canon stream.write $T (memory $m "memory")))
    (core func $cancel-read (canon stream.cancel-read $T))
    (core func $cancel-write (canon stream.cancel-write $T))
    (core func $drop-readable (canon stream.drop-readable $T))
    (core func $drop-writable (canon stream.drop-writable $T))
    (core func $return (canon task.return (result u32)))
    (core module $W
      (import "" "return" (func $return (param i32)))
      (import "" "read" (func $read (param i32 i32 i32) (result i32)))
      (import "" "write" (func $write (param i32 i32 i32) (result i32)))
      (import "" "cancel-read" (func $cancel-read (param i32) (result i32)))
      (import "" "cancel-write" (func $cancel-write (param i32) (result i32)))
      (func (export "read") (param i32 i32 i32)
        (call $return (call $read (local.get 0) (local.get 1) (local.get 2))))
      (func (export "write") (param i32 i32 i32)
        (call $return (call $write (local.get 0) (local.get 1) (local.get 2))))
      (func (export "cancel-read") (param i32) (call $return (call $cancel-read (local.get 0))))
      (func (export "cancel-write") (param i32) (call $return (call $cancel-write (local.get 0)))))
    (core instance $w (instantiate $W (with "" (instance
      (export "return" (func $return))
      (export "read" (func $read-sync))
      (export "write" (func $write-sync))
      (export "cancel-read" (func $cancel-read))
      (export "cancel-write" (func $cancel-write))))))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "read") (param "e" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $read)))
    (func (export "read-sync") async (param "e" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $w "read") async))
    (func (export "write") (param "e" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $write)))
    (func (export "write-sync") async (param "e" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $w "write") async))
    (func (export "cancel-read") async (param "e" u32) (result u32)
      (canon lift (core func $w "cancel-read") async))
    (func (export "cancel-write") async (param "e" u32) (result u32)
      (canon lift (core func $w "cancel-write") async))
    (func (export "drop-readable") (param "e" u32) (canon lift (core func $drop-readable)))
    (func (export "drop-writable") (param "e" u32) (canon lift (core func $drop-writable)))
"#;

const STREAM: &str = "(type $T (stream u8))";
const BLOCKED: u32 = 0xffff_ffff;
const DROPPED: u32 = 1;
const CANCELLED: u32 = 2;

/// A component that exports each of these host functions, lowered and lifted again. A function is
/// its name, the type that the host has, and, where that is another one, the type that the
/// harness sees.
fn component(types: &str, host: &[&[&str]], more: &str) -> String {
    let all = |part: &dyn Fn(&str, &str, &str) -> String| {
        let parts = host
            .iter()
            .map(|func| part(func[0], func[1], func[func.len() - 1]));
        parts.collect::<String>()
    };
    let imports = all(&|name, ty, _| format!("(export \"{name}\" (func {ty}))\n"));
    let lowers = all(&|name, _, _| {
        format!(
            "(core func ${name} (canon lower (func $host \"{name}\") (memory $m \"memory\")
               (realloc (core func $m \"realloc\"))))\n"
        )
    });
    let lifts = all(&|name, _, ty| {
        format!(
            "(func (export \"{name}\") {ty} (canon lift (core func ${name}) (memory $m \"memory\")
               (realloc (core func $m \"realloc\"))))\n"
        )
    });
    format!(
        r#"(component
             {types}
             (import "assize:host/world@0.1.0" (instance $host {imports}))
             (core module $M
               (memory (export "memory") 1)
               (data (i32.const 64) "abcdefghijklmnopqrstuvwxyz")
               (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256))
               (func (export "byte") (param i32) (result i32) (i32.load8_u (local.get 0))))
             (core instance $m (instantiate $M))
             (func (export "byte") (param "at" u32) (result u8) (canon lift (core func $m "byte")))
             {lowers} {lifts} {more})"#
    )
}

/// A test under way.
struct Script {
    runtime: Wasmtime,
    instance: InstanceId,
}

fn encode(text: &str) -> Vec<u8> {
    let buffer = wast::parser::ParseBuffer::new(text).expect("tokens");
    let mut wat: wast::Wat<'_> = wast::parser::parse(&buffer).expect("a component");
    wat.encode().expect("a component that can be encoded")
}

fn instantiate(runtime: &mut Wasmtime, text: &str) -> Result<InstanceId, Failure> {
    let definition = runtime.define(&encode(text))?;
    // The types are in the component; what is told here says that it has a host.
    let resources = vec!["r".to_owned()];
    let imports = Imports {
        resources,
        ..Imports::default()
    };
    runtime.instantiate_with(definition, &imports)
}

impl Script {
    fn try_new(text: &str) -> Result<Self, Failure> {
        let wasmtimes = Wasmtimes::new().expect("a machine that Wasmtime runs on");
        let mut runtime = wasmtimes.start().expect("host modules that link");
        let instance = instantiate(&mut runtime, text)?;
        Ok(Script { runtime, instance })
    }

    fn new(text: &str) -> Self {
        Self::try_new(text).expect("a component that can be instantiated")
    }

    fn try_call(&mut self, export: &str, args: &[Value]) -> Result<Vec<Value>, Failure> {
        self.runtime.invoke(self.instance, export, args)
    }

    /// Calls an export that takes and returns `u32`s.
    fn call(&mut self, export: &str, args: &[u32]) -> u32 {
        let args: Vec<Value> = args.iter().copied().map(Value::U32).collect();
        match self.try_call(export, &args).expect("no failure")[..] {
            [] => 0,
            [Value::U32(value)] => value,
            [Value::U8(value)] => value.into(),
            ref other => panic!("{other:?}"),
        }
    }

    fn write(&mut self, token: u32, values: &[u8]) {
        let values = Value::List(values.iter().copied().map(Value::U8).collect());
        let args = [Value::U32(token), values];
        self.try_call("stream-write", &args).expect("no failure");
    }

    /// The two ends of a new stream of the guest's.
    fn new_stream(&mut self) -> (u32, u32) {
        match self.try_call("new", &[]).expect("no failure")[..] {
            [Value::U64(ends)] => (ends as u32, (ends >> 32) as u32),
            ref other => panic!("{other:?}"),
        }
    }

    fn begin(&mut self, export: &str, args: &[u32]) -> Begun {
        let args: Vec<Value> = args.iter().copied().map(Value::U32).collect();
        let begun = self.runtime.begin(self.instance, export, &args);
        begun.expect("no failure")
    }

    /// Begins a call that blocks.
    fn block(&mut self, export: &str, args: &[u32]) -> CallId {
        let begun = self.begin(export, args);
        assert_eq!(begun.outcome, None);
        begun.call
    }

    fn finish(&mut self, call: CallId) -> u32 {
        match self.runtime.finish(call) {
            Ok(Outcome::Returned(values)) => match values[..] {
                [Value::U32(value)] => value,
                ref other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    /// The events since this was last asked, other than calls.
    fn events(&mut self) -> Vec<HostEvent> {
        let mut events = self.runtime.take_events();
        events.retain(|event| !matches!(event, HostEvent::Call { .. }));
        events
    }
}

fn written(token: u32, count: u32, end: CopyEnd) -> HostEvent {
    let copied = Copied::Written(count);
    HostEvent::Copied { token, copied, end }
}

fn read(token: u32, values: &[u8], end: CopyEnd) -> HostEvent {
    let copied = Copied::Values(values.iter().copied().map(Value::U8).collect());
    HostEvent::Copied { token, copied, end }
}

#[test]
fn a_call_is_an_event_with_the_functions_whole_name_and_its_arguments() {
    let host: [&[&str]; 2] = [
        &[
            "trace-pair",
            "(param \"a\" u32) (param \"b\" string)",
            "(param \"a\" u32) (param \"b\" string)",
        ],
        &["echo", "(param \"v\" u32) (result u32)"],
    ];
    let mut script = Script::new(&component("", &host, ""));
    let args = [Value::U32(7), Value::String("x".to_owned())];
    script.try_call("trace-pair", &args).expect("no failure");
    assert_eq!(script.call("echo", &[5]), 5);
    let call = |function: &str, args: &[Value]| HostEvent::Call {
        function: function.to_owned(),
        args: args.to_vec(),
    };
    assert_eq!(
        script.runtime.take_events(),
        [call("trace-pair", &args), call("echo", &[Value::U32(5)])]
    );
    assert_eq!(script.runtime.take_events(), []);
}

#[test]
fn a_pending_call_blocks_its_caller_until_a_guest_resolves_it() {
    let mut script = Script::new(&component("", &[&PENDING, &RESOLVE], WAIT));
    let call = script.block("wait", &[1]);
    script.call("resolve", &[2, 41]);
    let failure = script.runtime.finish(call).expect_err("nobody resolved it");
    assert_eq!(failure.class, OutcomeClass::Deadlock);
    script.call("resolve", &[1, 42]);
    script.call("resolve", &[1, 43]);
    assert_eq!(script.finish(call), 42);
    assert_eq!(script.events(), []);
}

#[test]
fn a_value_of_another_type_resolves_nothing() {
    let other = ["resolve-text", "(param \"t\" u32) (param \"v\" string)"];
    let mut script = Script::new(&component("", &[&PENDING, &RESOLVE, &other], WAIT));
    let call = script.block("wait", &[1]);
    let args = [Value::U32(1), Value::String("x".to_owned())];
    script.try_call("resolve-text", &args).expect("no failure");
    script.call("resolve", &[1, 6]);
    assert_eq!(script.finish(call), 6);
}

#[test]
fn a_deadlock_of_a_call_that_is_waited_for_is_a_trap() {
    let mut script = Script::new(&component("", &[&PENDING], ""));
    let failure = script
        .try_call("pending", &[Value::U32(1)])
        .expect_err("no one resolves it");
    assert_eq!(failure.class, OutcomeClass::Trap);
}

#[test]
fn the_host_sees_that_its_pending_call_is_cancelled() {
    let more = r#"
        (core func $start (canon lower (func $host "pending") async (memory $m "memory")))
        (core func $cancel (canon subtask.cancel))
        (func (export "start") (param "t" u32) (param "at" u32) (result u32)
          (canon lift (core func $start)))
        (func (export "cancel") async (param "subtask" u32) (result u32)
          (canon lift (core func $cancel)))"#;
    let mut script = Script::new(&component("", &[&PENDING], more));
    let started = script.call("start", &[9, 0]);
    assert_eq!(started & 15, 1);
    assert_eq!(script.call("cancel", &[started >> 4]), 4);
    assert_eq!(script.events(), [HostEvent::Cancelled { token: 9 }]);
}

#[test]
fn several_calls_are_open_and_end_in_any_order() {
    let mut script = Script::new(&component("", &[&PENDING, &RESOLVE], WAIT));
    let first = script.block("wait", &[1]);
    let second = script.block("wait", &[2]);
    script.call("resolve", &[2, 20]);
    assert_eq!(script.finish(second), 20);
    script.call("resolve", &[1, 10]);
    assert_eq!(script.finish(first), 10);
}

/// An export that any number of tasks may be in at once, and that waits for a pending call.
const WAIT: &str = r#"
    (core func $return (canon task.return (result u32)))
    (core module $W
      (import "" "pending" (func $pending (param i32) (result i32)))
      (import "" "return" (func $return (param i32)))
      (func (export "wait") (param i32) (call $return (call $pending (local.get 0)))))
    (core instance $w (instantiate $W (with "" (instance
      (export "pending" (func $pending)) (export "return" (func $return))))))
    (func (export "wait") async (param "t" u32) (result u32)
      (canon lift (core func $w "wait") async))
"#;

#[test]
fn a_host_write_ends_with_the_first_read_of_the_guests() {
    let host: [&[&str]; 2] = [&STREAM_NEW, &STREAM_WRITE];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let end = script.call("stream-new", &[1]);
    script.write(1, b"xyz");
    assert_eq!(script.events(), []);
    assert_eq!(script.call("read-sync", &[end, 64, 2]), 2 << 4);
    assert_eq!(script.call("byte", &[65]), u32::from(b'y'));
    assert_eq!(script.call("byte", &[66]), u32::from(b'c'));
    assert_eq!(script.events(), [written(1, 2, CopyEnd::Completed)]);
}

#[test]
fn a_read_of_the_guests_waits_for_a_host_write() {
    let host: [&[&str]; 2] = [&STREAM_NEW, &STREAM_WRITE];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let end = script.call("stream-new", &[1]);
    let call = script.block("read-sync", &[end, 64, 9]);
    script.write(1, b"xy");
    assert_eq!(script.finish(call), 2 << 4);
    assert_eq!(script.events(), [written(1, 2, CopyEnd::Completed)]);
}

#[test]
fn a_host_read_takes_what_the_guest_writes() {
    let host: [&[&str]; 2] = [&STREAM_TAKE, &STREAM_READ];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let (readable, writable) = script.new_stream();
    script.call("stream-take", &[2, readable]);
    let call = script.block("write-sync", &[writable, 64, 5]);
    script.call("stream-read", &[2, 3]);
    assert_eq!(script.finish(call), 3 << 4);
    script.call("stream-read", &[2, 3]);
    assert_eq!(script.call("write-sync", &[writable, 70, 1]), 1 << 4);
    let events = [
        read(2, b"abc", CopyEnd::Completed),
        read(2, b"g", CopyEnd::Completed),
    ];
    assert_eq!(script.events(), events);
}

#[test]
fn dropping_an_end_ends_the_copies_of_the_other() {
    let drop = ["stream-drop", "(param \"t\" u32)"];
    let host: [&[&str]; 5] = [
        &STREAM_NEW,
        &STREAM_WRITE,
        &STREAM_TAKE,
        &STREAM_READ,
        &drop,
    ];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let end = script.call("stream-new", &[1]);
    script.write(1, b"xy");
    script.call("drop-readable", &[end]);
    script.write(1, b"z");
    let dropped = written(1, 0, CopyEnd::Dropped);
    assert_eq!(script.events(), [dropped.clone(), dropped]);

    let end = script.call("stream-new", &[1]);
    let call = script.block("read-sync", &[end, 64, 9]);
    script.call("stream-drop", &[1]);
    assert_eq!(script.finish(call), DROPPED);

    let (readable, writable) = script.new_stream();
    script.call("stream-take", &[2, readable]);
    script.call("stream-read", &[2, 3]);
    script.call("drop-writable", &[writable]);
    assert_eq!(script.events(), [read(2, b"", CopyEnd::Dropped)]);

    let (readable, writable) = script.new_stream();
    script.call("stream-take", &[3, readable]);
    script.call("stream-drop", &[3]);
    assert_eq!(script.call("write-sync", &[writable, 64, 1]), DROPPED);
}

#[test]
fn the_host_cancels_a_copy_that_is_under_way_and_no_other() {
    let cancel = ["stream-cancel", "(param \"t\" u32)"];
    let host: [&[&str]; 3] = [&STREAM_NEW, &STREAM_WRITE, &cancel];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let end = script.call("stream-new", &[1]);
    script.call("stream-cancel", &[1]);
    script.write(1, b"xy");
    script.write(1, b"z");
    script.call("stream-cancel", &[1]);
    assert_eq!(script.events(), [written(1, 0, CopyEnd::Cancelled)]);
    assert_eq!(script.call("read-sync", &[end, 64, 9]), 1 << 4);
    assert_eq!(script.call("byte", &[64]), u32::from(b'z'));
}

#[test]
fn a_held_buffer_comes_back_when_the_host_releases_it() {
    let hold = ["stream-hold", "(param \"t\" u32)"];
    let release = ["stream-release", "(param \"t\" u32)"];
    let host: [&[&str]; 3] = [&STREAM_NEW, &hold, &release];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let end = script.call("stream-new", &[1]);
    assert_eq!(script.call("read", &[end, 64, 9]), BLOCKED);
    assert_eq!(script.call("cancel-read", &[end]), CANCELLED);
    script.call("stream-hold", &[1]);
    assert_eq!(script.call("read", &[end, 64, 9]), BLOCKED);
    let call = script.block("cancel-read", &[end]);
    script.call("stream-release", &[1]);
    assert_eq!(script.finish(call), CANCELLED);
}

#[test]
fn where_one_side_copies_nothing_only_that_side_ends() {
    let host: [&[&str]; 4] = [&STREAM_NEW, &STREAM_WRITE, &STREAM_TAKE, &STREAM_READ];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let end = script.call("stream-new", &[1]);
    script.write(1, b"xy");
    assert_eq!(script.call("read-sync", &[end, 64, 0]), 0);
    assert_eq!(script.events(), []);
    assert_eq!(script.call("read-sync", &[end, 64, 5]), 2 << 4);
    script.events();

    let (readable, writable) = script.new_stream();
    script.call("stream-take", &[2, readable]);
    let call = script.block("write-sync", &[writable, 64, 2]);
    script.call("stream-read", &[2, 0]);
    let failure = script.runtime.finish(call).expect_err("the write goes on");
    assert_eq!(failure.class, OutcomeClass::Deadlock);
    assert_eq!(script.events(), [read(2, b"", CopyEnd::Completed)]);
}

#[test]
fn the_host_gives_back_an_end_that_it_has_not_read_from() {
    let host: [&[&str]; 3] = [&STREAM_TAKE, &STREAM_GIVE, &STREAM_READ];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let (readable, writable) = script.new_stream();
    script.call("stream-take", &[2, readable]);
    let end = script.call("stream-give", &[2]);
    assert_eq!(script.call("write", &[writable, 64, 2]), BLOCKED);
    assert_eq!(script.call("read", &[end, 70, 9]), 2 << 4);
    let failure = script.try_call("stream-give", &[Value::U32(2)]);
    assert_eq!(failure.expect_err("it is gone").class, OutcomeClass::Trap);
}

const FUTURE: &str = "(type $F (future u8))";
const FUTURE_NEW: [&str; 3] = [
    "future-new",
    "(param \"t\" u32) (result $F)",
    "(param \"t\" u32) (result u32)",
];
const FUTURE_TAKE: [&str; 3] = [
    "future-take",
    "(param \"t\" u32) (param \"f\" $F)",
    "(param \"t\" u32) (param \"f\" u32)",
];
const FUTURE_WRITE: [&str; 2] = ["future-write", "(param \"t\" u32) (param \"v\" u8)"];
const FUTURE_READ: [&str; 2] = ["future-read", "(param \"t\" u32)"];
const FUTURE_DROP: [&str; 2] = ["future-drop", "(param \"t\" u32)"];

/// What the built-ins of a future of a byte look like as exports.
const FUTURE_BUILT_INS: &str = r#"
    (core func $new (canon future.new $F))
    (core func $read (canon future.read $F async (memory $m "memory")))
    (core func $write (canon future.write $F async (memory $m "memory")))
    (core func $drop-readable (canon future.drop-readable $F))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "read") (param "e" u32) (param "at" u32) (result u32)
      (canon lift (core func $read)))
    (func (export "write") (param "e" u32) (param "at" u32) (result u32)
      (canon lift (core func $write)))
    (func (export "drop-readable") (param "e" u32) (canon lift (core func $drop-readable)))
"#;

#[test]
fn a_future_of_the_hosts_gives_one_value() {
    let host: [&[&str]; 3] = [&FUTURE_NEW, &FUTURE_WRITE, &FUTURE_DROP];
    let mut script = Script::new(&component(FUTURE, &host, FUTURE_BUILT_INS));
    let end = script.call("future-new", &[1]);
    script.call("future-drop", &[1]);
    let value = [Value::U32(1), Value::U8(b'x')];
    script.try_call("future-write", &value).expect("no failure");
    script.try_call("future-write", &value).expect("no failure");
    assert_eq!(script.events(), []);
    assert_eq!(script.call("read", &[end, 64]), 0);
    assert_eq!(script.call("byte", &[64]), u32::from(b'x'));
    assert_eq!(script.events(), [written(1, 1, CopyEnd::Completed)]);

    let end = script.call("future-new", &[2]);
    let value = [Value::U32(2), Value::U8(b'x')];
    script.try_call("future-write", &value).expect("no failure");
    script.call("drop-readable", &[end]);
    assert_eq!(script.events(), [written(2, 0, CopyEnd::Dropped)]);
}

#[test]
fn the_host_reads_a_future_of_the_guests_or_drops_it() {
    let host: [&[&str]; 3] = [&FUTURE_TAKE, &FUTURE_READ, &FUTURE_DROP];
    let mut script = Script::new(&component(FUTURE, &host, FUTURE_BUILT_INS));
    let ends = script.new_stream();
    script.call("future-take", &[1, ends.0]);
    script.call("future-read", &[1]);
    assert_eq!(script.call("write", &[ends.1, 65]), 0);
    assert_eq!(script.events(), [read(1, b"b", CopyEnd::Completed)]);

    let ends = script.new_stream();
    script.call("future-take", &[2, ends.0]);
    script.call("future-drop", &[2]);
    assert_eq!(script.call("write", &[ends.1, 65]), DROPPED);
}

#[test]
fn the_host_makes_resources_and_sees_their_destruction() {
    let text = r#"(component
        (import "assize:host/world@0.1.0" (instance $host
          (export "r" (type $R (sub resource)))
          (export "resource-new" (func (param "rep" u32) (result (own $R))))
          (export "resource-rep" (func (param "r" (borrow $R)) (result u32)))
          (export "resource-take" (func (param "r" (own $R)) (result u32)))
          (export "trace" (func (param "r" (borrow $R))))))
        (alias export $host "r" (type $R))
        (core func $new (canon lower (func $host "resource-new")))
        (core func $rep (canon lower (func $host "resource-rep")))
        (core func $take (canon lower (func $host "resource-take")))
        (core func $trace (canon lower (func $host "trace")))
        (core func $drop (canon resource.drop $R))
        (func (export "new") (param "rep" u32) (result u32) (canon lift (core func $new)))
        (func (export "rep") (param "r" u32) (result u32) (canon lift (core func $rep)))
        (func (export "take") (param "r" u32) (result u32) (canon lift (core func $take)))
        (func (export "trace") (param "r" u32) (canon lift (core func $trace)))
        (func (export "drop") (param "r" u32) (canon lift (core func $drop))))"#;
    let mut script = Script::new(text);
    let (first, second) = (script.call("new", &[10]), script.call("new", &[20]));
    assert_eq!(script.call("rep", &[first]), 10);
    script.call("trace", &[first]);
    assert_eq!(script.call("take", &[second]), 20);
    assert_eq!(script.events(), []);
    script.call("drop", &[first]);
    let resource = "r".to_owned();
    assert_eq!(script.events(), [HostEvent::Dropped { resource, rep: 10 }]);
}

/// The feature that the runtime says it lacks.
fn missing(failure: Failure) -> String {
    match failure.class {
        OutcomeClass::Unsupported { feature } => feature,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_wasmtime_cannot_do_is_unsupported_before_anything_runs() {
    let link = |host: &[&[&str]]| {
        let linked = Script::try_new(&component("", host, ""));
        missing(linked.err().expect("a failure"))
    };
    let (stubborn, acknowledge) = (
        ["stubborn", PENDING[1]],
        ["acknowledge", "(param \"t\" u32)"],
    );
    assert_eq!(link(&[&stubborn, &acknowledge]), "host.stubborn");
    assert_eq!(link(&[&["unstarted", "async"]]), "host.unstarted");
    let deep = "(param \"t\" u32) (result (stream (list (list u8))))";
    let element = link(&[&["stream-new", deep, "(param \"t\" u32) (result u32)"]]);
    assert_eq!(element, "streams and futures of this element type");
}

#[test]
fn an_end_that_was_read_from_cannot_be_given_back() {
    let host: [&[&str]; 3] = [&STREAM_TAKE, &STREAM_GIVE, &STREAM_READ];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let (readable, writable) = script.new_stream();
    script.call("stream-take", &[2, readable]);
    script.call("stream-read", &[2, 1]);
    assert_eq!(script.call("write", &[writable, 64, 1]), 1 << 4);
    let failure = script.try_call("stream-give", &[Value::U32(2)]);
    assert_eq!(
        missing(failure.expect_err("it stays")),
        "giving an end that has been read"
    );
}

#[test]
fn a_trap_answers_the_request_in_which_it_happens_and_all_later_ones() {
    let more = r#"
        (core module $T (func (export "trap") unreachable))
        (core instance $t (instantiate $T))
        (func (export "trap") (canon lift (core func $t "trap")))"#;
    let text = component("", &[&RESOLVE], more);
    let mut script = Script::new(&text);
    let other = instantiate(&mut script.runtime, &text).expect("a second instance");
    let failure = script.try_call("trap", &[]).expect_err("it traps");
    assert_eq!(failure.class, OutcomeClass::Trap);
    script.instance = other;
    let later = script.try_call("resolve", &[Value::U32(1), Value::U32(2)]);
    assert_eq!(
        later.expect_err("no guest is left").class,
        OutcomeClass::Trap
    );
}

#[test]
fn handles_pass_from_one_instance_to_the_next_through_the_harness() {
    let more = r#"
        (core module $S (func (export "same") (param i32) (result i32) (local.get 0)))
        (core instance $s (instantiate $S))
        (func (export "out") (param "s" u32) (result $T) (canon lift (core func $s "same")))
        (func (export "in") (param "s" $T) (result u32) (canon lift (core func $s "same")))"#;
    let text = component(STREAM, &[], &format!("{STREAM_BUILT_INS} {more}"));
    let mut script = Script::new(&text);
    let (readable, writable) = script.new_stream();
    let out = script
        .try_call("out", &[Value::U32(readable)])
        .expect("a stream");
    assert_eq!(script.call("write", &[writable, 64, 3]), BLOCKED);
    script.instance = instantiate(&mut script.runtime, &text).expect("a second instance");
    let end = script.try_call("in", &out).expect("a stream that arrives");
    let [Value::U32(end)] = end[..] else {
        panic!("{end:?}");
    };
    assert_eq!(script.call("read", &[end, 80, 2]), 2 << 4);
    assert_eq!(script.call("byte", &[80]), u32::from(b'a'));
}

#[test]
fn a_reset_forgets_what_the_host_keeps() {
    let text = component("", &[&PENDING, &RESOLVE], WAIT);
    let mut script = Script::new(&text);
    let call = script.block("wait", &[1]);
    script.runtime.reset().expect("a fresh start");
    assert_eq!(script.runtime.take_events(), []);
    let failure = script.runtime.finish(call).expect_err("no such call");
    assert_eq!(failure.class, OutcomeClass::Usage);
}

#[test]
fn a_call_that_spins_is_open_when_the_next_one_begins() {
    let more = r#"
        (core func $yield (canon thread.yield))
        (core func $return (canon task.return))
        (core module $S
          (import "" "yield" (func $yield (result i32)))
          (import "" "return" (func $return))
          (global $stop (mut i32) (i32.const 0))
          (func (export "spin")
            (loop $again
              (drop (call $yield))
              (br_if $again (i32.eqz (global.get $stop))))
            (call $return))
          (func (export "stop") (global.set $stop (i32.const 1))))
        (core instance $s (instantiate $S (with "" (instance
          (export "yield" (func $yield)) (export "return" (func $return))))))
        (func (export "spin") async (canon lift (core func $s "spin") async))
        (func (export "stop") (canon lift (core func $s "stop")))"#;
    let mut script = Script::new(&component("", &[], more));
    let call = script.block("spin", &[]);
    script.call("stop", &[]);
    assert_eq!(
        script.runtime.finish(call),
        Ok(Outcome::Returned(Vec::new()))
    );
}

#[test]
fn a_trap_of_an_instance_without_a_host_ends_that_instance_only() {
    let text = r#"(component
        (core module $T (func (export "trap") unreachable) (func (export "fine")))
        (core instance $t (instantiate $T))
        (func (export "trap") (canon lift (core func $t "trap")))
        (func (export "fine") (canon lift (core func $t "fine"))))"#;
    let mut script = Script::new(&component("", &[], ""));
    let definition = script.runtime.define(&encode(text)).expect("a component");
    let none = Imports::default();
    let instances = [(); 2].map(|()| script.runtime.instantiate_with(definition, &none));
    let [first, second] = instances.map(|instance| instance.expect("an instance"));
    let failure = script
        .runtime
        .invoke(first, "trap", &[])
        .expect_err("it traps");
    assert_eq!(failure.class, OutcomeClass::Trap);
    assert_eq!(script.runtime.invoke(second, "fine", &[]), Ok(Vec::new()));
}

#[test]
fn a_host_that_holds_keeps_the_buffer_of_a_write_before_its_first_read() {
    let hold = ["stream-hold", "(param \"t\" u32)"];
    let release = ["stream-release", "(param \"t\" u32)"];
    let host: [&[&str]; 3] = [&STREAM_TAKE, &hold, &release];
    let mut script = Script::new(&component(STREAM, &host, STREAM_BUILT_INS));
    let (readable, writable) = script.new_stream();
    script.call("stream-take", &[1, readable]);
    script.call("stream-hold", &[1]);
    assert_eq!(script.call("write", &[writable, 64, 0]), BLOCKED);
    let call = script.block("cancel-write", &[writable]);
    script.call("stream-release", &[1]);
    assert_eq!(script.finish(call), CANCELLED);
}

#[test]
fn a_write_that_traps_in_the_guest_has_not_ended() {
    let types = "(type $S (stream string))";
    let new = [
        "stream-new",
        "(param \"t\" u32) (result $S)",
        "(param \"t\" u32) (result u32)",
    ];
    let write = [
        "stream-write",
        "(param \"t\" u32) (param \"v\" (list string))",
    ];
    let more = |realloc: &str| {
        format!(
            r#"(core module $G
                 (func (export "realloc") (param i32 i32 i32 i32) (result i32) {realloc}))
               (core instance $g (instantiate $G))
               (core func $read (canon stream.read $S async (memory $m "memory")
                 (realloc (core func $g "realloc"))))
               (func (export "read") (param "e" u32) (param "at" u32) (param "n" u32) (result u32)
                 (canon lift (core func $read)))"#
        )
    };
    let run = |realloc: &str| {
        let host: [&[&str]; 3] = [&new, &write, &RESOLVE];
        let mut script = Script::new(&component(types, &host, &more(realloc)));
        let end = script.call("stream-new", &[1]);
        assert_eq!(script.call("read", &[end, 512, 2]), BLOCKED);
        let values = Value::List(vec![Value::String("x".to_owned())]);
        let written = script.try_call("stream-write", &[Value::U32(1), values]);
        // A call may return before the event loop comes to the copy.
        let later = [(); 9].map(|()| script.try_call("resolve", &[Value::U32(1), Value::U32(2)]));
        let fine = written.is_ok() && later.iter().all(Result::is_ok);
        (fine, script.events())
    };
    assert_eq!(
        run("(i32.const 600)"),
        (true, vec![written(1, 1, CopyEnd::Completed)])
    );
    assert_eq!(run("unreachable"), (false, Vec::new()));
}

#[test]
fn what_a_guest_has_not_dropped_remains_and_what_it_has_dropped_does_not() {
    let mut script = Script::new(&component(STREAM, &[], STREAM_BUILT_INS));
    assert_eq!(script.runtime.remains(), Ok(None));
    let (readable, writable) = script.new_stream();
    let remains = script.runtime.remains().expect("an answer");
    let remains = remains.expect("both ends");
    assert!(remains.ends_with(" entries in the table of tasks, threads, waitables and sets"));
    script.call("drop-writable", &[writable]);
    assert!(script.runtime.remains().is_ok_and(|one| one.is_some()));
    script.call("drop-readable", &[readable]);
    assert_eq!(script.runtime.remains(), Ok(None));
}
