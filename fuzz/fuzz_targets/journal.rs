//! Gives bytes of libFuzzer to [`handled::journal`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| handled::journal(bytes));
