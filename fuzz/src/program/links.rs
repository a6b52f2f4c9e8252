//! Who can name what of whom: instances see one another as their components are nested.

use assize_protocol::types::Type;

use super::{
    Block, Callee, Canon, FunctionType, Import, Instance, InstanceId, LiftForm, Owner, Program,
    ResourceId,
};

/// When something that an instance names is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Before the instance's core code is instantiated.
    Early,
    /// Once the instance's children are there.
    Late,
}

/// The resource type that has this name in types.
pub fn resource_of(name: &str) -> Option<ResourceId> {
    let digits = name.strip_prefix('r')?;
    let number: u32 = digits.parse().ok()?;
    (digits == number.to_string()).then_some(ResourceId(number))
}

/// Calls `visit` with each type that `ty` is made of, parts before the whole.
pub fn walk<'t>(ty: &'t Type, visit: &mut dyn FnMut(&'t Type)) {
    match ty {
        Type::List(t) | Type::FixedList(t, _) | Type::Option(t) => walk(t, visit),
        Type::Map(key, value) => {
            walk(key, visit);
            walk(value, visit);
        }
        Type::Record(fields) => fields.iter().for_each(|(_, t)| walk(t, visit)),
        Type::Tuple(types) => types.iter().for_each(|t| walk(t, visit)),
        Type::Variant(cases) => {
            let payloads = cases.iter().filter_map(|(_, t)| t.as_ref());
            payloads.for_each(|t| walk(t, visit));
        }
        Type::Result(ok, error) => {
            let payloads = [ok, error].into_iter().flatten();
            payloads.for_each(|t| walk(t, visit));
        }
        Type::Stream(Some(t)) | Type::Future(Some(t)) => walk(t, visit),
        _ => {}
    }
    visit(ty);
}

impl FunctionType {
    /// The types of the parameters, and then that of the result.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.params.iter().chain(&self.result)
    }
}

/// The type that is written in a built-in, by `as_ref` or `as_mut`.
macro_rules! written_type {
    ($canon:expr, $borrow:ident) => {
        match $canon {
            Canon::TaskReturn { result: ty, .. }
            | Canon::StreamNew(ty)
            | Canon::StreamRead(ty, _)
            | Canon::StreamWrite(ty, _)
            | Canon::StreamCancelRead(ty, _)
            | Canon::StreamCancelWrite(ty, _)
            | Canon::StreamDropReadable(ty)
            | Canon::StreamDropWritable(ty)
            | Canon::FutureNew(ty)
            | Canon::FutureRead(ty, _)
            | Canon::FutureWrite(ty, _)
            | Canon::FutureCancelRead(ty, _)
            | Canon::FutureCancelWrite(ty, _)
            | Canon::FutureDropReadable(ty)
            | Canon::FutureDropWritable(ty) => ty.$borrow(),
            _ => None,
        }
    };
}

impl Canon {
    /// The type that is written in it: of the elements, or of the result.
    pub fn ty(&self) -> Option<&Type> {
        written_type!(self, as_ref)
    }

    /// The same, to change.
    pub fn ty_mut(&mut self) -> Option<&mut Type> {
        written_type!(self, as_mut)
    }

    /// The resource type that it is about, beside those in [`Canon::ty`].
    pub fn resource(&self) -> Option<ResourceId> {
        match self {
            Canon::ResourceNew(resource)
            | Canon::ResourceDrop(resource)
            | Canon::ResourceRep(resource) => Some(*resource),
            _ => None,
        }
    }
}

impl Instance {
    /// What its functions, threads, start function and `realloc` do; destructors belong to resources.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        let functions = self.functions.iter().flat_map(|function| {
            let post_return = match &function.lift.form {
                LiftForm::Sync { post_return } => post_return.as_ref(),
                _ => None,
            };
            function.body.blocks.iter().chain(post_return)
        });
        let threads = self.threads.iter().map(|thread| &thread.body);
        functions
            .chain(threads)
            .chain(&self.start)
            .chain(&self.realloc)
    }
}

impl Program {
    /// All that core code does: the blocks of instances, and destructors.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        let destructors = self.resources.iter().filter_map(|resource| {
            let Owner::Instance { destructor, .. } = &resource.owner else {
                return None;
            };
            destructor.as_ref().map(|handler| &handler.body)
        });
        let instances = self.instances.iter();
        instances.flat_map(Instance::blocks).chain(destructors)
    }

    /// The types of functions, and those that are written in built-ins.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let of_host = self.host.iter().flat_map(|function| function.ty.types());
        let of_instances = self.instances.iter().flat_map(|instance| {
            let functions = instance.functions.iter();
            let functions = functions.flat_map(|function| function.ty.types());
            functions.chain(instance.canons.iter().filter_map(Canon::ty))
        });
        of_host.chain(of_instances)
    }

    /// The instance, if there is one.
    pub fn instance(&self, instance: InstanceId) -> Option<&Instance> {
        self.instances.get(instance.index())
    }

    /// The instance around this one.
    pub fn parent(&self, instance: InstanceId) -> Option<InstanceId> {
        let parent = self.instance(instance)?.parent?;
        (parent < instance).then_some(parent)
    }

    /// The instance itself and those around it, from the inside out.
    pub fn ancestry(&self, instance: InstanceId) -> impl Iterator<Item = InstanceId> {
        std::iter::successors(Some(instance), |instance| self.parent(*instance))
    }

    /// The instances directly in this one, in order.
    pub fn children(&self, instance: InstanceId) -> impl Iterator<Item = InstanceId> {
        let instances = (0..).map(InstanceId).zip(&self.instances);
        instances
            .filter(move |(_, child)| child.parent == Some(instance))
            .map(|(child, _)| child)
    }

    /// Whether `inner` stands in `outer`, at any depth, or is the same.
    pub fn is_within(&self, inner: InstanceId, outer: InstanceId) -> bool {
        self.ancestry(inner).any(|instance| instance == outer)
    }

    /// When `from` can name what `of` defines; none if it cannot.
    pub fn sees(&self, from: InstanceId, of: InstanceId) -> Option<When> {
        if self.is_within(from, of) {
            return Some(When::Early);
        }
        if self.is_within(of, from) {
            return Some(When::Late);
        }
        let ours = self.ancestry(from);
        let before = ours
            .filter_map(|ours| Some((self.parent(ours)?, ours)))
            .find_map(|(parent, ours)| {
                let mut theirs = self.ancestry(of);
                let theirs = theirs.find(|theirs| self.parent(*theirs) == Some(parent))?;
                Some(theirs < ours)
            })?;
        before.then_some(When::Early)
    }

    /// When `from` can name a resource type; none if it cannot.
    pub fn sees_resource(&self, from: InstanceId, resource: ResourceId) -> Option<When> {
        match self.resources.get(resource.index())?.owner {
            Owner::Host => Some(When::Early),
            Owner::Instance { instance, .. } => self.sees(from, instance),
        }
    }

    /// When `from` can name a type; none if it cannot.
    pub fn sees_type(&self, from: InstanceId, ty: &Type) -> Option<When> {
        let mut when = Some(When::Early);
        walk(ty, &mut |ty| {
            if let Type::Own(name) | Type::Borrow(name) = ty {
                let seen = resource_of(name).and_then(|r| self.sees_resource(from, r));
                when = when.and_then(|when| Some(when.max(seen?)));
            }
        });
        when
    }

    /// When all of a function's types can be named; none if they cannot.
    pub fn sees_types(&self, from: InstanceId, ty: &FunctionType) -> Option<When> {
        ty.types().try_fold(When::Early, |when, ty| {
            Some(when.max(self.sees_type(from, ty)?))
        })
    }

    /// When a built-in of `from` can be defined; none if it cannot.
    pub fn canon_when(&self, from: InstanceId, canon: &Canon) -> Option<When> {
        let of_type = match canon.ty() {
            Some(ty) => self.sees_type(from, ty)?,
            None => When::Early,
        };
        match canon.resource() {
            Some(resource) => Some(of_type.max(self.sees_resource(from, resource)?)),
            None => Some(of_type),
        }
    }

    /// When an import of `from` can be lowered; none if `from` does not see it.
    ///
    /// A function with a type that is there only once the children of its instance are, is not seen
    /// by these children.
    pub fn import_when(&self, from: InstanceId, import: &Import) -> Option<When> {
        match import.callee {
            Callee::Host(host) => self.host.get(host.index()).map(|_| When::Early),
            Callee::Function { instance, function } => {
                let functions = &self.instance(instance)?.functions;
                let ty = &functions.get(function.index())?.ty;
                let late = self.sees_types(instance, ty)? == When::Late;
                let inside = instance != from && self.is_within(from, instance);
                match instance == from || (late && inside) {
                    true => None,
                    false => self.sees(from, instance),
                }
            }
        }
    }
}
