//! The port with crates, for tests; and keys that sign, which only tests have.

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use p256::ecdsa::signature::{SignatureEncoding, Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey, pkcs1v15};
use sha2::Sha256;

use super::{Algorithm, Crypto, CryptoError, PublicKey, SHA256_BYTES};

/// What a future says that never waits.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the port of tests never waits"),
    }
}

/// Cryptography by crates; its random bytes are counted, so that tests repeat.
pub(crate) struct Native {
    count: Cell<u8>,
}

impl Native {
    pub(crate) fn new() -> Self {
        Self {
            count: Cell::new(1),
        }
    }
}

impl Crypto for Native {
    async fn accepts(&self, key: &PublicKey) -> Result<bool, CryptoError> {
        Ok(match key.algorithm() {
            Algorithm::Es256 => point(key).is_some(),
            Algorithm::Rs256 => rsa(key).is_some(),
        })
    }

    async fn verifies(
        &self,
        key: &PublicKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, CryptoError> {
        Ok(match key.algorithm() {
            Algorithm::Es256 => point(key)
                .zip(Signature::from_slice(signature).ok())
                .is_some_and(|(key, signature)| key.verify(message, &signature).is_ok()),
            Algorithm::Rs256 => rsa(key)
                .zip(pkcs1v15::Signature::try_from(signature).ok())
                .is_some_and(|(key, signature)| {
                    pkcs1v15::VerifyingKey::<Sha256>::new(key)
                        .verify(message, &signature)
                        .is_ok()
                }),
        })
    }

    async fn pbkdf2(
        &self,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
    ) -> Result<[u8; SHA256_BYTES], CryptoError> {
        Ok(pbkdf2::pbkdf2_hmac_array::<Sha256, SHA256_BYTES>(
            password, salt, iterations,
        ))
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], CryptoError> {
        self.count.set(self.count.get().wrapping_add(1));
        Ok([self.count.get(); N])
    }
}

fn point(key: &PublicKey) -> Option<VerifyingKey> {
    let (x, y) = key.numbers();
    VerifyingKey::from_sec1_bytes(&[&[4], x, y].concat()).ok()
}

fn rsa(key: &PublicKey) -> Option<RsaPublicKey> {
    let (modulus, exponent) = key.numbers();
    let number = BigUint::from_bytes_be;
    RsaPublicKey::new(number(modulus), number(exponent)).ok()
}

/// A key with its private half.
#[derive(Clone)]
pub(crate) enum TestKey {
    Es256(SigningKey),
    Rs256(Box<RsaPrivateKey>),
}

impl TestKey {
    /// A key on P-256; another number, another key.
    pub(crate) fn es256(number: u8) -> Self {
        Self::Es256(SigningKey::from_slice(&[number; 32]).unwrap())
    }

    /// An RSA key of 2048 bits, made for these tests and used nowhere else.
    pub(crate) fn rs256() -> Self {
        const P: &[u8] = b"e7cc06a214212f5b5e71de9336e4cf347daa27ee2be4275b72b5a8550087460b\
            6230ba88eb9a0e5e5a77b73a3aa4d4094831af242784d2922ee7d8356128a70b75932e1d1cd8dda829c1\
            ccad838f4c51bea4e2323fd26fb0b7766e79813077924d385fd47e93fb35dd7c9f16e7de5036ef632dc1\
            5e1cb342da2d489edc89ca69";
        const Q: &[u8] = b"e6097561aa37b1c4e1a275b3b8695899a4ab438e6560eff4eef5046de06cc15b\
            6647ba916fe7d5053e1fcae572d48007c06d5372e45e4410633d0fe53bab8e5f25c27cfbcf4e72163f13\
            8fc61e2cf818e035fcd13dd3662c3d0e9626392b38dd6b542c0a3e8e6360b19bb7c86d98f34dc4f206b8\
            6f96772be01d64683a88fdfb";
        let prime = |digits| BigUint::parse_bytes(digits, 16).unwrap();
        let exponent = BigUint::from(65537_u32);
        Self::Rs256(Box::new(
            RsaPrivateKey::from_p_q(prime(P), prime(Q), exponent).unwrap(),
        ))
    }

    /// Its public half.
    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Es256(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                PublicKey::es256(point.x().unwrap(), point.y().unwrap()).unwrap()
            }
            Self::Rs256(key) => {
                PublicKey::rs256(&key.n().to_bytes_be(), &key.e().to_bytes_be()).unwrap()
            }
        }
    }

    /// A signature as JOSE has it.
    pub(crate) fn sign_raw(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: Signature = key.sign(message);
                signature.to_vec()
            }
            Self::Rs256(key) => pkcs1v15::SigningKey::<Sha256>::new(key.as_ref().clone())
                .sign(message)
                .to_vec(),
        }
    }

    /// A signature as an authenticator makes it.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Rs256(_) => self.sign_raw(message),
        }
    }
}

#[test]
fn a_signature_is_good_for_its_message_and_key_alone() {
    let native = Native::new();
    let (es, other, rs) = (TestKey::es256(1), TestKey::es256(2), TestKey::rs256());
    for key in [&es, &other, &rs] {
        assert_eq!(ready(native.accepts(&key.public())), Ok(true));
        let signature = key.sign_raw(b"message");
        let verifies = |key: &TestKey, message: &[u8], signature: &[u8]| {
            ready(native.verifies(&key.public(), message, signature)).unwrap()
        };
        assert!(verifies(key, b"message", &signature));
        assert!(!verifies(key, b"massage", &signature));
        assert!(!verifies(key, b"message", &signature[1..]));
        assert!(!verifies(key, b"message", &[]));
        for stranger in [&es, &other, &rs] {
            let is_same = stranger.public() == key.public();
            assert_eq!(verifies(stranger, b"message", &signature), is_same);
        }
    }
    let off_the_curve = PublicKey::es256(&[1; 32], &[1; 32]).unwrap();
    assert_eq!(ready(native.accepts(&off_the_curve)), Ok(false));
}
