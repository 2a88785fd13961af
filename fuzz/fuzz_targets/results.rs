//! Gives bytes of libFuzzer to [`handled::results`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| handled::results(bytes));
