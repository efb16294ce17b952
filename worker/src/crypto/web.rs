//! The port over `WebCrypto`. Keys go in as JSON Web Keys: that is one form for
//! both kinds, and the runtime checks that a point is on its curve.

use worker::js_sys::{Array, ArrayBuffer, JSON, Object, Promise, Uint8Array};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{self, JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;

use super::{Algorithm, Crypto, CryptoError, PublicKey, SHA256_BYTES, base64url};

#[wasm_bindgen]
extern "C" {
    type Subtle;

    #[wasm_bindgen(thread_local_v2, js_namespace = crypto, js_name = subtle)]
    static SUBTLE: Subtle;

    #[wasm_bindgen(method, js_name = importKey)]
    fn import_key(
        this: &Subtle,
        format: &str,
        data: &JsValue,
        algorithm: &JsValue,
        extractable: bool,
        usages: &Array,
    ) -> Promise;

    #[wasm_bindgen(method)]
    fn verify(
        this: &Subtle,
        algorithm: &JsValue,
        key: &JsValue,
        signature: &Uint8Array,
        data: &Uint8Array,
    ) -> Promise;

    #[wasm_bindgen(method, js_name = deriveBits)]
    fn derive_bits(this: &Subtle, algorithm: &JsValue, key: &JsValue, length: u32) -> Promise;
}

/// What both algorithms are called here, with all that either wants to know.
const ES256: &str = r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#;
const RS256: &str = r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#;

/// Cryptography of the runtime.
pub(crate) struct WebCrypto;

impl Crypto for WebCrypto {
    async fn accepts(&self, key: &PublicKey) -> Result<bool, CryptoError> {
        Ok(import(key).await?.is_some())
    }

    async fn verifies(
        &self,
        key: &PublicKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, CryptoError> {
        let Some(imported) = import(key).await? else {
            return Ok(false);
        };
        let algorithm = algorithm_of(key)?;
        let (signature, message) = (Uint8Array::from(signature), Uint8Array::from(message));
        let promise =
            SUBTLE.with(|subtle| subtle.verify(&algorithm, &imported, &signature, &message));
        let answer = JsFuture::from(promise).await.map_err(failed)?;
        // Anything but a plain yes is a no.
        Ok(answer.as_bool() == Some(true))
    }

    async fn pbkdf2(
        &self,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
    ) -> Result<[u8; SHA256_BYTES], CryptoError> {
        let password = Uint8Array::from(password);
        let usages = Array::of1(&"deriveBits".into());
        let name = JsValue::from_str("PBKDF2");
        let promise = SUBTLE
            .with(|subtle| subtle.import_key("raw", password.as_ref(), &name, false, &usages));
        let key = JsFuture::from(promise).await.map_err(failed)?;
        let how = format!(r#"{{"name":"PBKDF2","hash":"SHA-256","iterations":{iterations}}}"#);
        let how = JSON::parse(&how).map_err(failed)?;
        let how: Object = how.dyn_into().map_err(failed)?;
        let salt = Uint8Array::from(salt);
        worker::js_sys::Reflect::set(&how, &"salt".into(), &salt).map_err(failed)?;
        let promise = SUBTLE.with(|subtle| subtle.derive_bits(how.as_ref(), &key, 256));
        let bits = JsFuture::from(promise).await.map_err(failed)?;
        let bits: ArrayBuffer = bits.dyn_into().map_err(failed)?;
        let bits = Uint8Array::new(&bits).to_vec();
        <[u8; SHA256_BYTES]>::try_from(bits)
            .map_err(|bits| CryptoError(format!("{} bytes of PBKDF2", bits.len())))
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], CryptoError> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|error| CryptoError(error.to_string()))?;
        Ok(bytes)
    }
}

/// The runtime's form of a key; `None` when it says that this is none.
async fn import(key: &PublicKey) -> Result<Option<JsValue>, CryptoError> {
    let (first, second) = key.numbers();
    let (first, second) = (base64url::encode(first), base64url::encode(second));
    let jwk = match key.algorithm() {
        Algorithm::Es256 => format!(r#"{{"kty":"EC","crv":"P-256","x":"{first}","y":"{second}"}}"#),
        Algorithm::Rs256 => format!(r#"{{"kty":"RSA","n":"{first}","e":"{second}"}}"#),
    };
    let jwk = JSON::parse(&jwk).map_err(failed)?;
    let algorithm = algorithm_of(key)?;
    let usages = Array::of1(&"verify".into());
    let promise = SUBTLE.with(|subtle| subtle.import_key("jwk", &jwk, &algorithm, false, &usages));
    Ok(JsFuture::from(promise).await.ok())
}

fn algorithm_of(key: &PublicKey) -> Result<JsValue, CryptoError> {
    let words = match key.algorithm() {
        Algorithm::Es256 => ES256,
        Algorithm::Rs256 => RS256,
    };
    JSON::parse(words).map_err(failed)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn failed(error: JsValue) -> CryptoError {
    CryptoError(format!("{error:?}"))
}
