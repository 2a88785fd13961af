//! Chance: draws that are named by what they decide, and the distributions of what is drawn.
//!
//! Every random quantity is a pure function of seed, replication, family, entity and draw ([`Family`]), and gets its value
//! by the quantile of its [`Distribution`]. Nothing is a sequence, so nothing can shift: one more process, person or draw
//! leaves all others as they were, strategies share their luck, and any machine can compute any replication.

mod catalogue;
mod distribution;
mod empirical;
mod laws;
mod normal;
mod philox;
mod stream;
mod tail;

pub use catalogue::{LAWS, Law};
pub use distribution::{
    BetaPert, Distribution, Empirical, Gamma, Lognormal, MedianLognormal, Normal, Refusal, Triangular, Uniform, Weibull,
};
pub use philox::philox4x32_10;
pub use stream::{Draw, Entity, Family, Purpose};
