//! The JSON Schema of the protocol, made from the types of its messages.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};

use crate::message::{
    CallReply, GetReply, HelloReply, InstantiateReply, LoadReply, Request, Response, RunReply,
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
}

/// The schema: its properties `request`, `response` and `ok` have those of the messages.
pub fn schema() -> Schema {
    let generator = SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<Messages>()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// With `ASSIZE_UPDATE=1` in the environment, the file is written instead.
    #[test]
    fn the_schema_beside_the_adapters_is_up_to_date() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/protocol.schema.json");
        let mut made = serde_json::to_string_pretty(&schema()).unwrap();
        made.push('\n');
        if std::env::var_os("ASSIZE_UPDATE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &made).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap();
        assert!(
            kept == made,
            "run `ASSIZE_UPDATE=1 cargo test -p assize-protocol`"
        );
    }
}
