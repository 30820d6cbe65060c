//! What slices keep running beside the door, handed to their handlers by type: the platform knows that it is there, not what it does.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

/// Services by their type. Cheap to clone; settled when the application is built.
#[derive(Clone, Default)]
pub struct Services(Arc<HashMap<TypeId, Box<dyn Any + Send + Sync>>>);

impl Services {
    /// One service.
    pub fn of<T: Any + Send + Sync>(service: T) -> Self {
        let boxed: Box<dyn Any + Send + Sync> = Box::new(service);
        Self(Arc::new(HashMap::from([(TypeId::of::<T>(), boxed)])))
    }

    /// The service of a type, if it runs here.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>()).and_then(|service| service.downcast_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_by_its_type_only() {
        let services = Services::of(7u32);
        assert_eq!(services.get::<u32>(), Some(&7));
        assert_eq!(services.get::<i32>(), None);
        assert_eq!(Services::default().get::<u32>(), None);
    }
}
