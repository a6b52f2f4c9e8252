//! Types in the text format. An import may use a record, variant, enum or flags type only by a
//! name, so that each of these gets one.

use assize_protocol::types::Type;

/// The types that have a name.
#[derive(Default)]
pub(super) struct Types {
    named: Vec<(Type, String)>,
}

/// What is done with a type that is given a name.
#[derive(Clone, Copy)]
pub(super) enum Naming {
    /// It is exported.
    Export,
    /// It is imported.
    Import,
}

impl Types {
    /// The names, in the order in which they are defined.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        (0..self.named.len()).map(|number| format!("t{number}"))
    }

    /// The definitions of all types.
    pub(super) fn definitions(&self, naming: Naming) -> String {
        let mut text = String::new();
        for (number, (_, definition)) in self.named.iter().enumerate() {
            text += &format!("  (type $d{number} {definition})\n");
            text += &match naming {
                Naming::Export => {
                    format!("  (export $t{number} \"t{number}\" (type $d{number}))\n")
                }
                Naming::Import => {
                    format!("  (import \"t{number}\" (type $t{number} (eq $d{number})))\n")
                }
            };
        }
        text
    }

    /// A type, as it stands where it is used.
    pub(super) fn text(&mut self, ty: &Type) -> String {
        let definition = match ty {
            Type::Record(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(n, t)| format!(" (field \"{n}\" {})", self.text(t)));
                format!("(record{})", fields.collect::<String>())
            }
            Type::Variant(cases) => {
                let cases = cases.iter().map(|(name, ty)| match ty {
                    Some(ty) => format!(" (case \"{name}\" {})", self.text(ty)),
                    None => format!(" (case \"{name}\")"),
                });
                format!("(variant{})", cases.collect::<String>())
            }
            Type::Enum(names) => format!("(enum{})", quoted(names)),
            Type::Flags(names) => format!("(flags{})", quoted(names)),
            _ => return self.anonymous(ty),
        };
        let known = self.named.iter().position(|(known, _)| known == ty);
        let number = known.unwrap_or_else(|| {
            self.named.push((ty.clone(), definition));
            self.named.len() - 1
        });
        format!("$t{number}")
    }

    fn anonymous(&mut self, ty: &Type) -> String {
        match ty {
            Type::List(t) => format!("(list {})", self.text(t)),
            Type::FixedList(t, length) => format!("(list {} {length})", self.text(t)),
            Type::Map(key, value) => {
                let key = self.text(key);
                format!("(map {key} {})", self.text(value))
            }
            Type::Tuple(types) => {
                let types = types.iter().map(|ty| format!(" {}", self.text(ty)));
                format!("(tuple{})", types.collect::<String>())
            }
            Type::Option(t) => format!("(option {})", self.text(t)),
            Type::Result(ok, error) => {
                let ok = ok.as_deref().map(|ty| format!(" {}", self.text(ty)));
                let error = error.as_deref();
                let error = error.map(|ty| format!(" (error {})", self.text(ty)));
                format!(
                    "(result{}{})",
                    ok.unwrap_or_default(),
                    error.unwrap_or_default()
                )
            }
            scalar => scalar_name(scalar).to_owned(),
        }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!(" \"{name}\"")).collect()
}

/// The name of a type that has no parts. Types with handles do not come here.
fn scalar_name(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "bool",
        Type::S8 => "s8",
        Type::U8 => "u8",
        Type::S16 => "s16",
        Type::U16 => "u16",
        Type::S32 => "s32",
        Type::U32 => "u32",
        Type::S64 => "s64",
        Type::U64 => "u64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        _ => "error-context",
    }
}
