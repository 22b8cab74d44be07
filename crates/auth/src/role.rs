//! Roles, and what each of them allows.

use std::fmt;

use crate::Permission;

/// What somebody is to the logs. A caller may be several things at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees the events that she did herself.
    Reader,
    /// Sees everything and changes nothing.
    Auditor,
    /// Appends events of her own.
    Writer,
    /// Appends events that others did.
    Delegate,
    /// May do everything.
    Admin,
}

impl Role {
    /// Every role, from the least to the most.
    pub const ALL: [Self; 5] = [Self::Reader, Self::Auditor, Self::Writer, Self::Delegate, Self::Admin];

    /// The role's name in tokens and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Auditor => "auditor",
            Self::Writer => "writer",
            Self::Delegate => "delegate",
            Self::Admin => "admin",
        }
    }

    /// The role of that name, spelt exactly; `None` for any other word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// What the role allows.
    #[must_use]
    pub const fn allows(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Reader => &[P::KnowOneself, P::ReadOwn],
            Self::Auditor => &[P::KnowOneself, P::ReadOwn, P::ReadAll],
            Self::Writer => &[P::KnowOneself, P::AppendOwn],
            Self::Delegate => &[P::KnowOneself, P::AppendOwn, P::AppendForOthers],
            Self::Admin => &Permission::ALL,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A set of roles, without repetition, from the least to the most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each role once, from the least to the most.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// Whether any of the roles allows `permission`.
    #[must_use]
    pub fn allow(&self, permission: Permission) -> bool {
        self.iter().any(|role| role.allows().contains(&permission))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }
}

impl fmt::Display for Roles {
    /// The names with commas between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().enumerate().try_for_each(|(index, role)| {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{role}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_known_by_its_exact_name_only() {
        for role in Role::ALL {
            assert_eq!(Role::named(role.as_str()), Some(role));
        }
        assert_eq!(Role::named("Admin"), None);
        assert_eq!(Role::named(" admin"), None);
    }

    #[test]
    fn several_roles_allow_what_any_of_them_allows_and_none_allow_nothing() {
        let both: Roles = [Role::Writer, Role::Reader, Role::Writer].into_iter().collect();
        assert_eq!(both.to_string(), "reader, writer");
        assert!(both.allow(Permission::ReadOwn) && both.allow(Permission::AppendOwn));
        assert!(!both.allow(Permission::ReadAll) && !both.allow(Permission::AppendForOthers));
        assert!(Permission::ALL.into_iter().all(|permission| !Roles::default().allow(permission)));
    }

    #[test]
    fn an_auditor_appends_nothing_and_a_writer_reads_nothing() {
        let appends = [Permission::AppendOwn, Permission::AppendForOthers, Permission::Administer];
        assert!(appends.iter().all(|permission| !Role::Auditor.allows().contains(permission)));
        let reads = [Permission::ReadOwn, Permission::ReadAll];
        assert!(reads.iter().all(|permission| !Role::Delegate.allows().contains(permission)));
    }
}
