//! Tests as data: what `cargo xtask suite build` writes beside the binaries that it is about.
//!
//! `suite.json` lists the tests and the forms that each of them has. `case.json` is one test in the
//! form `component`: the binaries, and what to do with them in the protocol's own terms, so that
//! a program of a page can run it against a runtime without a parser for any text format.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::message::{FailureClass, Form, WireHostFunction, WireReading};
use crate::types::Type;

/// The version of what is described here. It changes when a reader of the version before would
/// go wrong; fields may be added without.
pub const SCHEMA: u32 = 1;

/// A suite that was built: the content of `suite.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuiteManifest {
    /// The version of this format: 1.
    pub schema: u32,
    /// The suite's name.
    pub suite: String,
    /// The version of Assize that built it.
    pub version: String,
    /// The commit of `WebAssembly/component-model` that the tests are written against.
    pub revision: String,
    /// The tests, in the order of their names.
    pub tests: Vec<TestEntry>,
}

/// A test of a suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestEntry {
    /// The path of its source within the suite, without the extension.
    pub name: String,
    /// How it is written and judged.
    pub kind: TestKind,
    /// The capabilities that a runtime needs for it.
    pub requires: Vec<String>,
    /// What there is of it.
    pub forms: Vec<FormEntry>,
    /// The forms that it does not have, and why.
    pub missing: Vec<MissingForm>,
}

/// How a test is written and judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TestKind {
    /// A script, which says what it expects.
    Script,
    /// A script of what the host does, without expectations: whatever the specification allows is
    /// right, and the reference decides what that is.
    HostDriven,
}

/// A form that a test has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FormEntry {
    /// The form.
    pub form: Form,
    /// The file, from the directory of `suite.json`.
    pub path: String,
    /// How many of the test's directives it holds a runtime to.
    pub checks: usize,
    /// How many it leaves out.
    pub left_out: usize,
}

/// A form that a test does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissingForm {
    /// The form.
    pub form: Form,
    /// Why there is none.
    pub reason: String,
}

/// A test in the form `component`: the content of `case.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// The version of this format: 1.
    pub schema: u32,
    /// The path of its source within the suite, without the extension.
    pub name: String,
    /// What the test is about.
    pub about: String,
    /// How it is written and judged.
    pub kind: TestKind,
    /// The commit of the specification that it is written against.
    pub revision: String,
    /// Which side it takes where the specification's text and its own tests differ.
    pub reading: WireReading,
    /// The capabilities that a runtime needs for it.
    pub requires: Vec<String>,
    /// The identifiers of the rules that it is about.
    pub rules: Vec<String>,
    /// The components. A command names one by its place here.
    pub binaries: Vec<Binary>,
    /// What to do, in order.
    pub commands: Vec<Command>,
    /// The directives that have no place here.
    pub left_out: Vec<LeftOut>,
}

/// A component of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Binary {
    /// The file, beside `case.json`.
    pub file: String,
    /// The functions of the host world that it imports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub host: Vec<WireHostFunction>,
    /// The names of the resource types that it imports from the host world.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}

/// Something to do, and what should come of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// The line of the source.
    pub line: u32,
    /// The keyword that stands there.
    pub directive: String,
    /// The rules that it is about, and whether each of them holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// What to do.
    #[serde(flatten)]
    pub action: Action,
    /// What should come of it.
    pub expect: Expect,
}

/// Something to do. Each is a request of the protocol, with numbers that the test chooses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Action {
    /// Decode and validate a binary.
    Load {
        /// Its place in `binaries`, which is also the definition's number.
        definition: usize,
    },
    /// Make an instance of a definition.
    Instantiate {
        /// The definition's number.
        definition: usize,
        /// The number that the instance gets.
        instance: usize,
        /// Instances by the name of the import that they are for. An import that is not named
        /// here is looked up among the registered names.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        imports: BTreeMap<String, usize>,
    },
    /// Let later instantiations import from an instance, under a name.
    Register {
        /// The name.
        name: String,
        /// The instance's number.
        instance: usize,
    },
    /// Call an export.
    Call {
        /// The number that the call gets, where it is not waited for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<usize>,
        /// The instance's number.
        instance: usize,
        /// The exported function's name.
        export: String,
        /// The arguments, of the types in `params`.
        args: Vec<Json>,
        /// The parameters' types.
        params: Vec<Type>,
        /// The result's type; null where there is none.
        result: Option<Type>,
    },
    /// Run until a call has ended.
    Await {
        /// The call's number.
        call: usize,
    },
    /// Ask the callee of an open call to cancel it.
    Cancel {
        /// The call's number.
        call: usize,
    },
}

/// What should come of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// That it is done; whatever a call returns is right.
    Done,
    /// That the call returns: null, or this value. A NaN stands for any NaN, and flags are a set.
    Returned(Json),
    /// That it fails.
    Failure {
        /// In one of these ways.
        classes: Vec<FailureClass>,
        /// The text that the test gives for it, to show and not to compare.
        message: String,
    },
    /// Whatever the specification allows.
    Admissible,
}

/// A directive that has no place in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// The line of the source.
    pub line: u32,
    /// The keyword that stands there.
    pub directive: String,
    /// Why it is left out.
    pub reason: String,
}
