//! The numeric instructions as pure functions, one for each, under the names of the text format
//! with `_` for the dot.
//!
//! Integers are `u32` and `u64`, floats their bits, tests and comparisons `bool`. An arithmetic
//! result that is a NaN is always the canonical one with a positive sign: of the results that the
//! specification permits, the machine knows one. Instructions that leave the bits alone
//! (`reinterpret`) are not here.
//!
//! Spec: WebAssembly 3.0, "Numerics".

macro_rules! instructions {
    ($($text:literal $name:ident($($arg:ident: $ty:ty),+) -> $result:ty = $body:expr;)*) => {$(
        #[doc = concat!("`", $text, "`")]
        #[inline]
        pub fn $name($($arg: $ty),+) -> $result {
            $body
        }
    )*};
}

mod convert;
mod float;
mod int;

pub use convert::*;
pub use float::*;
pub use int::*;
