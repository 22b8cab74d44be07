use super::{facts, parts};

facts! {
    CustomerRegistered { name: String, email: String, address: Address, newsletter: bool }
    AddressChanged { address: Address }
    NewsletterChosen { newsletter: bool }
}

parts! {
    Address { street: String, postal_code: &'static str, city: &'static str }
}

impl Address {
    /// As it stood in orders before they had a member for each part.
    pub(crate) fn on_one_line(&self) -> String {
        format!("{}, {} {}", self.street, self.postal_code, self.city)
    }
}
