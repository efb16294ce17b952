//! Values as forms and queries write them (`application/x-www-form-urlencoded`).

/// Writes a value: letters and digits as they are, a space as `%20`, which every
/// reader of forms takes.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for nibble in [byte >> 4, byte & 0xf] {
                let digit = char::from_digit(u32::from(nibble), 16);
                encoded.extend(digit.map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    encoded
}

/// Reads a value; `None` when it is not UTF-8, or a percent sign stands alone.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let value = digit()? * 16 + digit()?;
                u8::try_from(value).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// The value of a name, read; the first one where it comes twice.
#[must_use]
pub fn value_of(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(found, value)| (found == name).then(|| decode(value))?)
}

/// Names and values as one text.
#[must_use]
pub fn join(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back() {
        for text in ["", "plain", "a b&c=d+%", "é茶", "/note/x?y#z"] {
            assert_eq!(decode(&encode(text)).as_deref(), Some(text));
        }
        assert_eq!(encode("a b/é"), "a%20b%2F%C3%A9");
        assert_eq!(decode("a+b"), Some("a b".to_owned()));
    }

    #[test]
    fn what_is_no_value_is_none() {
        for odd in ["%", "%a", "%zz", "%ff", "%+1"] {
            assert_eq!(decode(odd), None, "{odd}");
        }
    }

    #[test]
    fn values_are_found_by_name() {
        let query = "code=a%2Fb&state=c&code=d&odd";
        assert_eq!(value_of(query, "code").as_deref(), Some("a/b"));
        assert_eq!(value_of(query, "state").as_deref(), Some("c"));
        assert_eq!(value_of(query, "odd"), None);
        assert_eq!(join(&[("a", "b c"), ("d", "&")]), "a=b%20c&d=%26");
    }
}
