//! From bytes to a [`Component`].
//!
//! The bytes are read twice. First `grammar` checks that they follow the binary format at all and
//! nest no deeper than this runtime follows. Then `wasmparser` validates section by section, and
//! what it has found valid is added to the component that it belongs to, after [`validate`] has
//! checked the rules that `wasmparser` does not. So a component is called malformed before it is
//! called invalid, and only a valid one is called unsupported for what it contains.
//!
//! Spec: Binary.md.
//!
//! [`validate`]: super::validate

mod canon;
mod core_types;
mod grammar;
mod refusal;
mod sections;
#[cfg(test)]
mod tests;
mod types;

use std::ops::Range;
use std::sync::Arc;

use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};

use self::core_types::CoreTypes;
use super::ast::{Component, Definition};
use super::outer;
use super::validate::Shapes;
use crate::core;
use crate::error::LoadError;

/// WebAssembly 3.0 and all of the component model but values, nested names, canonical names and
/// the garbage-collected ABI. Threads are a proposal of their own, though `wasmparser` counts them
/// in with the core features.
const FEATURES: WasmFeatures = WasmFeatures::WASM3
    .difference(WasmFeatures::THREADS)
    .union(WasmFeatures::COMPONENT_MODEL)
    .union(WasmFeatures::CM_ASYNC)
    .union(WasmFeatures::CM_ASYNC_STACKFUL)
    .union(WasmFeatures::CM_MORE_ASYNC_BUILTINS)
    .union(WasmFeatures::CM_THREADING)
    .union(WasmFeatures::CM_ERROR_CONTEXT)
    .union(WasmFeatures::CM_FIXED_LENGTH_LISTS)
    .union(WasmFeatures::CM_MAP)
    .union(WasmFeatures::CM64)
    .union(WasmFeatures::CM_IMPLEMENTS);

impl Component {
    /// Decodes and validates a component.
    pub fn new(bytes: &[u8]) -> Result<Arc<Component>, LoadError> {
        grammar::check(bytes)?;
        let mut decoder = Decoder {
            bytes,
            validator: Validator::new_with_features(FEATURES),
            open: Vec::new(),
            core_types: CoreTypes::default(),
            shapes: Shapes::default(),
            done: None,
            unsupported: None,
        };
        for payload in parser().parse_all(bytes) {
            decoder.payload(&payload.map_err(LoadError::malformed)?)?;
        }
        match (decoder.unsupported, decoder.done) {
            (Some(feature), _) => Err(LoadError::Unsupported { feature }),
            (None, Some(component)) => Ok(component),
            (None, None) => unreachable!("bytes that follow the grammar hold a component"),
        }
    }
}

fn parser() -> Parser {
    let mut parser = Parser::new(0);
    parser.set_features(FEATURES);
    parser
}

struct Decoder<'a> {
    bytes: &'a [u8],
    validator: Validator,
    /// The binaries that are being read, innermost last.
    open: Vec<Open>,
    /// The core type index spaces of the scopes that are being read.
    core_types: CoreTypes,
    /// What our own validation knows about these scopes.
    shapes: Shapes,
    /// The outermost component, once it has been read to its end.
    done: Option<Arc<Component>>,
    /// What the component needs in vain. From then on it is only validated.
    unsupported: Option<&'static str>,
}

/// A binary that is being read.
enum Open {
    /// A core module, which has been read elsewhere and is only shown to the validator.
    CoreModule,
    /// A component, as far as it has been read.
    Component(Vec<Definition>),
}

impl Decoder<'_> {
    fn payload(&mut self, payload: &Payload<'_>) -> Result<(), LoadError> {
        if let Payload::ModuleSection {
            unchecked_range, ..
        } = payload
        {
            self.core_module(unchecked_range)?;
        }
        // A function's body has been validated with the module that it stands in.
        self.validator
            .payload(payload)
            .map_err(refusal::of_validator)?;
        match payload {
            Payload::Version { encoding, .. } => {
                self.begin(*encoding);
                Ok(())
            }
            Payload::End(offset) => self.end(*offset),
            _ if self.unsupported.is_some() => Ok(()),
            section => {
                let read = self.section(section);
                self.note_unsupported(read)
            }
        }
    }

    fn core_module(&mut self, range: &Range<usize>) -> Result<(), LoadError> {
        let bytes = self.bytes.get(range.clone()).unwrap_or_default();
        let read = core::Module::new(bytes)
            .map_err(|error| error.within(range.start))
            .and_then(|module| self.define(range.start, Definition::CoreModule(module)));
        self.note_unsupported(read)
    }

    /// Turns a lack of ours into a note, so that validation goes on.
    fn note_unsupported(&mut self, read: Result<(), LoadError>) -> Result<(), LoadError> {
        match read {
            Err(LoadError::Unsupported { feature }) => {
                self.unsupported.get_or_insert(feature);
                Ok(())
            }
            other => other,
        }
    }

    fn begin(&mut self, encoding: Encoding) {
        let open = match encoding {
            Encoding::Module => Open::CoreModule,
            Encoding::Component => {
                self.core_types.enter();
                self.shapes.enter();
                Open::Component(Vec::new())
            }
        };
        self.open.push(open);
    }

    fn end(&mut self, offset: usize) -> Result<(), LoadError> {
        let Some(Open::Component(definitions)) = self.open.pop() else {
            return Ok(());
        };
        self.core_types.leave();
        self.shapes.leave();
        let outer = outer::of_definitions(&definitions);
        let component = Arc::new(Component { definitions, outer });
        if self.open.is_empty() {
            self.done = Some(component);
            return Ok(());
        }
        self.define(offset, Definition::Component(component))
    }

    /// Adds to the component that is being read a definition that stands at `offset`.
    fn define(&mut self, offset: usize, definition: Definition) -> Result<(), LoadError> {
        if self.unsupported.is_some() {
            return Ok(());
        }
        self.shapes
            .define(&definition)
            .map_err(|message| LoadError::Invalid {
                offset,
                message: message.to_string(),
            })?;
        if let Some(Open::Component(definitions)) = self.open.last_mut() {
            definitions.push(definition);
        }
        Ok(())
    }
}
