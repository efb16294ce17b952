//! What a request's body says: which kind it is, and the note in it.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use note::line_ends::normalise_line_ends;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use store::GeneralAccess;

use crate::error::Problem;

/// What may be sent to make a note by program.
pub const JSON_OR_MARKDOWN: &str = "application/json or text/markdown";

/// Kinds of body that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Markdown source.
    Markdown,
    /// JSON.
    Json,
    /// What a form without fields sends.
    Form,
    /// No kind is named.
    Unnamed,
    /// Anything else.
    Other,
}

/// The kind a request names.
#[must_use]
pub fn kind(headers: &HeaderMap) -> Kind {
    let Some(named) = headers.get(CONTENT_TYPE) else {
        return Kind::Unnamed;
    };
    let named = named
        .to_str()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    match named.trim().to_ascii_lowercase().as_str() {
        "text/markdown" => Kind::Markdown,
        "application/json" => Kind::Json,
        "application/x-www-form-urlencoded" => Kind::Form,
        _ => Kind::Other,
    }
}

/// Whether a request announces more bytes than are read. One that announces
/// nothing is measured while it is read.
#[must_use]
pub fn announces_more_than(headers: &HeaderMap, bytes: usize) -> bool {
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.trim().parse::<u64>().ok());
    length.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > bytes))
}

/// A note to be made, as a program sends it. A word we do not know is refused
/// rather than ignored: a misspelt `access` must not make a note open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewNoteBody {
    /// The source.
    #[serde(default)]
    pub markdown: String,
    /// What anyone with the link may do, `none` for only those who are invited; as the
    /// instance has it where it is left out.
    #[serde(default, deserialize_with = "access")]
    pub access: Option<GeneralAccess>,
    /// What it is called where its text has no heading: the name of a file.
    #[serde(default)]
    pub title: String,
}

fn access<'de, D: Deserializer<'de>>(value: D) -> Result<Option<GeneralAccess>, D::Error> {
    let word = <Cow<'_, str>>::deserialize(value)?;
    let access = GeneralAccess::from_word(&word);
    let refused = || D::Error::custom("`access` is one of none, view, comment, edit");
    access.map(Some).ok_or_else(refused)
}

/// Reads a note from a JSON body.
///
/// # Errors
/// When it is no such JSON, or the text is over the limit.
pub fn read_json(bytes: &[u8], limit: usize) -> Result<NewNoteBody, Problem> {
    const EXAMPLE: &str = r##"Send an object such as {"markdown": "# Title", "access": "edit"}"##;
    // A list of the values without their names would be read, too.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::Malformed(format!("{EXAMPLE}.")));
    }
    let mut body: NewNoteBody = serde_json::from_slice(bytes)
        .map_err(|error| Problem::Malformed(format!("{EXAMPLE}: {error}.")))?;
    body.markdown = within(&body.markdown, limit)?;
    Ok(body)
}

/// Reads the owner token of a note that somebody claims.
///
/// # Errors
/// When it is no such JSON.
pub fn read_claim(bytes: &[u8]) -> Result<String, Problem> {
    let body: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let token = body.get("owner_token").and_then(|token| token.as_str());
    token.map(str::to_owned).ok_or_else(|| {
        Problem::Malformed(r#"Send an object such as {"owner_token": "..."}."#.to_owned())
    })
}

/// Reads a Markdown body: its line ends become `\n`, all else stays as it is.
///
/// # Errors
/// When it is not UTF-8, or over the limit.
pub fn read_markdown(bytes: &[u8], limit: usize) -> Result<String, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Problem::Malformed(format!("Send the text as UTF-8: {error}.")))?;
    within(text, limit)
}

/// The value of a field of a form's body.
#[must_use]
pub fn form_field(bytes: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(bytes)
        .find_map(|(found, value)| (found == name).then(|| value.into_owned()))
}

fn within(text: &str, limit: usize) -> Result<String, Problem> {
    let text = normalise_line_ends(text).into_owned();
    if text.len() > limit {
        Err(Problem::TooLarge(limit))
    } else {
        Ok(text)
    }
}

/// The tag of a note's version, as `ETag` has it.
#[must_use]
pub fn version_tag(version: u64) -> String {
    format!("\"{version}\"")
}

/// What a text that is put somewhere was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeFrom {
    /// Nothing: there is to be no note yet (`If-None-Match: *`).
    Nothing,
    /// This version (`If-Match: "<version>"`).
    Version(u64),
}

/// Reads the condition of a `PUT` (RFC 9110 §13.1).
///
/// # Errors
/// When there is none, or it names what is no version of ours.
pub fn made_from(headers: &HeaderMap) -> Result<MadeFrom, Problem> {
    let one = |name| {
        let mut values = headers.get_all(name).iter();
        let value = values
            .next()
            .map(|value| value.to_str().unwrap_or_default().trim());
        (value, values.next().is_none())
    };
    match (one(IF_MATCH), one(IF_NONE_MATCH)) {
        ((None, _), (Some("*"), true)) => Ok(MadeFrom::Nothing),
        ((Some(tag), true), (None, _)) if tag != "*" => {
            // The edge weakens a tag when it compresses; the version it names is the same.
            let version = tag
                .strip_prefix("W/")
                .unwrap_or(tag)
                .strip_prefix('"')
                .and_then(|tag| tag.strip_suffix('"'))
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            let version = version.and_then(|digits| digits.parse().ok());
            version
                .map(MadeFrom::Version)
                .ok_or(Problem::UnknownVersion)
        }
        _ => Err(Problem::VersionNeeded),
    }
}

/// Whether the caller has this version already (`If-None-Match`).
#[must_use]
pub fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: &str) -> HeaderMap {
        [(name, value.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn kinds_are_read_without_their_parameters() {
        assert_eq!(
            kind(&headers(CONTENT_TYPE, "text/markdown; charset=utf-8")),
            Kind::Markdown
        );
        assert_eq!(kind(&headers(CONTENT_TYPE, "Application/JSON")), Kind::Json);
        assert_eq!(
            kind(&headers(CONTENT_TYPE, "application/x-www-form-urlencoded")),
            Kind::Form
        );
        assert_eq!(kind(&headers(CONTENT_TYPE, "text/plain")), Kind::Other);
        assert_eq!(kind(&headers(CONTENT_TYPE, "")), Kind::Other);
        assert_eq!(kind(&HeaderMap::new()), Kind::Unnamed);
    }

    #[test]
    fn what_is_put_says_what_it_was_made_from() {
        let read = |pairs: &[(http::HeaderName, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(name, value.parse().unwrap());
            }
            made_from(&headers)
        };
        for tag in ["\"12\"", "W/\"12\""] {
            assert_eq!(read(&[(IF_MATCH, tag)]), Ok(MadeFrom::Version(12)), "{tag}");
        }
        assert_eq!(read(&[(IF_NONE_MATCH, "*")]), Ok(MadeFrom::Nothing));
        for none in [
            "12",
            "\"\"",
            "\"x\"",
            "\"+1\"",
            "\"1\", \"2\"",
            "\"99999999999999999999\"",
        ] {
            assert_eq!(
                read(&[(IF_MATCH, none)]),
                Err(Problem::UnknownVersion),
                "{none}"
            );
        }
        let two = [(IF_MATCH, "\"1\""), (IF_MATCH, "\"2\"")];
        let both = [(IF_MATCH, "\"1\""), (IF_NONE_MATCH, "*")];
        let pairs: [&[_]; 5] = [
            &[],
            &[(IF_MATCH, "*")],
            &[(IF_NONE_MATCH, "\"1\"")],
            &two,
            &both,
        ];
        for pairs in pairs {
            assert_eq!(read(pairs), Err(Problem::VersionNeeded), "{pairs:?}");
        }
    }

    #[test]
    fn a_new_note_is_as_the_instance_has_it_unless_it_says_otherwise() {
        let read = |json: &str| read_json(json.as_bytes(), 100);
        assert_eq!(read("{}").unwrap(), NewNoteBody::default());
        assert_eq!(read("{}").unwrap().access, None);
        let closed = read(r#"{"markdown": "a\r\nb", "access": "none"}"#).unwrap();
        assert_eq!(
            closed,
            NewNoteBody {
                markdown: "a\nb".to_owned(),
                access: GeneralAccess::from_word("none"),
                title: String::new(),
            }
        );
        assert_eq!(read(r#"{"title": "Plan"}"#).unwrap().title, "Plan");
        for wrong in [
            "",
            "[]",
            "null",
            r#"{"acess": "none"}"#,
            r#"{"access": "own"}"#,
            r#"{"access": "owner"}"#,
            r#"{"markdown": 1}"#,
        ] {
            assert!(matches!(read(wrong), Err(Problem::Malformed(_))), "{wrong}");
        }
    }

    #[test]
    fn who_claims_a_note_names_its_owner_token() {
        let read = |json: &str| read_claim(json.as_bytes());
        assert_eq!(read(r#"{"owner_token": "abc"}"#).unwrap(), "abc");
        for wrong in [
            "",
            "[]",
            "null",
            "{}",
            r#"{"owner_token": 1}"#,
            "owner_token=a",
        ] {
            assert!(matches!(read(wrong), Err(Problem::Malformed(_))), "{wrong}");
        }
    }

    #[test]
    fn a_form_gives_its_fields_decoded() {
        let form = b"a=1&password=p%C3%A4ss+word%26&b=2";
        assert_eq!(form_field(form, "password").unwrap(), "päss word&");
        assert_eq!(form_field(form, "c"), None);
        assert_eq!(form_field(b"", "password"), None);
    }

    #[test]
    fn a_text_is_measured_with_its_new_line_ends() {
        assert_eq!(read_markdown(b"a\r\nb", 3), Ok("a\nb".to_owned()));
        assert_eq!(read_markdown(b"abcd", 3), Err(Problem::TooLarge(3)));
        assert_eq!(
            read_json(br#"{"markdown": "abcd"}"#, 3),
            Err(Problem::TooLarge(3))
        );
        assert!(matches!(
            read_markdown(b"\xff", 3),
            Err(Problem::Malformed(_))
        ));
    }

    #[test]
    fn an_announced_length_is_believed_when_it_is_too_much() {
        assert!(announces_more_than(&headers(CONTENT_LENGTH, "101"), 100));
        assert!(announces_more_than(
            &headers(CONTENT_LENGTH, "18446744073709551615"),
            100
        ));
        for fine in ["100", "0", "", "-1", "many"] {
            assert!(
                !announces_more_than(&headers(CONTENT_LENGTH, fine), 100),
                "{fine}"
            );
        }
    }

    #[test]
    fn a_known_version_is_not_sent_again() {
        let tag = version_tag(12);
        for known in ["\"12\"", "W/\"12\"", "\"1\", \"12\"", "*"] {
            assert!(has_already(&headers(IF_NONE_MATCH, known), &tag), "{known}");
        }
        for other in ["12", "\"1\"", "", "\"120\""] {
            assert!(
                !has_already(&headers(IF_NONE_MATCH, other), &tag),
                "{other}"
            );
        }
    }
}
