//! Instructions on whole tables and memories.
//!
//! One that copies or fills costs a unit of fuel for each 64 bytes or eight elements. It is
//! executed if there is any fuel at all, so that every program can go on with enough runs.
//!
//! Spec: WebAssembly 3.0, "Table Instructions" and "Memory Instructions".

use super::{Cursor, Machine, Step};
use crate::core::memory::IndexType;
use crate::core::op::Copying;
use crate::core::store::{DataState, Instance};
use crate::core::trap::Trap;
use crate::core::values::InstanceAddr;

const BYTES_PER_FUEL: u64 = 64;
const ELEMENTS_PER_FUEL: u64 = 8;

impl Machine<'_> {
    /// `table.get`
    pub fn table_get(&mut self, at: Cursor, instance: &Instance, table: u32) -> Step {
        let [index] = self.operands(at);
        let table = self.store.table(instance.tables[table as usize]);
        let element = table.get(index).ok_or(Trap::OutOfBoundsTableAccess)?;
        Ok(self.replace(at, 1, element))
    }

    /// `table.set`
    pub fn table_set(&mut self, at: Cursor, instance: &Instance, table: u32) -> Step {
        let [index, element] = self.operands(at);
        let table = &mut self.store.tables[instance.tables[table as usize].index()];
        let set = table.set(index, element);
        set.ok_or(Trap::OutOfBoundsTableAccess)?;
        Ok(at.below(2))
    }

    /// `table.size`
    pub fn table_size(&mut self, at: Cursor, instance: &Instance, table: u32) -> Step {
        let size = self.store.table(instance.tables[table as usize]).size();
        Ok(self.replace(at, 0, size))
    }

    /// `table.grow`
    pub fn table_grow(&mut self, at: Cursor, instance: &Instance, table: u32) -> Step {
        let [element, delta] = self.operands(at);
        let table = instance.tables[table as usize];
        let old = self.store.grow_table(table, delta, element);
        let index = self.store.table(table).index();
        if old.is_some() {
            self.extra += delta / ELEMENTS_PER_FUEL;
        }
        Ok(self.replace(at, 2, size_or_failure(old, index)))
    }

    /// `table.fill`
    pub fn table_fill(&mut self, at: Cursor, instance: &Instance, table: u32) -> Step {
        let [index, element, n] = self.operands(at);
        let table = &mut self.store.tables[instance.tables[table as usize].index()];
        let filled = table.fill(index, element, n);
        self.finish_table(at, filled, n)
    }

    /// `table.copy`
    pub fn table_copy(&mut self, at: Cursor, instance: &Instance, tables: Copying) -> Step {
        let [dst, src, n] = self.operands(at);
        let to = instance.tables[tables.dst as usize].index();
        let from = instance.tables[tables.src as usize].index();
        let tables = &mut self.store.tables;
        let copied = if to == from {
            tables[to].copy_within(dst, src, n)
        } else {
            // A clone shares its elements.
            let from = tables[from].clone();
            tables[to].copy_from(&from, dst, src, n)
        };
        self.finish_table(at, copied, n)
    }

    /// `table.init`
    pub fn table_init(&mut self, at: Cursor, here: InstanceAddr, copying: Copying) -> Step {
        let [dst, src, n] = self.operands(at);
        let instance = &self.store.instances[here.index()];
        let table = instance.tables[copying.dst as usize];
        let segment = &self.store.segments[here.index()].elements[copying.src as usize];
        let copied = self.store.tables[table.index()].init(segment, dst, src, n);
        self.finish_table(at, copied, n)
    }

    /// `elem.drop`
    pub fn elem_drop(&mut self, at: Cursor, here: InstanceAddr, segment: u32) -> Step {
        self.store.drop_elements(here, segment as usize);
        Ok(at)
    }

    /// `memory.size`
    pub fn memory_size(&mut self, at: Cursor, instance: &Instance, memory: u32) -> Step {
        let memory = self.store.memory(instance.memories[memory as usize]);
        let size = memory.size_pages();
        Ok(self.replace(at, 0, size))
    }

    /// `memory.grow`
    pub fn memory_grow(&mut self, at: Cursor, instance: &Instance, memory: u32) -> Step {
        let [delta] = self.operands(at);
        let memory = instance.memories[memory as usize];
        let old = self.store.grow_memory(memory, delta);
        let index = self.store.memory(memory).index();
        Ok(self.replace(at, 1, size_or_failure(old, index)))
    }

    /// `memory.fill`
    pub fn memory_fill(&mut self, at: Cursor, instance: &Instance, memory: u32) -> Step {
        let [to, byte, n] = self.operands(at);
        let memory = &mut self.store.memories[instance.memories[memory as usize].index()];
        let filled = memory.fill(to, byte as u8, n);
        self.finish_memory(at, filled, n)
    }

    /// `memory.copy`
    pub fn memory_copy(&mut self, at: Cursor, instance: &Instance, memories: Copying) -> Step {
        let [dst, src, n] = self.operands(at);
        let to = instance.memories[memories.dst as usize].index();
        let from = instance.memories[memories.src as usize].index();
        let memories = &mut self.store.memories;
        let copied = match memories.get_disjoint_mut([to, from]) {
            Ok([to, from]) => to.copy_from(from, dst, src, n),
            // They are one memory.
            Err(_) => memories[to].copy_within(dst, src, n),
        };
        self.finish_memory(at, copied, n)
    }

    /// `memory.init`
    pub fn memory_init(&mut self, at: Cursor, here: InstanceAddr, copying: Copying) -> Step {
        let [dst, src, n] = self.operands(at);
        let instance = &self.store.instances[here.index()];
        let memory = instance.memories[copying.dst as usize];
        let segment = copying.src as usize;
        let bytes = match self.store.segments[here.index()].data[segment] {
            DataState::Present => &instance.module.definition().data[segment].bytes[..],
            DataState::Dropped => &[],
        };
        let part = usize::try_from(src).ok().and_then(|from| bytes.get(from..));
        let part = part.and_then(|part| part.get(..usize::try_from(n).ok()?));
        let written = part.and_then(|part| self.store.memories[memory.index()].write(dst, part));
        self.finish_memory(at, written, n)
    }

    /// `data.drop`
    pub fn data_drop(&mut self, at: Cursor, here: InstanceAddr, segment: u32) -> Step {
        self.store.drop_data(here, segment as usize);
        Ok(at)
    }

    /// The topmost operands.
    fn operands<const N: usize>(&self, at: Cursor) -> [u64; N] {
        std::array::from_fn(|index| self.stack.slots[at.sp - N + index])
    }

    /// Puts a result in the place of the topmost operands.
    fn replace(&mut self, at: Cursor, operands: usize, result: u64) -> Cursor {
        let at = at.below(operands);
        self.stack.slots[at.sp] = result;
        Cursor {
            sp: at.sp + 1,
            ..at
        }
    }

    fn finish_table(&mut self, at: Cursor, done: Option<()>, n: u64) -> Step {
        done.ok_or(Trap::OutOfBoundsTableAccess)?;
        self.extra += n / ELEMENTS_PER_FUEL;
        Ok(at.below(3))
    }

    fn finish_memory(&mut self, at: Cursor, done: Option<()>, n: u64) -> Step {
        done.ok_or(Trap::OutOfBoundsMemoryAccess)?;
        self.extra += n / BYTES_PER_FUEL;
        Ok(at.below(3))
    }
}

/// What `grow` gives: the old size, or -1.
fn size_or_failure(old: Option<u64>, index: IndexType) -> u64 {
    old.unwrap_or(match index {
        IndexType::I32 => u32::MAX.into(),
        IndexType::I64 => u64::MAX,
    })
}
