//! Everything that can go wrong with a request, and the only place where it gets
//! a status, a close code and words.

use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{HeaderMap, Response, StatusCode};
use realtime::Refusal;
use store::StoreError;

use crate::crypto::CryptoError;
use crate::limits::{RATE_PERIOD_SECONDS, RETRY_AFTER_SECONDS};
use crate::oidc::OidcError;
use crate::passkeys::PasskeyError;
use crate::secret::BadSecret;

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The request makes no sense; the sentence says where.
    #[error("{0}")]
    Malformed(String),
    /// It comes from a page that is not ours.
    #[error(
        "This request comes from another site, so nothing was done. Open Tandem itself and try again."
    )]
    ForeignOrigin,
    /// Nobody in particular asks for what is somebody's own.
    #[error(
        "This is somebody's own, and the request does not say whose. Send an access token, made in your settings: Authorization: Bearer <token>."
    )]
    WhoAsks,
    /// A bearer token that is none, or not any more.
    #[error(
        "This token is not known here, or it was revoked. Make an access token in your settings, and send it: Authorization: Bearer <token>."
    )]
    UnknownToken,
    /// What only who has an account here may do.
    #[error(
        "This is for who is signed in. Sign in at /sign-in with a browser, and try again there."
    )]
    SignedOut,
    /// What only the instance's admin may do.
    #[error(
        "Only this instance's admin may do this. Send the admin token: Authorization: Bearer <token>."
    )]
    NotTheAdmin,
    /// Signing in, or what an account may do, did not work; the sentence says why.
    #[error("{0}")]
    SignIn(String),
    /// What an action of a page said, and its status.
    #[error("{1}")]
    Refused(StatusCode, String),
    /// Who may view tried more.
    #[error("You may view this note, but not do this. Ask its owner.")]
    NotAllowed,
    /// Nothing there, or nothing for this caller.
    #[error(
        "There is no note here, or it is not shared with you. Check the address, or ask whoever gave it to you."
    )]
    NotFound,
    /// A note that opens only for who made it, and they could not come back.
    #[error(
        "New notes here open only for who made them, and nothing would let you come back to this one. Make it in a browser that keeps cookies, or with POST /api/notes, whose answer has an owner token."
    )]
    Nobodys,
    /// What takes a browser that keeps cookies.
    #[error(
        "This link opens in a browser that keeps cookies. A program sends a link's token as Authorization: Bearer <token>."
    )]
    Cookies,
    /// The instance has no secret it could go by.
    #[error(
        "This instance is not set up yet: {0} Whoever runs it sets one: npx wrangler secret put INSTANCE_SECRET."
    )]
    NotSetUp(BadSecret),
    /// There, but not by this method.
    #[error("This address does not answer this method. Use one of: {0}.")]
    Method(&'static str),
    /// A note that somebody wants to be theirs is somebody's, or has no token for that.
    #[error(
        "This note can't be claimed: it has an owner already, or no owner token. Ask its owner to give it to you."
    )]
    Owned,
    /// Two things at odds.
    #[error(
        "Something else happened to the note at the same time. Read it again and try once more."
    )]
    Conflict,
    /// A change that names no version it was made from.
    #[error(
        "Say which version you changed: If-Match with the ETag you read. To make a new note: If-None-Match: *."
    )]
    VersionNeeded,
    /// A change of a version that is not known, or not any more.
    #[error(
        "The version this was made from is not known any more; versions can be named for a day. Read the note again and carry your change over."
    )]
    UnknownVersion,
    /// A note to be made under an id that is taken.
    #[error("There is something under this id already. Make another id, and send the text again.")]
    Taken,
    /// A text or body over the limit, in bytes.
    #[error(
        "That is too large: a note holds {0} bytes of text. Split it, and send the parts as several notes."
    )]
    TooLarge(usize),
    /// A title over the limit.
    #[error(
        "A title has at most {} characters. Shorten it, and send the note again: none was made.",
        realtime::MAX_TITLE_CHARS
    )]
    LongTitle,
    /// A body of a kind that is not read here.
    #[error("This kind of body is not read here. Send {0}.")]
    MediaType(&'static str),
    /// More than the rates allow.
    #[error("Too much was made from here. Wait a minute and try again.")]
    TooMany,
    /// Database or object out; the cause is for the log.
    #[error(
        "Tandem's storage does not answer just now. What was stored is safe; try again in a few seconds."
    )]
    Unavailable(String),
    /// A mistake of ours; the cause is for the log.
    #[error("Something went wrong on our side. What was stored is safe; try again.")]
    Broken(String),
}

impl Problem {
    /// The problem behind what an action of a page answered: a kind, a bar, and a
    /// sentence. The status is the one that came with the sentence; Leptos puts another
    /// one over what is no refusal of ours.
    #[must_use]
    pub fn of_action(status: StatusCode, answer: &str) -> Self {
        match answer.split_once('|') {
            Some(("Args" | "MissingArg" | "Deserialization", why)) => Self::Malformed(format!(
                "What was sent could not be read: {why}. Nothing was done."
            )),
            Some(("ServerError", _)) if status == StatusCode::NOT_FOUND => Self::NotFound,
            Some(("ServerError", sentence))
                if status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE =>
            {
                Self::Refused(status, sentence.to_owned())
            }
            _ => Self::Broken(answer.to_owned()),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) | Self::Cookies => StatusCode::BAD_REQUEST,
            Self::NotTheAdmin | Self::WhoAsks | Self::SignedOut | Self::UnknownToken => {
                StatusCode::UNAUTHORIZED
            }
            Self::ForeignOrigin | Self::NotAllowed | Self::Nobodys | Self::SignIn(_) => {
                StatusCode::FORBIDDEN
            }
            Self::Refused(status, _) => *status,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict | Self::Owned => StatusCode::CONFLICT,
            Self::VersionNeeded => StatusCode::PRECONDITION_REQUIRED,
            Self::UnknownVersion | Self::Taken => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge(_) | Self::LongTitle => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) | Self::NotSetUp(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The close code for a socket that asked for events: the status with a 4 for
    /// what no other try will change, and 45xx for what one may.
    #[must_use]
    pub fn close_code(&self) -> u16 {
        match self {
            Self::TooMany => 4529,
            Self::Broken(_) => 4500,
            Self::Unavailable(_) | Self::NotSetUp(_) => 4503,
            _ => 4000_u16.saturating_add(self.status().as_u16()),
        }
    }

    /// A few words for a heading.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "That could not be read",
            Self::ForeignOrigin => "Not from here",
            Self::NotTheAdmin => "Not the admin",
            Self::WhoAsks => "Who asks?",
            Self::UnknownToken => "An unknown token",
            Self::SignedOut => "Not signed in",
            Self::SignIn(_) => "That did not work",
            Self::Refused(..) => "That was not done",
            Self::NotAllowed => "Not allowed",
            Self::Nobodys => "Nobody could open it",
            Self::Cookies => "Open it in a browser",
            Self::NotSetUp(_) => "Not set up yet",
            Self::NotFound => "Nothing here",
            Self::Method(_) => "Not this way",
            Self::Owned => "It has an owner",
            Self::Conflict => "Something came between",
            Self::VersionNeeded => "Which version?",
            Self::UnknownVersion => "An unknown version",
            Self::Taken => "Taken",
            Self::TooLarge(_) | Self::LongTitle => "Too large",
            Self::MediaType(_) => "Wrong kind of body",
            Self::TooMany => "Too many at once",
            Self::Unavailable(_) => "Not available just now",
            Self::Broken(_) => "Something went wrong",
        }
    }

    /// What the log should know and nobody else.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Unavailable(cause) | Self::Broken(cause) => Some(cause),
            _ => None,
        }
    }

    /// Headers that belong to the status.
    pub fn add_headers(&self, headers: &mut HeaderMap) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            Self::Method(allow) => {
                headers.insert(ALLOW, HeaderValue::from_static(allow));
            }
            Self::NotTheAdmin | Self::WhoAsks | Self::SignedOut => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::UnknownToken => {
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
            Self::TooMany | Self::Refused(StatusCode::TOO_MANY_REQUESTS, _) => {
                headers.insert(RETRY_AFTER, RATE_PERIOD_SECONDS.into());
            }
            Self::Unavailable(_)
            | Self::NotSetUp(_)
            | Self::Refused(StatusCode::SERVICE_UNAVAILABLE, _) => {
                headers.insert(RETRY_AFTER, RETRY_AFTER_SECONDS.into());
            }
            _ => {}
        }
    }

    /// The answer to a caller that is no browser: RFC 9457.
    #[must_use]
    pub fn to_json(&self) -> Response<String> {
        let body = serde_json::json!({
            "type": "about:blank",
            "title": self.title(),
            "status": self.status().as_u16(),
            "detail": self.to_string(),
        });
        let mut response = Response::new(body.to_string());
        *response.status_mut() = self.status();
        self.add_headers(response.headers_mut());
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            StoreError::Unavailable(cause) => Self::Unavailable(cause),
            error @ StoreError::BadRow(_) => Self::Broken(error.to_string()),
        }
    }
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Malformed(_) => Self::Malformed(error.to_string()),
            PasskeyError::Runtime(cause) => Self::Broken(cause.to_string()),
            refused => Self::SignIn(refused.to_string()),
        }
    }
}

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Self {
        match error {
            OidcError::Runtime(cause) => Self::Broken(cause.to_string()),
            refused => Self::SignIn(refused.to_string()),
        }
    }
}

impl From<CryptoError> for Problem {
    fn from(error: CryptoError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Malformed => Self::Malformed(refusal.to_string()),
            Refusal::NotAllowed | Refusal::Muted | Refusal::Removed => Self::NotAllowed,
            Refusal::NotFound => Self::NotFound,
            Refusal::TooLarge | Refusal::Full => Self::TooLarge(note::MAX_TEXT_BYTES),
            Refusal::UnknownVersion => Self::UnknownVersion,
            Refusal::OutOfStep | Refusal::IdInUse => Self::Conflict,
            Refusal::TooFast | Refusal::SlowMode => Self::TooMany,
            Refusal::Crowded | Refusal::Storage | Refusal::TooSlow => {
                Self::Unavailable(refusal.code().to_owned())
            }
        }
    }
}

/// Whether a caller would rather see a page than a problem as JSON.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(http::header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Problem> {
        vec![
            Problem::Malformed("Say more.".to_owned()),
            Problem::ForeignOrigin,
            Problem::NotTheAdmin,
            Problem::WhoAsks,
            Problem::UnknownToken,
            Problem::Owned,
            Problem::SignedOut,
            Problem::SignIn("Try again.".to_owned()),
            Problem::Refused(StatusCode::CONFLICT, "That is not it.".to_owned()),
            Problem::NotAllowed,
            Problem::Nobodys,
            Problem::NotFound,
            Problem::Cookies,
            Problem::NotSetUp(BadSecret::Missing),
            Problem::Method("GET"),
            Problem::Conflict,
            Problem::TooLarge(9),
            Problem::LongTitle,
            Problem::MediaType("text/markdown"),
            Problem::TooMany,
            Problem::Unavailable("a cause".to_owned()),
            Problem::Broken("a cause".to_owned()),
        ]
    }

    #[test]
    fn a_problem_is_json_with_a_sentence_and_without_its_cause() {
        for problem in all() {
            let response = problem.to_json();
            assert_eq!(response.status(), problem.status());
            assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
            let body: serde_json::Value = serde_json::from_str(response.body()).unwrap();
            assert_eq!(body["status"], problem.status().as_u16());
            assert!(body["detail"].as_str().unwrap().ends_with('.'), "{body}");
            assert!(!response.body().contains("a cause"));
        }
    }

    #[test]
    fn a_close_code_says_whether_another_try_makes_sense() {
        for problem in all() {
            let again = problem.status().is_server_error() || problem == Problem::TooMany;
            assert_eq!(
                realtime::worth_another_try(problem.close_code()),
                again,
                "{problem:?}"
            );
        }
        assert_eq!(Problem::NotFound.close_code(), 4404);
        assert_eq!(Problem::ForeignOrigin.close_code(), 4403);
    }

    #[test]
    fn who_should_wait_is_told_how_long() {
        for problem in all() {
            let waits = matches!(
                problem,
                Problem::TooMany | Problem::Unavailable(_) | Problem::NotSetUp(_)
            );
            assert_eq!(problem.to_json().headers().contains_key(RETRY_AFTER), waits);
        }
        for status in [
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::SERVICE_UNAVAILABLE,
        ] {
            let refused = Problem::Refused(status, "Wait.".to_owned());
            assert!(refused.to_json().headers().contains_key(RETRY_AFTER));
        }
        assert_eq!(
            Problem::Method("GET, HEAD").to_json().headers()[ALLOW],
            "GET, HEAD"
        );
    }

    #[test]
    fn what_an_action_refused_keeps_its_status_and_its_sentence() {
        for status in [
            StatusCode::BAD_REQUEST,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::SERVICE_UNAVAILABLE,
        ] {
            let problem = Problem::of_action(status, "ServerError|This note | is full.");
            assert_eq!(problem.status(), status);
            assert_eq!(problem.to_string(), "This note | is full.");
        }
        let none = Problem::of_action(StatusCode::NOT_FOUND, "ServerError|Nothing.");
        assert_eq!(
            none,
            Problem::NotFound,
            "one sentence for all that is not there"
        );
    }

    #[test]
    fn what_an_action_cannot_read_is_malformed_whatever_leptos_makes_of_it() {
        for answer in [
            "Args|missing field `note`",
            "MissingArg|note",
            "Deserialization|x",
        ] {
            for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::FOUND] {
                let problem = Problem::of_action(status, answer);
                assert_eq!(problem.status(), StatusCode::BAD_REQUEST);
            }
        }
        for (status, answer) in [
            (StatusCode::INTERNAL_SERVER_ERROR, "ServerError|not set up"),
            (StatusCode::FOUND, "ServerError|not set up"),
            (StatusCode::BAD_REQUEST, "Response|x"),
            (StatusCode::BAD_REQUEST, ""),
        ] {
            let problem = Problem::of_action(status, answer);
            assert_eq!(problem, Problem::Broken(answer.to_owned()));
        }
    }

    #[test]
    fn who_is_nobody_is_told_how_to_be_somebody() {
        for problem in all() {
            let challenged = problem.to_json().headers().contains_key(WWW_AUTHENTICATE);
            assert_eq!(challenged, problem.status() == StatusCode::UNAUTHORIZED);
        }
    }

    #[test]
    fn browsers_get_a_page() {
        let accept = |value: &str| {
            [(http::header::ACCEPT, value.parse().unwrap())]
                .into_iter()
                .collect()
        };
        assert!(wants_html(&accept(
            "text/html,application/xhtml+xml,*/*;q=0.8"
        )));
        assert!(!wants_html(&accept("*/*")) && !wants_html(&accept("application/json")));
        assert!(!wants_html(&HeaderMap::new()));
    }
}
