//! A checker for the JSON Schemas of this crate. It knows the keywords that schemars writes for
//! them, and refuses a schema with any other, so that nothing goes unchecked.

use serde_json::Value;

/// Keywords that say nothing about what is valid.
const NOTES: [&str; 6] = [
    "$schema",
    "$defs",
    "title",
    "description",
    "format",
    "default",
];

/// Everything at which a value does not have the schema, as paths with a reason.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(schema, schema, value, "$", &mut faults);
    faults
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let keywords = match schema {
        Value::Bool(true) => return,
        Value::Object(keywords) => keywords,
        _ => return faults.push(format!("{at}: no schema is fulfilled here")),
    };
    for (keyword, wanted) in keywords {
        let holds = match keyword.as_str() {
            note if NOTES.contains(&note) => true,
            "type" => is_of_type(wanted, value),
            "const" => wanted == value,
            "enum" => wanted.as_array().is_some_and(|all| all.contains(value)),
            "minimum" => !value.is_number() || value.as_f64() >= wanted.as_f64(),
            "required" => {
                let mut names = wanted.as_array().into_iter().flatten();
                names.all(|name| value.get(name.as_str().unwrap_or_default()).is_some())
            }
            "$ref" => {
                let pointer = wanted.as_str().unwrap_or_default().trim_start_matches('#');
                let target = root.pointer(pointer).unwrap_or(&Value::Null);
                check(root, target, value, at, faults);
                true
            }
            "properties" => {
                for (name, schema) in wanted.as_object().into_iter().flatten() {
                    if let Some(member) = value.get(name) {
                        check(root, schema, member, &format!("{at}.{name}"), faults);
                    }
                }
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, wanted, item, &format!("{at}[{index}]"), faults);
                }
                true
            }
            "anyOf" | "oneOf" => {
                let fits = |schema: &&Value| {
                    let mut inner = Vec::new();
                    check(root, schema, value, at, &mut inner);
                    inner.is_empty()
                };
                let count = wanted.as_array().into_iter().flatten().filter(fits).count();
                count == 1 || keyword == "anyOf" && count > 0
            }
            "allOf" => {
                for schema in wanted.as_array().into_iter().flatten() {
                    check(root, schema, value, at, faults);
                }
                true
            }
            unknown => panic!("the schema has the keyword `{unknown}`"),
        };
        if !holds {
            faults.push(format!("{at}: {keyword} is {wanted}, not {value}"));
        }
    }
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    if let Value::Array(several) = wanted {
        return several.iter().any(|one| is_of_type(one, value));
    }
    match wanted.as_str().unwrap_or_default() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        _ => false,
    }
}
