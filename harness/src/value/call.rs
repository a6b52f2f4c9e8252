//! A call of an export, written as WAVE: `f(1, "two")`.

use assize_reference::component::types::ValType;
use wasm_wave::ast::Node;
use wasm_wave::parser::ParserError;
use wasm_wave::untyped::UntypedFuncCall;

use super::Value;

/// Why a text is no call of a function.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// It is not WAVE, or not WAVE for values of these types.
    #[error(transparent)]
    Syntax(#[from] ParserError),
    /// The number of arguments is another one.
    #[error("it takes {taken} arguments, not {given}")]
    Count {
        /// How many arguments there are.
        given: usize,
        /// How many parameters there are.
        taken: usize,
    },
    /// An argument is of another type, or is a handle, which cannot be written.
    #[error("an argument is not of its parameter's type")]
    Type,
}

/// A call that was written down.
pub struct WrittenCall<'t>(UntypedFuncCall<'t>);

impl<'t> WrittenCall<'t> {
    /// Reads a call. A name without parentheses is a call without arguments.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &'t str) -> Result<WrittenCall<'t>, CallError> {
        Ok(WrittenCall(UntypedFuncCall::parse(text)?))
    }

    /// The function's name.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The arguments, as values of these types.
    ///
    /// # Errors
    /// What does not fit.
    pub fn args(&self, types: &[ValType]) -> Result<Vec<Value>, CallError> {
        let nodes: Vec<&Node> = match self.0.params_node() {
            None => Vec::new(),
            Some(node) => node.as_tuple()?.collect(),
        };
        if nodes.len() != types.len() {
            let (given, taken) = (nodes.len(), types.len());
            return Err(CallError::Count { given, taken });
        }
        let source = self.0.source();
        let args = nodes.into_iter().zip(types);
        args.map(|(node, ty)| value(node, ty, source)).collect()
    }
}

fn value(node: &Node, ty: &ValType, source: &str) -> Result<Value, CallError> {
    let boxed = |node: &Node, ty: &ValType| value(node, ty, source).map(Box::new);
    Ok(match ty {
        ValType::Bool => Value::Bool(node.as_bool()?),
        ValType::S8 => Value::S8(node.as_number(source)?),
        ValType::U8 => Value::U8(node.as_number(source)?),
        ValType::S16 => Value::S16(node.as_number(source)?),
        ValType::U16 => Value::U16(node.as_number(source)?),
        ValType::S32 => Value::S32(node.as_number(source)?),
        ValType::U32 => Value::U32(node.as_number(source)?),
        ValType::S64 => Value::S64(node.as_number(source)?),
        ValType::U64 => Value::U64(node.as_number(source)?),
        ValType::F32 => Value::F32(node.as_number::<f32>(source)?.to_bits()),
        ValType::F64 => Value::F64(node.as_number::<f64>(source)?.to_bits()),
        ValType::Char => Value::Char(node.as_char(source)?),
        ValType::String => Value::String(node.as_str(source)?.into_owned()),
        ValType::List(ty) | ValType::FixedList(ty, _) => {
            let values = node.as_list()?.map(|node| value(node, ty, source));
            Value::List(values.collect::<Result<_, _>>()?)
        }
        ValType::Map(key, ty) => {
            let entries = node.as_list()?.map(|entry| {
                let mut pair = entry.as_tuple()?;
                match (pair.next(), pair.next(), pair.next()) {
                    (Some(k), Some(v), None) => Ok((value(k, key, source)?, value(v, ty, source)?)),
                    _ => Err(CallError::Type),
                }
            });
            Value::Map(entries.collect::<Result<_, _>>()?)
        }
        ValType::Record(fields) => {
            let given: Vec<_> = node.as_record(source)?.collect();
            let fields = fields.iter().map(|field| {
                let found = given.iter().find(|(name, _)| **name == *field.label);
                let (name, node) = found.ok_or_else(|| CallError::Type)?;
                Ok(((*name).to_owned(), value(node, &field.ty, source)?))
            });
            Value::Record(fields.collect::<Result<_, CallError>>()?)
        }
        ValType::Tuple(types) => {
            let nodes = node.as_tuple()?.zip(&**types);
            let values = nodes.map(|(node, ty)| value(node, ty, source));
            Value::Tuple(values.collect::<Result<_, _>>()?)
        }
        ValType::Variant(cases) => {
            let (name, payload) = node.as_variant(source)?;
            let case = cases.iter().find(|case| *case.label == *name);
            let ty = case.ok_or_else(|| CallError::Type)?.ty.as_ref();
            let payload = match (payload, ty) {
                (Some(payload), Some(ty)) => Some(boxed(payload, ty)?),
                (None, None) => None,
                _ => return Err(CallError::Type),
            };
            Value::Variant(name.to_owned(), payload)
        }
        ValType::Enum(_) => Value::Enum(node.as_enum(source)?.to_owned()),
        ValType::Option(ty) => {
            let payload = node.as_option()?.map(|node| boxed(node, ty));
            Value::Option(payload.transpose()?)
        }
        ValType::Result { ok, error } => {
            let payload = |payload: Option<&Node>, ty: Option<&ValType>| match (payload, ty) {
                (Some(payload), Some(ty)) => boxed(payload, ty).map(Some),
                (None, None) => Ok(None),
                _ => Err(CallError::Type),
            };
            Value::Result(match node.as_result()? {
                Ok(node) => Ok(payload(node, ok.as_deref())?),
                Err(node) => Err(payload(node, error.as_deref())?),
            })
        }
        ValType::Flags(labels) => {
            let mut names: Vec<_> = node.as_flags(source)?.map(str::to_owned).collect();
            // In the type's order, as a lifted value has them. A name that the type does not have is
            // left for who knows that it is none.
            names.sort_by_key(|name| labels.iter().position(|label| **label == **name));
            Value::Flags(names)
        }
        _ => return Err(CallError::Type),
    })
}
