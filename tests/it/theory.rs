//! Theory: the simulation against closed forms, Markov chains and an independent program.
//!
//! Seeds are fixed, so a test that passes keeps passing. A comparison allows 4 standard errors (a first run risked 1 in
//! 16,000 each) and asserts that a bias of 2 % in a mean or a standard deviation would fail in 99 % of the cases.

mod bench;
mod burnout;
mod communication;
mod demand;
mod hiring;
mod leaving;
mod luck;
mod markov;
mod onboarding;
mod operations;
mod options;
mod peer;
mod risk;
mod start;
mod transfer;
