//! RFC 4648 section 6, without padding: what people can type and programs can mark with a double click.

const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The bytes in capitals and figures.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let digit = |chunk: &[u8], index: usize| {
        let bits = chunk.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte)) << (8 * (5 - chunk.len()));
        let value = usize::try_from((bits >> (35 - 5 * index)) & 0x1f).unwrap_or(0);
        char::from(DIGITS.get(value).copied().unwrap_or(b'A'))
    };
    let digits = |chunk: &[u8]| (chunk.len() * 8).div_ceil(5);
    bytes.chunks(5).flat_map(|chunk| (0..digits(chunk)).map(move |index| digit(chunk, index))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_that_of_the_specification() {
        let cases =
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")];
        for (bytes, text) in cases {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
