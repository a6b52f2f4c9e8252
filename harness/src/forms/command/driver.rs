//! The component that makes the calls and compares what they return, written as text.

use std::fmt::Write;

use assize_protocol::host::Effect;
use assize_protocol::types::Type;
use wast::Wat;
use wast::parser::{self, ParseBuffer};

use super::compare::Code;
use super::image::{Const, Image};
use super::layout::{CoreType, HasHandles, MAX_FLAT_PARAMS, flat, layout};
use super::node::Node;
use super::types::{Naming, Types};
use crate::forms::standalone::escaped;
use crate::interface::Signature;

/// The size of a page of memory.
const PAGE: u32 = 0x1_0000;

/// A call, and what it should return.
#[derive(Clone, Debug)]
pub(super) struct Check {
    /// The instance.
    pub(super) instance: usize,
    /// The exported function.
    pub(super) export: String,
    /// Its type.
    pub(super) signature: Signature,
    /// The arguments.
    pub(super) args: Vec<Node>,
    /// The result; none where any will do, or where there is none.
    pub(super) expected: Option<Node>,
}

/// The component that makes the calls, and one that exports the types that both sides name.
pub(super) struct Driver {
    /// What it imports as functions `f0`, `f1`, …: instances and their exports.
    pub(super) functions: Vec<(usize, String)>,
    /// The names of the types that it imports, which are those that the other component exports.
    pub(super) names: Vec<String>,
    /// The component with the types.
    pub(super) types: Vec<u8>,
    /// The component that exports `run`.
    pub(super) wasm: Vec<u8>,
}

/// Why there is no driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoDriver(pub(super) String);

impl From<HasHandles> for NoDriver {
    fn from(_: HasHandles) -> Self {
        NoDriver("handles are not compared".to_owned())
    }
}

/// The driver of these checks.
pub(super) fn driver(checks: &[Check]) -> Result<Driver, NoDriver> {
    let mut functions: Vec<(usize, String)> = Vec::new();
    let mut types = Types::default();
    let mut image = Image::new();
    let mut text = Text::default();
    for (number, check) in checks.iter().enumerate() {
        let function = (check.instance, check.export.clone());
        let known = functions.iter().position(|known| *known == function);
        let position = match known {
            Some(position) => position,
            None => {
                text.function(functions.len(), &check.signature, &mut types)?;
                functions.push(function);
                functions.len() - 1
            }
        };
        text.check(number, position, check, &mut image)?;
    }
    let exports = types.definitions(Naming::Export);
    Ok(Driver {
        functions,
        names: types.names().collect(),
        types: encode(&format!("(component\n{exports})"))?,
        wasm: encode(&text.component(&types, &image))?,
    })
}

fn encode(text: &str) -> Result<Vec<u8>, NoDriver> {
    let error = |error: wast::Error| NoDriver(format!("its driver cannot be written: {error}"));
    let buffer = ParseBuffer::new(text).map_err(error)?;
    let mut wat = parser::parse::<Wat<'_>>(&buffer).map_err(error)?;
    wat.encode().map_err(error)
}

/// The parts of the driver's text that grow with the checks.
#[derive(Default)]
struct Text {
    /// The imports of the component.
    imports: String,
    /// The lowered functions.
    lowered: String,
    /// The imports of its core module.
    core_imports: String,
    /// The instance that these come from.
    given: String,
    /// The functions of the core module.
    checks: String,
    /// The calls of these functions.
    calls: String,
}

/// How a function is called from core code.
struct CoreSignature {
    params: Vec<CoreType>,
    /// The result, where it is not stored at an address that is the last parameter.
    result: Option<CoreType>,
}

impl CoreSignature {
    /// Spec: CanonicalABI.md, "Flattening", `flatten_functype`.
    fn of(signature: &Signature) -> Result<CoreSignature, HasHandles> {
        let mut params = Vec::new();
        for (_, ty) in &signature.params {
            params.extend(flat(ty)?);
        }
        if params.len() > MAX_FLAT_PARAMS {
            params = vec![CoreType::I32];
        }
        let result = signature.result.as_ref().map(flat).transpose()?;
        let result = match result.unwrap_or_default()[..] {
            [] => None,
            [core] => Some(core),
            _ => {
                params.push(CoreType::I32);
                None
            }
        };
        Ok(CoreSignature { params, result })
    }

    fn text(&self) -> String {
        let params = self.params.iter().map(|ty| format!(" {}", ty.name()));
        let result = self.result.map(|ty| format!(" (result {})", ty.name()));
        let params = params.collect::<String>();
        format!("(param{params}){}", result.unwrap_or_default())
    }
}

/// Whether a result is returned through memory.
fn through_memory(ty: &Type) -> Result<bool, HasHandles> {
    Ok(flat(ty)?.len() > 1)
}

impl Text {
    fn function(
        &mut self,
        number: usize,
        signature: &Signature,
        types: &mut Types,
    ) -> Result<(), NoDriver> {
        let effect = match signature.effect {
            Effect::Async => " async",
            Effect::Sync => "",
        };
        let params = signature.params.iter();
        let params = params.map(|(name, ty)| format!(" (param \"{name}\" {})", types.text(ty)));
        let params = params.collect::<String>();
        let result = signature.result.as_ref();
        let result = result.map(|ty| format!(" (result {})", types.text(ty)));
        let result = result.unwrap_or_default();
        let core = CoreSignature::of(signature)?.text();
        self.imports +=
            &format!("  (import \"f{number}\" (func $f{number}{effect}{params}{result}))\n");
        self.lowered += &format!(
            "  (core func $l{number} (canon lower (func $f{number}) (memory $memory) (realloc $realloc)))\n"
        );
        self.core_imports +=
            &format!("    (import \"f\" \"f{number}\" (func $f{number} {core}))\n");
        self.given += &format!(" (export \"f{number}\" (func $l{number}))");
        Ok(())
    }

    fn check(
        &mut self,
        number: usize,
        function: usize,
        check: &Check,
        image: &mut Image,
    ) -> Result<(), NoDriver> {
        let CoreSignature { params, result } = CoreSignature::of(&check.signature)?;
        let mut args: Vec<Const> = check
            .args
            .iter()
            .flat_map(|arg| image.flatten(arg))
            .collect();
        if args.len() > MAX_FLAT_PARAMS {
            let address = image.place(&Node::fields(check.args.clone()));
            args = vec![Const::I32(address.cast_signed())];
        }
        let mut code = Code::new(image);
        let mut room = None;
        if let Some(ty) = &check.signature.result
            && through_memory(ty)?
        {
            let address = code.image.reserve(layout(ty)?);
            args.push(Const::I32(address.cast_signed()));
            room = Some(format!("(i32.const {address})"));
        }
        if args.len() != params.len() {
            return Err(NoDriver("its arguments do not fit".to_owned()));
        }
        let args = args.into_iter().map(|arg| format!(" {}", arg.text()));
        let call = format!("(call $f{function}{})", args.collect::<String>());
        code.text += &match result {
            Some(_) => format!("      (local.set $r {call})\n"),
            None => format!("      {call}\n"),
        };
        match (&check.expected, room) {
            (Some(node), Some(room)) => code.memory(node, &room, 0),
            (Some(node), None) => {
                for expected in code.image.flatten(node) {
                    code.core("(local.get $r)", expected);
                }
            }
            (None, _) => {}
        }
        let local = result.map(|ty| format!(" (local $r {})", ty.name()));
        let addresses = (0..code.addresses).map(|number| format!(" (local $p{number} i32)"));
        let locals = local.into_iter().chain(addresses).collect::<String>();
        let body = code.text;
        self.checks +=
            &format!("    (func $c{number} (result i32){locals}\n{body}      (i32.const 0))\n");
        self.calls += &format!("      (if (call $c{number}) (then (return (i32.const 1))))\n");
        Ok(())
    }

    /// The whole component.
    fn component(&self, types: &Types, image: &Image) -> String {
        let Text {
            imports,
            lowered,
            core_imports,
            given,
            checks,
            calls,
        } = self;
        let types = types.definitions(Naming::Import);
        let memory = memory(image);
        format!(
            r#"(component
{types}{imports}{memory}
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "memory" (core memory $memory))
  (alias core export $mem "realloc" (core func $realloc))
{lowered}
  (core module $Main
    (import "m" "memory" (memory 1))
{core_imports}
    (func $same (param $a i32) (param $b i32) (param $n i32) (result i32)
      (loop $next
        (if (i32.eqz (local.get $n)) (then (return (i32.const 1))))
        (if (i32.ne (i32.load8_u (local.get $a)) (i32.load8_u (local.get $b)))
          (then (return (i32.const 0))))
        (local.set $a (i32.add (local.get $a) (i32.const 1)))
        (local.set $b (i32.add (local.get $b) (i32.const 1)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next))
      (unreachable))
{checks}
    (func (export "run") (result i32)
{calls}
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "m" (instance $mem))
    (with "f" (instance{given}))))
  (func (export "run") async (result (result)) (canon lift (core func $main "run"))))
"#
        )
    }
}

/// The core module with the memory: the image in it, and new room behind it.
fn memory(image: &Image) -> String {
    let mut text = String::new();
    let pages = image.end().div_ceil(PAGE);
    // Writing to a string does not fail.
    let _ = write!(
        text,
        r#"  (core module $Mem
    (memory (export "memory") {pages})
    (data (i32.const {base}) "{data}")
    (global $end (mut i32) (i32.const {end}))
    (func (export "realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (if (i32.le_u (local.get $size) (local.get $had)) (then (return (local.get $old))))
      (local.set $at (i32.and
        (i32.add (global.get $end) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $end (i32.add (local.get $at) (local.get $size)))
      (block $enough
        (loop $more
          (br_if $enough
            (i32.le_u (global.get $end) (i32.mul (memory.size) (i32.const {PAGE}))))
          (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable)))
          (br $more)))
      (memory.copy (local.get $at) (local.get $old) (local.get $had))
      (local.get $at)))"#,
        base = Image::base(),
        data = escaped(image.bytes()),
        end = image.end(),
    );
    text
}
