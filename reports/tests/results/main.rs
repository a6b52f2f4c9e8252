//! Results that are recorded, read again, and shown in every format.

mod common;
mod formats;
mod junit;
mod recorded;
mod schema;
mod site;
