//! The JSON Schemas of the protocol and of tests as data, made from the types.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};

use crate::case::{Case, SuiteManifest};
use crate::message::{
    CallReply, GetReply, HelloReply, InstantiateReply, LoadReply, RemainsReply, Request, Response,
    RunReply,
};

/// The messages of the protocol of Assize, version 1: JSON lines on standard input and output.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Messages {
    /// A line to the adapter.
    request: Request,
    /// A line from the adapter.
    response: Response,
    /// What `ok` of a response holds, by the request's method. That of any other method is an
    /// empty object.
    ok: Replies,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Replies {
    hello: HelloReply,
    load: LoadReply,
    instantiate: InstantiateReply,
    call: CallReply,
    #[serde(rename = "await")]
    wait: CallReply,
    get: GetReply,
    run: RunReply,
    remains: RemainsReply,
}

/// The schema of the protocol: its properties `request`, `response` and `ok` have those of the
/// messages.
pub fn schema() -> Schema {
    root::<Messages>()
}

/// The schema of `case.json`.
pub fn case_schema() -> Schema {
    root::<Case>()
}

/// The schema of `suite.json`.
pub fn suite_schema() -> Schema {
    root::<SuiteManifest>()
}

fn root<T: JsonSchema>() -> Schema {
    let generator = SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<T>()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// With `ASSIZE_UPDATE=1` in the environment, the file is written instead.
    fn assert_up_to_date(name: &str, schema: &Schema) {
        let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema");
        let path = schemas.join(name);
        let mut made = serde_json::to_string_pretty(schema).unwrap();
        made.push('\n');
        if std::env::var_os("ASSIZE_UPDATE").is_some() {
            fs::create_dir_all(schemas).unwrap();
            fs::write(&path, &made).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap();
        assert!(
            kept == made,
            "run `ASSIZE_UPDATE=1 cargo test -p assize-protocol`"
        );
    }

    #[test]
    fn the_schemas_beside_the_adapters_are_up_to_date() {
        assert_up_to_date("protocol.schema.json", &schema());
        assert_up_to_date("case.schema.json", &case_schema());
        assert_up_to_date("suite.schema.json", &suite_schema());
    }
}
