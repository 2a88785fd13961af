//! Random numbers: draws that are named by what they decide, and the distributions of the values drawn.
//!
//! Every random quantity is a pure function of seed, replication, family, entity and draw ([`Family`]), and takes its value
//! from the quantile of its [`Distribution`]. There is no sequence, so nothing can shift. A new process, person or draw
//! leaves all others unchanged, strategies share their luck, and any machine can compute any replication.
//!
//! Both sides fit the `rand` crate. Its generators can sample our distributions, and the words of a draw ([`Family::words`])
//! are a generator for its distributions and those of `rand_distr`.

mod catalogue;
mod distribution;
mod elicited;
mod empirical;
mod laws;
mod normal;
mod parameters;
mod philox;
mod refusal;
mod stream;
mod table;
mod tail;
mod words;

pub use catalogue::{LAWS, Law};
pub use distribution::Distribution;
pub use parameters::{
    BetaPert, Between, Empirical, Gamma, Lognormal, MedianLognormal, Normal, Triangular, Uniform, Weibull,
};
pub use philox::philox2x64_10;
pub use refusal::{Refusal, written};
pub use stream::{DrawKey, Entity, Family, Purpose, derived_seed};
pub use words::Words;
