//! Topics by id and code.

use std::collections::HashMap;
use std::sync::Arc;

use lienthong_domain::ids::TopicId;
use lienthong_domain::registry::Topic;
use lienthong_persistence::{Store, topics};

use crate::error::Error;
use crate::reference::listed;

/// The disclosure catalogue.
#[derive(Debug, Default)]
pub struct Topics {
    in_order: Vec<Arc<Topic>>,
    by_id: HashMap<TopicId, usize>,
    by_code: HashMap<String, usize>,
}

impl Topics {
    pub(super) async fn load(store: &Store) -> Result<Self, Error> {
        let mut in_order: Vec<_> = topics::all(store).await?.into_iter().map(Arc::new).collect();
        listed::sort(&mut in_order);
        let by_id = in_order.iter().enumerate().map(|(at, topic)| (topic.id, at)).collect();
        let by_code = in_order.iter().enumerate().map(|(at, topic)| (topic.code.to_string(), at)).collect();
        Ok(Self { in_order, by_id, by_code })
    }

    /// The topic with this id.
    pub fn get(&self, id: TopicId) -> Option<&Arc<Topic>> {
        self.by_id.get(&id).and_then(|at| self.in_order.get(*at))
    }

    /// The topic with this code.
    pub fn by_code(&self, code: &str) -> Option<&Arc<Topic>> {
        self.by_code.get(code).and_then(|at| self.in_order.get(*at))
    }

    /// The topic and the provinces' own topics below it.
    pub fn with_those_below(&self, id: TopicId) -> Vec<TopicId> {
        let below = self.in_order.iter().filter(|topic| topic.parent == Some(id));
        std::iter::once(id).chain(below.map(|topic| topic.id)).collect()
    }

    /// All topics, in the order of their codes.
    pub fn all(&self) -> &[Arc<Topic>] {
        &self.in_order
    }
}
