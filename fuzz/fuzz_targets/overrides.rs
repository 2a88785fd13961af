//! Gives bytes of libFuzzer to [`handled::overrides`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| handled::overrides(bytes));
