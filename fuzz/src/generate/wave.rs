//! Arguments of calls that the host makes, as text.

use super::builder::Builder;
use crate::program::Type;

impl Builder<'_, '_, '_> {
    /// A value in WAVE; none where there are handles in it.
    pub fn wave(&mut self, ty: &Type) -> Option<String> {
        Some(match ty {
            Type::Bool => self.one_of(&["false", "true"]),
            Type::S8 => self.one_of(&["0", "-128", "127"]),
            Type::U8 => self.one_of(&["0", "1", "255"]),
            Type::S16 => self.one_of(&["0", "-32768", "32767"]),
            Type::U16 => self.one_of(&["0", "1", "65535"]),
            Type::S32 => self.one_of(&["0", "-2147483648", "2147483647"]),
            Type::U32 => self.one_of(&["0", "7", "4294967295"]),
            Type::S64 => self.one_of(&["0", "-9223372036854775808"]),
            Type::U64 => self.one_of(&["0", "18446744073709551615"]),
            Type::F32 | Type::F64 => self.one_of(&["0", "1.5", "-inf"]),
            Type::Char => self.one_of(&["'a'", "'é'", "'😀'"]),
            Type::String => self.one_of(&["\"\"", "\"abc\"", "\"naïve\"", "\"日本\"", "\"😀\""]),
            Type::List(element) => {
                let count = self.dice.below(3);
                let elements: Option<Vec<_>> = (0..count).map(|_| self.wave(element)).collect();
                format!("[{}]", elements?.join(", "))
            }
            Type::FixedList(element, count) => {
                let elements: Option<Vec<_>> = (0..*count).map(|_| self.wave(element)).collect();
                format!("[{}]", elements?.join(", "))
            }
            Type::Map(key, value) => match self.dice.below(2) {
                0 => "[]".into(),
                _ => format!("[({}, {})]", self.wave(key)?, self.wave(value)?),
            },
            Type::Record(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(name, ty)| Some(format!("{name}: {}", self.wave(ty)?)));
                format!("{{{}}}", fields.collect::<Option<Vec<_>>>()?.join(", "))
            }
            Type::Tuple(types) => {
                let types: Option<Vec<_>> = types.iter().map(|ty| self.wave(ty)).collect();
                format!("({})", types?.join(", "))
            }
            Type::Variant(cases) => {
                let case = self.dice.below(cases.len().min(4) as u32) as usize;
                let (name, payload) = cases.get(case)?;
                match payload {
                    Some(payload) => format!("{name}({})", self.wave(payload)?),
                    None => name.clone(),
                }
            }
            Type::Enum(names) => self.dice.pick(names)?.clone(),
            Type::Option(payload) => match self.dice.below(2) {
                0 => "none".into(),
                _ => format!("some({})", self.wave(payload)?),
            },
            Type::Result(ok, error) => {
                let (name, payload) = match self.dice.below(2) {
                    0 => ("ok", ok),
                    _ => ("err", error),
                };
                match payload {
                    Some(payload) => format!("{name}({})", self.wave(payload)?),
                    None => name.into(),
                }
            }
            Type::Flags(names) => {
                let count = self.dice.below(names.len() as u32 + 1) as usize;
                format!("{{{}}}", names[..count].join(", "))
            }
            Type::ErrorContext
            | Type::Own(_)
            | Type::Borrow(_)
            | Type::Stream(_)
            | Type::Future(_) => return None,
        })
    }

    fn one_of(&mut self, choices: &[&str]) -> String {
        let choice = self.dice.pick(choices).copied();
        choice.unwrap_or_default().to_owned()
    }
}
