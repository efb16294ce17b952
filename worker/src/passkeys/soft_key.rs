//! An authenticator for tests, which can be made to say anything; and what is
//! believed of that.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Kept, Made, PasskeyError, Registration, RelyingParty, Shown, creation, request};
use crate::crypto::native::{Native, TestKey, ready};
use crate::crypto::{Algorithm, base64url, sha256};

const ORIGIN: &str = "https://tandem.example";
const CHALLENGE: [u8; 32] = [9; 32];
const ADA: Uuid = Uuid::from_u128(0xada);

/// What one answer says; a test changes what it is about.
struct Answer {
    key: TestKey,
    id: Vec<u8>,
    kind: &'static str,
    origin: &'static str,
    more: Value,
    rp: &'static str,
    flags: u8,
    count: u32,
    after: Vec<u8>,
    person: Option<Uuid>,
}

impl Answer {
    fn creating() -> Self {
        Self {
            key: TestKey::es256(1),
            id: vec![7; 16],
            kind: "webauthn.create",
            origin: ORIGIN,
            more: json!({}),
            rp: "tandem.example",
            flags: 0x45,
            count: 0,
            after: Vec::new(),
            person: None,
        }
    }

    fn signing() -> Self {
        Self {
            kind: "webauthn.get",
            flags: 0x05,
            person: Some(ADA),
            ..Self::creating()
        }
    }

    fn client_data(&self) -> Vec<u8> {
        let mut said = json!({
            "type": self.kind,
            "challenge": base64url::encode(&CHALLENGE),
            "origin": self.origin,
            "crossOrigin": false,
            "other_keys_can_be_added_here": "do not compare",
        });
        for (name, value) in self.more.as_object().unwrap() {
            said[name] = value.clone();
        }
        said.to_string().into_bytes()
    }

    fn authenticator_data(&self) -> Vec<u8> {
        let mut data = sha256(self.rp.as_bytes()).to_vec();
        data.push(self.flags);
        data.extend(self.count.to_be_bytes());
        if self.flags & 0x40 != 0 {
            data.extend([0; 16]);
            data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
            data.extend(&self.id);
            data.extend(cose(&self.key));
        }
        data.extend(&self.after);
        data
    }

    fn written(&self) -> Value {
        let data = self.authenticator_data();
        let client = self.client_data();
        let object = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".as_slice(),
            &head(2, data.len()),
            &data,
        ]
        .concat();
        let message = [data.as_slice(), &sha256(&client)].concat();
        let encode = |bytes: &[u8]| base64url::encode(bytes);
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(&client),
                "attestationObject": encode(&object),
                "authenticatorData": encode(&data),
                "signature": encode(&self.key.sign(&message)),
                "userHandle": self.person.map(|id| encode(id.as_bytes())),
            },
        })
    }

    fn register(&self) -> Result<Made, PasskeyError> {
        let read = Registration::read(self.written().to_string().as_bytes())?;
        assert_eq!(read.challenge(), Ok(CHALLENGE));
        ready(read.check(&Native::new(), &ours()))
    }

    fn sign_in(&self, kept: &Kept) -> Result<u32, PasskeyError> {
        let read = Shown::read(self.written().to_string().as_bytes())?;
        assert_eq!(read.challenge(), Ok(CHALLENGE));
        ready(read.check(&Native::new(), &ours(), kept))
    }
}

fn ours() -> RelyingParty<'static> {
    RelyingParty::of(ORIGIN).unwrap()
}

fn kept(key: &TestKey, sign_count: u32) -> Kept {
    Kept {
        person: ADA,
        public_key: key.public(),
        sign_count,
    }
}

/// The first bytes of a CBOR value with this length.
fn head(major: u8, length: usize) -> Vec<u8> {
    let [high, low] = u16::try_from(length).unwrap().to_be_bytes();
    vec![(major << 5) | 25, high, low]
}

fn cose(key: &TestKey) -> Vec<u8> {
    let public = key.public();
    let (first, second) = public.numbers();
    let part = |label: u8, bytes: &[u8]| [&[label][..], &head(2, bytes.len()), bytes].concat();
    match public.algorithm() {
        Algorithm::Es256 => [
            &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01][..],
            &part(0x21, first),
            &part(0x22, second),
        ]
        .concat(),
        Algorithm::Rs256 => [
            &[0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00][..],
            &part(0x20, first),
            &part(0x21, second),
        ]
        .concat(),
    }
}

#[test]
fn a_passkey_of_either_kind_is_made_and_signs() {
    for key in [TestKey::es256(1), TestKey::rs256()] {
        let creating = Answer {
            key: key.clone(),
            ..Answer::creating()
        };
        let made = creating.register().unwrap();
        assert_eq!(made.public_key, key.public());
        assert_eq!((made.id, made.sign_count), (base64url::encode(&[7; 16]), 0));
        let signing = Answer {
            key: key.clone(),
            ..Answer::signing()
        };
        assert_eq!(signing.sign_in(&kept(&key, 0)), Ok(0));
    }
}

#[test]
fn extensions_are_passed_over_and_nothing_else_may_follow() {
    let with = |flags, after: &[u8]| Answer {
        flags,
        after: after.to_vec(),
        ..Answer::creating()
    };
    assert!(with(0xc5, b"\xa1\x61a\xf5").register().is_ok());
    assert!(with(0x5d, b"").register().is_ok());
    for (flags, after) in [
        (0x45, &b"\xa0"[..]),
        (0xc5, b""),
        (0xc5, b"\x01"),
        (0xc5, b"\xa0\x00"),
        // Backed up, and yet never to be.
        (0x55, b""),
    ] {
        let refused = with(flags, after).register();
        assert!(
            matches!(refused, Err(PasskeyError::Malformed(_))),
            "{flags:x} {after:?}"
        );
    }
}

#[test]
fn an_answer_to_another_question_is_none_to_ours() {
    let wrong = |change: fn(&mut Answer)| {
        let (mut creating, mut signing) = (Answer::creating(), Answer::signing());
        change(&mut creating);
        change(&mut signing);
        for outcome in [
            creating.register().map(drop),
            signing.sign_in(&kept(&signing.key, 0)).map(drop),
        ] {
            assert!(
                matches!(outcome, Err(PasskeyError::OtherQuestion(_))),
                "{outcome:?}"
            );
        }
    };
    wrong(|answer| answer.kind = "payment.get");
    wrong(|answer| {
        answer.kind = if answer.kind == "webauthn.get" {
            "webauthn.create"
        } else {
            "webauthn.get"
        };
    });
    wrong(|answer| answer.origin = "https://tandem.example.evil.example");
    wrong(|answer| answer.origin = "http://tandem.example");
    wrong(|answer| answer.more = json!({ "crossOrigin": true }));
    wrong(|answer| answer.more = json!({ "topOrigin": "https://evil.example" }));
    wrong(|answer| answer.rp = "evil.example");
}

#[test]
fn somebody_has_to_be_there() {
    let creating = Answer {
        flags: 0x40,
        ..Answer::creating()
    };
    assert_eq!(creating.register(), Err(PasskeyError::NotPresent));
    let signing = Answer {
        flags: 0x04,
        ..Answer::signing()
    };
    let refused = signing.sign_in(&kept(&signing.key, 0));
    assert_eq!(refused, Err(PasskeyError::NotPresent));
}

#[test]
fn a_signature_is_by_the_key_that_is_kept_and_for_its_owner() {
    let signing = Answer::signing();
    let other = signing.sign_in(&kept(&TestKey::es256(2), 0));
    assert_eq!(other, Err(PasskeyError::Signature));
    let rsa = signing.sign_in(&kept(&TestKey::rs256(), 0));
    assert_eq!(rsa, Err(PasskeyError::Signature));
    for person in [None, Some(Uuid::from_u128(0xbe))] {
        let refused = Answer {
            person,
            ..Answer::signing()
        }
        .sign_in(&kept(&signing.key, 0));
        assert!(matches!(refused, Err(PasskeyError::OtherQuestion(_))));
    }
    let read = |written: &Value| Shown::read(written.to_string().as_bytes()).unwrap();
    for part in ["signature", "authenticatorData", "clientDataJSON"] {
        let mut written = signing.written();
        let bytes = base64url::decode(written["response"][part].as_str().unwrap(), 999);
        let mut bytes = bytes.unwrap();
        match part {
            // A count and a word that are signed with the rest.
            "authenticatorData" => bytes[36] ^= 1,
            "clientDataJSON" => bytes.push(b' '),
            _ => *bytes.last_mut().unwrap() ^= 1,
        }
        written["response"][part] = base64url::encode(&bytes).into();
        let kept = kept(&signing.key, 0);
        let refused = ready(read(&written).check(&Native::new(), &ours(), &kept));
        assert_eq!(refused, Err(PasskeyError::Signature), "{part}");
    }
}

#[test]
fn a_count_only_rises_unless_there_is_none() {
    let counts = |kept_count, count| {
        let signing = Answer {
            count,
            ..Answer::signing()
        };
        signing.sign_in(&kept(&signing.key, kept_count))
    };
    assert_eq!(counts(0, 0), Ok(0));
    assert_eq!(counts(0, 9), Ok(9));
    assert_eq!(counts(9, 10), Ok(10));
    for (before, now) in [(9, 9), (9, 8), (9, 0), (u32::MAX, 1)] {
        assert_eq!(counts(before, now), Err(PasskeyError::Copied));
    }
}

#[test]
fn a_new_passkey_has_a_key_and_its_id() {
    let no_key = Answer {
        flags: 0x05,
        ..Answer::creating()
    };
    assert!(matches!(no_key.register(), Err(PasskeyError::Malformed(_))));
    let no_id = Answer {
        id: Vec::new(),
        ..Answer::creating()
    };
    assert!(matches!(no_id.register(), Err(PasskeyError::Malformed(_))));
    let long_id = Answer {
        id: vec![1; 1024],
        ..Answer::creating()
    };
    assert!(matches!(
        long_id.register(),
        Err(PasskeyError::Malformed(_))
    ));
    let mut other_id = Answer::creating().written();
    other_id["id"] = "AAAA".into();
    let read = Registration::read(other_id.to_string().as_bytes()).unwrap();
    let refused = ready(read.check(&Native::new(), &ours()));
    assert!(matches!(refused, Err(PasskeyError::Malformed(_))));
}

#[test]
fn no_cut_of_an_answer_is_an_answer() {
    let written = Answer::creating().written();
    let object = written["response"]["attestationObject"].as_str().unwrap();
    let object = base64url::decode(object, 999).unwrap();
    for length in 0..object.len() {
        let mut cut = written.clone();
        cut["response"]["attestationObject"] = base64url::encode(&object[..length]).into();
        let read = Registration::read(cut.to_string().as_bytes()).unwrap();
        assert!(
            ready(read.check(&Native::new(), &ours())).is_err(),
            "{length}"
        );
    }
}

#[test]
fn no_changed_byte_of_an_answer_panics() {
    let written = Answer::creating().written();
    let object = written["response"]["attestationObject"].as_str().unwrap();
    let object = base64url::decode(object, 999).unwrap();
    for place in 0..object.len() {
        for byte in [0x00, 0x1b, 0x5b, 0x9b, 0xbb, 0xff] {
            let mut changed = object.clone();
            changed[place] = byte;
            let mut answer = written.clone();
            answer["response"]["attestationObject"] = base64url::encode(&changed).into();
            let read = Registration::read(answer.to_string().as_bytes()).unwrap();
            drop(ready(read.check(&Native::new(), &ours())));
        }
    }
}

#[test]
fn what_is_no_answer_is_not_read() {
    for body in ["", "{}", "[]", "null", r#"{"id":"AA","response":{}}"#] {
        assert!(Registration::read(body.as_bytes()).is_err(), "{body}");
        assert!(Shown::read(body.as_bytes()).is_err(), "{body}");
    }
    let mut odd = Answer::signing().written();
    odd["response"]["clientDataJSON"] = base64url::encode(br#"{"type":"webauthn.get"}"#).into();
    assert!(Shown::read(odd.to_string().as_bytes()).is_err());
    // Two challenges in one answer: which would be meant?
    let twice = br#"{"type":"webauthn.get","challenge":"a","challenge":"b","origin":"o"}"#;
    odd["response"]["clientDataJSON"] = base64url::encode(twice).into();
    assert!(Shown::read(odd.to_string().as_bytes()).is_err());
    let short = br#"{"type":"webauthn.get","challenge":"AAAA","origin":"o"}"#;
    odd["response"]["clientDataJSON"] = base64url::encode(short).into();
    let read = Shown::read(odd.to_string().as_bytes()).unwrap();
    assert!(read.challenge().is_err());
}

#[test]
fn a_browser_is_asked_for_what_is_checked() {
    let person = realtime::Person::new(ADA, "Ada", 3);
    let asked = creation(&ours(), &CHALLENGE, &person, &["BwcH".to_owned()]);
    assert_eq!(asked["rp"]["id"], "tandem.example");
    assert_eq!(asked["challenge"], base64url::encode(&CHALLENGE));
    assert_eq!(asked["user"]["id"], base64url::encode(ADA.as_bytes()));
    assert_eq!(asked["excludeCredentials"][0]["id"], "BwcH");
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
    let algorithms = asked["pubKeyCredParams"].as_array().unwrap();
    let numbers: Vec<_> = algorithms.iter().map(|one| one["alg"].clone()).collect();
    assert_eq!(numbers, [json!(-7), json!(-257)]);
    let asked = request(&ours(), &CHALLENGE);
    assert_eq!(asked["rpId"], "tandem.example");
    assert_eq!(asked["allowCredentials"], json!([]));
}
