//! The discrete-event kernel: time, the event calendar with its clock, and resources. It knows neither teams nor scenarios.

pub mod calendar;
pub mod heap;
pub mod resource;
pub mod time;

pub use calendar::{Calendar, Due, Slot, Step};
pub use heap::{Heap, Key};
pub use resource::{Place, Resource};
pub use time::{Ticks, Time};
