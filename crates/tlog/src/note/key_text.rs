//! The text form that verifier keys and signing keys share: `name+id+base64(type ‖ key)`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroizing;

use super::signature::{KeyId, SignatureType};
use crate::KeyName;

/// The parts of a key's text. The key may be a secret, so it is wiped when dropped.
pub(super) struct KeyText {
    pub(super) name: KeyName,
    pub(super) id: KeyId,
    pub(super) key: Zeroizing<[u8; 32]>,
}

impl KeyText {
    /// Reads the text of a key of one type; says what is wrong without repeating the text.
    pub(super) fn parse(text: &str, signature_type: SignatureType) -> Result<Self, &'static str> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("it does not consist of a name, an id and a key with + between them");
        };
        let name = name.parse().map_err(|_| "its name is empty or holds a space")?;
        let id = parse_id(id).ok_or("its id does not consist of eight hex digits")?;
        let typed = BASE64.decode(key).map(Zeroizing::new).map_err(|_| "its key is not base64")?;
        let (found_type, key) = typed.split_first().ok_or("its key is empty")?;
        if *found_type != signature_type as u8 {
            return Err("its key is of another type");
        }
        let key = key.try_into().map_err(|_| "its key does not have 32 bytes")?;
        Ok(Self { name, id, key: Zeroizing::new(key) })
    }

    /// The text that [`Self::parse`] reads.
    pub(super) fn format(&self, signature_type: SignatureType) -> Zeroizing<String> {
        let mut typed = Zeroizing::new([signature_type as u8; 33]);
        typed.iter_mut().skip(1).zip(self.key.iter()).for_each(|(to, from)| *to = *from);
        let key = Zeroizing::new(BASE64.encode(typed.as_slice()));
        Zeroizing::new([self.name.as_str(), &self.id.to_string(), &key].join("+"))
    }
}

fn parse_id(id: &str) -> Option<KeyId> {
    let is_hex = id.len() == 8 && id.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = is_hex.then(|| u32::from_str_radix(id, 16).ok()).flatten()?;
    Some(KeyId(number.to_be_bytes()))
}
