//! The figures of a selection set, and how they add up.

/// What the text asks for, fragments expanded. Lists do not multiply it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shape {
    /// Fields outside introspection.
    pub(super) fields: u64,
    /// Levels of fields outside introspection.
    pub(super) depth: u64,
    /// Fields directly in the set.
    pub(super) width: u64,
    /// Selection sets below the set, one inside the other, whatever opens them.
    pub(super) levels: u64,
    pub(super) aliases: u64,
    pub(super) directives: u64,
    pub(super) spreads: u64,
    /// Fields from `__schema` or `__type` down.
    pub(super) meta_fields: u64,
    /// Levels of such fields.
    pub(super) meta_depth: u64,
    /// Levels of such fields that list a part of the schema.
    pub(super) meta_lists: u64,
}

impl Shape {
    /// The shape of what holds this one in a selection set of its own.
    pub(super) fn enclosed(self) -> Self {
        Self { levels: self.levels.saturating_add(1), ..self }
    }

    /// Both stand side by side in one selection set.
    pub(super) fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            width: self.width.saturating_add(other.width),
            levels: self.levels.max(other.levels),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            spreads: self.spreads.saturating_add(other.spreads),
            meta_fields: self.meta_fields.saturating_add(other.meta_fields),
            meta_depth: self.meta_depth.max(other.meta_depth),
            meta_lists: self.meta_lists.max(other.meta_lists),
        }
    }
}

/// What execution has to produce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Load {
    pub(super) points: u64,
    pub(super) nodes: u64,
}

impl Load {
    pub(super) fn plus(self, other: Self) -> Self {
        Self { points: self.points.saturating_add(other.points), nodes: self.nodes.saturating_add(other.nodes) }
    }

    pub(super) fn times(self, count: u64) -> Self {
        Self { points: self.points.saturating_mul(count), nodes: self.nodes.saturating_mul(count) }
    }

    pub(super) fn or_larger(self, other: Self) -> Self {
        Self { points: self.points.max(other.points), nodes: self.nodes.max(other.nodes) }
    }
}

/// Shape and load of a selection set.
///
/// The load is kept in two parts, because the set of a connection does not know its page size: that is an argument of
/// the field above, and a fragment may stand below several such fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) shape: Shape,
    /// Occurs once.
    pub(super) once: Load,
    /// Occurs for every item of the page around it.
    pub(super) per_item: Load,
}

impl Tally {
    pub(super) fn beside(self, other: Self) -> Self {
        Self {
            shape: self.shape.beside(other.shape),
            once: self.once.plus(other.once),
            per_item: self.per_item.plus(other.per_item),
        }
    }

    /// The load when the page has this many items.
    pub(super) fn settled(&self, page: u64) -> Load {
        self.once.plus(self.per_item.times(page))
    }
}
