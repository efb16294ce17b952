//! Requests to the provider of accounts. What comes back is bounded before it is
//! read; nothing is followed to where it was not sent.

use axum::body::{Body, to_bytes};
use worker::{Fetch, Headers, Method, Request, RequestInit, RequestRedirect};

use crate::oidc::{Client, KeySet, MOST_ANSWER_BYTES, OidcError, Provider, TokenRequest, Tokens};

/// What the provider says of itself.
pub(super) async fn description(client: &Client) -> Result<Provider, OidcError> {
    let address = Provider::address(client)
        .ok_or(OidcError::Answer("its address has to begin with https://"))?;
    Provider::read(&get(&address, None).await?, client)
}

/// The keys it signs with.
pub(super) async fn keys(provider: &Provider) -> Result<KeySet, OidcError> {
    KeySet::read(&get(&provider.keys, None).await?)
}

/// The tokens for a code.
pub(super) async fn tokens(
    provider: &Provider,
    request: &TokenRequest,
) -> Result<Tokens, OidcError> {
    let authorization = request.authorization.as_deref();
    let body = Some(request.body.as_str());
    Tokens::read(&send(&provider.token, authorization, body).await?)
}

/// What more it says of somebody, if it says anything.
pub(super) async fn person(provider: &Provider, access_token: &str) -> Option<Vec<u8>> {
    let address = provider.people.as_deref()?;
    match get(address, Some(&format!("Bearer {access_token}"))).await {
        Ok(said) => Some(said),
        Err(error) => {
            worker::console_warn!("no name from the provider: {error}");
            None
        }
    }
}

async fn get(address: &str, authorization: Option<&str>) -> Result<Vec<u8>, OidcError> {
    send(address, authorization, None).await
}

/// Sends a request: a form where there is a body.
async fn send(
    address: &str,
    authorization: Option<&str>,
    body: Option<&str>,
) -> Result<Vec<u8>, OidcError> {
    let request = request(address, authorization, body).map_err(failed)?;
    let response = Fetch::Request(request).send().await.map_err(failed)?;
    let status = response.status_code();
    if status != 200 {
        worker::console_error!("{address} answers {status}");
        return Err(OidcError::NoAnswer(format!("status {status}")));
    }
    let response: http::Response<Body> = response.into();
    // Reading ends at the bound.
    let answer = to_bytes(response.into_body(), MOST_ANSWER_BYTES).await;
    answer.map(Vec::from).map_err(|error| {
        worker::console_error!("{address}: {error}");
        OidcError::Answer("it says too much, or breaks off")
    })
}

fn request(
    address: &str,
    authorization: Option<&str>,
    body: Option<&str>,
) -> worker::Result<Request> {
    let headers = Headers::new();
    headers.set("accept", "application/json")?;
    if let Some(authorization) = authorization {
        headers.set("authorization", authorization)?;
    }
    let mut init = RequestInit::new();
    init.with_redirect(RequestRedirect::Manual);
    if let Some(body) = body {
        headers.set("content-type", "application/x-www-form-urlencoded")?;
        init.with_method(Method::Post).with_body(Some(body.into()));
    }
    init.with_headers(headers);
    Request::new_with_init(address, &init)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn failed(error: worker::Error) -> OidcError {
    worker::console_error!("the provider of accounts: {error}");
    OidcError::NoAnswer("it is not reached".to_owned())
}
