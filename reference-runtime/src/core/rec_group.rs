//! Recursion groups: how types that mention each other become types in their own right.
//!
//! The members of a group refer to each other by position until the group is closed. Closing gives
//! each member its [`TypeId`], which depends on nothing but the group's contents: equal groups give
//! equal types, in whatever module they stand.
//!
//! Spec: WebAssembly 3.0, "Recursive Types", "Rolling and Unrolling".

use std::hash::Hash;
use std::sync::Arc;

use super::digest::digest;
use super::types::{DefType, FuncType, HeapType, RefType, TypeId, ValType};

/// Whether a defined type may have subtypes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Finality {
    /// It may have none.
    Final,
    /// It may have some.
    Open,
}

/// A function type as a member of a group.
#[derive(Clone, Debug, Hash)]
pub struct Member {
    /// Whether it may have subtypes.
    pub finality: Finality,
    /// The type it is declared to be a subtype of.
    pub supertype: Option<Supertype>,
    /// The types of the parameters.
    pub params: Vec<TypeUse>,
    /// The types of the results.
    pub results: Vec<TypeUse>,
}

/// The supertype of a member.
#[derive(Clone, Debug, Hash)]
pub enum Supertype {
    /// A type defined before the group.
    Defined(DefType),
    /// A member before this one, by position.
    Member(usize),
}

/// A value type as written in a member.
#[derive(Clone, Debug, Hash)]
pub enum TypeUse {
    /// It mentions no member of the group.
    Closed(ValType),
    /// A reference to a member of the group.
    Member {
        /// Whether null belongs to the type.
        nullable: bool,
        /// Which member.
        position: usize,
    },
}

/// Gives the members of a group as types. Positions must be those of members, and a supertype's
/// that of an earlier one.
pub fn close(group: &[Member]) -> Vec<FuncType> {
    let defs = definitions(group);
    let close_all = |uses: &[TypeUse]| uses.iter().map(|used| close_use(used, &defs)).collect();
    (group.iter().zip(&defs))
        .map(|(member, def)| {
            FuncType::defined(
                close_all(&member.params),
                close_all(&member.results),
                def.clone(),
            )
        })
        .collect()
}

fn definitions(group: &[Member]) -> Vec<DefType> {
    let contents = digest(group);
    let mut defs: Vec<DefType> = Vec::with_capacity(group.len());
    for (position, member) in group.iter().enumerate() {
        let supertype = member.supertype.as_ref().map(|supertype| match supertype {
            Supertype::Defined(def) => def,
            Supertype::Member(earlier) => &defs[*earlier],
        });
        let supertype = supertype.cloned().map(Arc::new);
        let id = TypeId(digest(&(contents, position)));
        defs.push(DefType { id, supertype });
    }
    defs
}

fn close_use(used: &TypeUse, defs: &[DefType]) -> ValType {
    match used {
        TypeUse::Closed(ty) => ty.clone(),
        TypeUse::Member { nullable, position } => ValType::Ref(RefType {
            nullable: *nullable,
            heap: HeapType::Concrete(defs[*position].clone()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(params: Vec<TypeUse>) -> Member {
        Member {
            finality: Finality::Final,
            supertype: None,
            params,
            results: Vec::new(),
        }
    }

    fn to_member(position: usize) -> TypeUse {
        TypeUse::Member {
            nullable: true,
            position,
        }
    }

    #[test]
    fn a_plain_function_type_is_a_group_of_one() {
        let i32_to_nothing = member(vec![TypeUse::Closed(ValType::I32)]);
        let closed = close(&[i32_to_nothing]);
        assert_eq!(closed, [FuncType::new(&[ValType::I32], &[])]);
    }

    #[test]
    fn equal_groups_give_equal_types_and_the_place_in_the_group_counts() {
        let group = [member(vec![to_member(1)]), member(vec![to_member(1)])];
        let (first, second) = (close(&group), close(&group));
        assert_eq!(first, second);
        assert_ne!(first[0], first[1]);
    }

    #[test]
    fn a_type_in_a_larger_group_differs_from_the_same_type_alone() {
        let pair = close(&[member(Vec::new()), member(Vec::new())]);
        assert_ne!(pair[0], FuncType::new(&[], &[]));
        assert_ne!(pair[0], pair[1]);
    }

    #[test]
    fn a_declared_subtype_matches_its_supertypes_and_not_the_reverse() {
        let open = |supertype| Member {
            finality: Finality::Open,
            supertype,
            params: Vec::new(),
            results: Vec::new(),
        };
        let base = close(&[open(None)]).remove(0);
        let middle = close(&[open(Some(Supertype::Defined(base.def().clone())))]).remove(0);
        let leaf = close(&[open(Some(Supertype::Defined(middle.def().clone())))]).remove(0);
        assert!(leaf.def().matches(base.def()));
        assert!(leaf.def().matches(middle.def()));
        assert!(!base.def().matches(leaf.def()));
    }
}
