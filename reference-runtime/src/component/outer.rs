//! What a scope uses of the scopes around it, itself or through what is nested in it.
//!
//! Spec: Explainer.md, "Alias Definitions" (outer aliases).

use std::collections::BTreeSet;

use super::ast::{Alias, Definition, OuterRef, Type, TypeDecl};

/// What the definitions of a component use of the scopes around it; ascending, each once.
pub fn of_definitions(definitions: &[Definition]) -> Vec<OuterRef> {
    let mut used = BTreeSet::new();
    for definition in definitions {
        match definition {
            Definition::Alias(alias) => add_alias(&mut used, alias),
            Definition::Type(ty) => add_type(&mut used, ty),
            Definition::Component(component) => add_nested(&mut used, &component.outer),
            _ => {}
        }
    }
    used.into_iter().collect()
}

/// What the declarations of a component or instance type use of the scopes around it; ascending,
/// each once.
pub fn of_decls(decls: &[TypeDecl]) -> Vec<OuterRef> {
    let mut used = BTreeSet::new();
    for decl in decls {
        match decl {
            TypeDecl::Alias(alias) => add_alias(&mut used, alias),
            TypeDecl::Type(ty) => add_type(&mut used, ty),
            TypeDecl::CoreType(_) | TypeDecl::Import(..) | TypeDecl::Export(..) => {}
        }
    }
    used.into_iter().collect()
}

fn add_alias(used: &mut BTreeSet<OuterRef>, alias: &Alias) {
    if let Alias::Outer {
        sort,
        count: count @ 1..,
        index,
    } = *alias
    {
        used.insert(OuterRef { count, sort, index });
    }
}

fn add_type(used: &mut BTreeSet<OuterRef>, ty: &Type) {
    if let Type::Component(body) | Type::Instance(body) = ty {
        add_nested(used, &body.outer);
    }
}

/// One scope further in, one more to go out.
fn add_nested(used: &mut BTreeSet<OuterRef>, nested: &[OuterRef]) {
    let seen_from_here = nested.iter().filter(|item| item.count > 1);
    used.extend(seen_from_here.map(|item| OuterRef {
        count: item.count - 1,
        ..*item
    }));
}
