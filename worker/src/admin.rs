//! What the instance's admin may ask, and how they show who they are: a token
//! that the environment holds too, until there are accounts.

use http::HeaderMap;
use serde::Deserialize;
use store::announcements::MAX_TEXT_CHARS;
use store::{hash_token, same_hash};

use crate::bearer;
use crate::error::Problem;

/// Longest body of a request, bytes: a text with every letter escaped, and what
/// stands around it.
pub const MAX_BODY_BYTES: usize = 16 << 10;
/// Longest time an announcement may ask for, minutes: a week.
pub const MAX_MINUTES: u64 = 7 * 24 * 60;

/// An announcement to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncementBody {
    /// Plain text.
    pub text: String,
    /// After how many minutes it ends by itself; without, it is ended by hand.
    #[serde(default)]
    pub minutes: Option<u64>,
}

/// Lets the admin in. An instance without a token has no admin, and this is no
/// address of it.
///
/// # Errors
/// [`Problem::NotFound`] without a token in the environment,
/// [`Problem::NotTheAdmin`] for any other token than that.
pub fn admit(headers: &HeaderMap, token: Option<&str>) -> Result<(), Problem> {
    let token = token.ok_or(Problem::NotFound)?;
    let shown = bearer::from_header(headers).ok_or(Problem::NotTheAdmin)?;
    // Hashes are compared, so that not even the length of the token shows.
    if same_hash(&hash_token(shown), &hash_token(token)) {
        Ok(())
    } else {
        Err(Problem::NotTheAdmin)
    }
}

/// Reads an announcement from a JSON body.
///
/// # Errors
/// When it is no such JSON, says nothing, or asks for more than there is.
pub fn read_announcement(bytes: &[u8]) -> Result<AnnouncementBody, Problem> {
    const EXAMPLE: &str = r#"Send an object such as {"text": "Back in an hour.", "minutes": 60}"#;
    // A list of the values without their names would be read, too.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::Malformed(format!("{EXAMPLE}.")));
    }
    let mut body: AnnouncementBody = serde_json::from_slice(bytes)
        .map_err(|error| Problem::Malformed(format!("{EXAMPLE}: {error}.")))?;
    body.text = body.text.trim().to_owned();
    if !(1..=MAX_TEXT_CHARS).contains(&body.text.chars().count()) {
        let sentence = format!("An announcement has 1 to {MAX_TEXT_CHARS} characters.");
        return Err(Problem::Malformed(sentence));
    }
    if body
        .minutes
        .is_some_and(|minutes| !(1..=MAX_MINUTES).contains(&minutes))
    {
        let sentence = format!("An announcement holds for 1 to {MAX_MINUTES} minutes.");
        return Err(Problem::Malformed(sentence));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn showing(words: &str) -> HeaderMap {
        [(http::header::AUTHORIZATION, words.parse().unwrap())]
            .into_iter()
            .collect()
    }

    #[test]
    fn only_the_token_of_the_environment_lets_in() {
        let token = Some("a long secret");
        assert_eq!(admit(&showing("Bearer a long secret"), token), Ok(()));
        for other in [
            "Bearer a long secre",
            "Bearer A long secret",
            "Basic a long secret",
        ] {
            assert_eq!(admit(&showing(other), token), Err(Problem::NotTheAdmin));
        }
        assert_eq!(admit(&HeaderMap::new(), token), Err(Problem::NotTheAdmin));
    }

    #[test]
    fn without_a_token_there_is_no_admin() {
        for words in ["Bearer ", "Bearer x"] {
            assert_eq!(admit(&showing(words), None), Err(Problem::NotFound));
        }
    }

    #[test]
    fn an_announcement_is_read() {
        let body = read_announcement(br#"{"text": " Tea is served. ", "minutes": 5}"#).unwrap();
        assert_eq!(body.text, "Tea is served.");
        assert_eq!(body.minutes, Some(5));
        let open = read_announcement(br#"{"text": "Tea"}"#).unwrap();
        assert_eq!(open.minutes, None);
    }

    #[test]
    fn an_announcement_that_says_nothing_or_too_much_is_refused() {
        let long = format!(r#"{{"text": "{}"}}"#, "a".repeat(MAX_TEXT_CHARS + 1));
        for wrong in [
            "",
            "[]",
            r#"["Tea", 1]"#,
            r#"{"text": " "}"#,
            r#"{"text": "Tea", "minutes": 0}"#,
            r#"{"text": "Tea", "minutes": 10081}"#,
            r#"{"text": "Tea", "minutes": -1}"#,
            r#"{"text": "Tea", "until": 1}"#,
            &long,
        ] {
            let read = read_announcement(wrong.as_bytes());
            assert!(matches!(read, Err(Problem::Malformed(_))), "{wrong}");
        }
    }
}
