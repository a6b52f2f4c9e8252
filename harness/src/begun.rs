//! States of a machine in which nothing has been done but to instantiate components, for tests that
//! begin with the same ones.

use std::sync::Arc;

use assize_protocol::recent::{COMPONENTS, Recent};
use assize_reference::component::ast::Component;

/// An instantiation, the imports of which are given from earlier ones by their positions.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// What is instantiated.
    pub component: Arc<Component>,
    /// The imports that instances are given for.
    pub with: Vec<(String, usize)>,
}

impl Made {
    /// Whether it is the same component, decoded once, with the same instances.
    fn is(&self, other: &Made) -> bool {
        Arc::ptr_eq(&self.component, &other.component) && self.with == other.with
    }
}

/// The states that were wanted last.
#[derive(Clone, Debug)]
pub(crate) struct Begun<S>(Recent<Vec<Made>, S>);

impl<S: Clone> Begun<S> {
    /// The state after these instantiations, if it is still here.
    pub fn get(&mut self, made: &[Made]) -> Option<S> {
        self.0.find(|theirs| {
            theirs.len() == made.len() && theirs.iter().zip(made).all(|(a, b)| a.is(b))
        })
    }

    /// Keeps a state, in the place of the one that was not wanted for longest.
    pub fn put(&mut self, made: Vec<Made>, state: S) {
        self.0.keep(made, state);
    }
}

impl<S: Clone> Default for Begun<S> {
    fn default() -> Self {
        Begun(Recent::new(COMPONENTS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component() -> Arc<Component> {
        Component::new(b"\0asm\x0d\0\x01\0").unwrap()
    }

    fn made(component: &Arc<Component>, with: &[(&str, usize)]) -> Made {
        Made {
            component: Arc::clone(component),
            with: with.iter().map(|(n, at)| ((*n).to_owned(), *at)).collect(),
        }
    }

    #[test]
    fn a_state_belongs_to_its_components_their_order_and_what_they_are_given() {
        let (a, b) = (component(), component());
        let mut begun = Begun::default();
        begun.put(vec![made(&a, &[]), made(&b, &[("x", 0)])], 1);
        assert_eq!(begun.get(&[made(&a, &[]), made(&b, &[("x", 0)])]), Some(1));
        assert_eq!(begun.get(&[made(&a, &[]), made(&b, &[])]), None);
        assert_eq!(begun.get(&[made(&a, &[])]), None);
        assert_eq!(begun.get(&[made(&b, &[]), made(&a, &[("x", 0)])]), None);
    }
}
