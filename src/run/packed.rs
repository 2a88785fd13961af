//! Packs the numbers of a block: doubles as they are, and whole numbers in few bytes.

/// Rows of numbers in one piece.
pub(super) mod numbers {
    use std::fmt;

    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        serializer.serialize_bytes(&bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        struct Bytes;

        impl<'de> Visitor<'de> for Bytes {
            type Value = Vec<f64>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("doubles")
            }

            fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Vec<f64>, E> {
                let (words, rest) = bytes.as_chunks();
                if !rest.is_empty() {
                    return Err(E::invalid_length(bytes.len(), &self));
                }
                Ok(words.iter().map(|word| f64::from_le_bytes(*word)).collect())
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}

/// Month-end values, of which most are small whole numbers.
pub(super) mod series {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Values that are packed together.
    const TOGETHER: usize = 256;

    #[derive(Serialize, Deserialize)]
    enum Piece {
        Whole(Vec<u32>),
        Any(#[serde(with = "super::numbers")] Vec<f64>),
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is cut off is seen to be")]
    fn piece(values: &[f64]) -> Piece {
        let whole: Vec<u32> = values.iter().map(|&value| value as u32).collect();
        let is_same = whole.iter().zip(values).all(|(&whole, value)| f64::from(whole).to_bits() == value.to_bits());
        if is_same { Piece::Whole(whole) } else { Piece::Any(values.to_vec()) }
    }

    pub(crate) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        values.chunks(TOGETHER).map(piece).collect::<Vec<_>>().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let mut values = Vec::new();
        for piece in Vec::<Piece>::deserialize(deserializer)? {
            match piece {
                Piece::Whole(whole) => values.extend(whole.into_iter().map(f64::from)),
                Piece::Any(any) => values.extend(any),
            }
        }
        Ok(values)
    }
}
