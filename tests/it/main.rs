//! Tests through the public interface: one binary, a file for each kind.

mod distributions;
