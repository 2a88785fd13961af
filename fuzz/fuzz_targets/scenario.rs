//! Gives bytes of libFuzzer to [`handled::scenario`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| handled::scenario(bytes));
