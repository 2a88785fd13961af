//! Gives bytes of libFuzzer to [`handled::block`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| handled::block(bytes));
